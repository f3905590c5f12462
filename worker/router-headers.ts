// What a request and a reply carry on the other side of the router (RFC 9110, sections 7.6 and 7.8). What a client says of
// itself in the headers that tell an origin where a request came from is dropped: only we and Cloudflare know.

/** Of other proxies; a client can write them all. What starts with "cf-" or "x-forwarded-" goes too. */
const CLAIMED = new Set([
  "forwarded",
  "true-client-ip",
  "x-client-ip",
  "x-original-host",
  "x-real-ip",
  "x-served-region",
]);
/** Of one connection, as is the name that it was asked for; the runtime makes its own. `upgrade` stays for WebSockets, which the runtime understands. */
const HOP_BY_HOP = new Set([
  "connection",
  "host",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
]);

export interface Hop {
  /** Of ours, in `via`. */
  readonly mark: string;
  /** The client's, as Cloudflare saw it. */
  readonly address: string | undefined;
  /** As the client wrote it, with its port. */
  readonly authority: string;
  readonly scheme: string;
}

/** Names in lower case; fields of one name are one value, separated by commas (RFC 9110, section 5.3). */
export type PlainHeaders = Readonly<Record<string, string | undefined>>;

/** One walk and plain values after it: every call into `Headers` costs more than all that is done with its answer here. */
export function plainHeaders(incoming: Headers): PlainHeaders {
  // A field named "__proto__" is lost, and nobody's.
  const plain: Record<string, string> = {};
  incoming.forEach((value, name) => {
    plain[name] = value;
  });
  return plain;
}

/** What the region gets; `plain` are those of `incoming`. */
export function outgoingHeaders(plain: PlainHeaders, incoming: Headers, hop: Hop): Headers | Record<string, string> {
  const headers: Record<string, string> = {};
  let torn = false;
  const nominated = nominatedBy(plain["connection"]);
  for (const name in plain) {
    const value = plain[name];
    if (value === undefined || isDropped(name) || nominated.includes(name)) continue;
    headers[name] = value;
    torn ||= value.includes(NO_UTF8);
  }
  const { via } = plain;
  headers["via"] = via === undefined ? hop.mark : `${via}, ${hop.mark}`;
  if (hop.address !== undefined) headers["x-forwarded-for"] = hop.address;
  headers["x-forwarded-host"] = hop.authority;
  headers["x-forwarded-proto"] = hop.scheme;
  return torn ? copyWith(headers, incoming) : headers;
}

/** What a reader of UTF-8 makes of bytes that are none. */
const NO_UTF8 = "\uFFFD";
const OURS = ["via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];

/** The same fields with the bytes that they came with, which only a copy keeps. */
function copyWith(wanted: Readonly<Record<string, string>>, incoming: Headers): Headers {
  const copy = new Headers(incoming);
  incoming.forEach((_value, name) => {
    if (!Object.hasOwn(wanted, name)) copy.delete(name);
  });
  for (const name of OURS) if (wanted[name] !== undefined) copy.set(name, wanted[name]);
  return copy;
}

function isDropped(name: string): boolean {
  return name.startsWith("cf-") || name.startsWith("x-forwarded-") || CLAIMED.has(name) || HOP_BY_HOP.has(name);
}

const NONE: readonly string[] = [];

/** `connection` may name further headers that are of this connection alone. */
function nominatedBy(connection: string | undefined): readonly string[] {
  if (connection === undefined) return NONE;
  return connection.split(",").flatMap((option) => {
    const name = option.trim().toLowerCase();
    return name === "upgrade" ? [] : [name];
  });
}

/** A request that has our name in `via` came from ourselves. */
export function hasPassed({ via }: PlainHeaders, pseudonym: string): boolean {
  return via !== undefined && via.split(",").some((hop) => hop.trim().split(" ")[1]?.toLowerCase() === pseudonym);
}
