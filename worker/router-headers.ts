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
/** Of one connection; the runtime makes its own. `upgrade` stays for WebSockets, which the runtime understands. */
const HOP_BY_HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
]);

export interface Hop {
  /** Our name in `via`. */
  readonly pseudonym: string;
  /** The client's, as Cloudflare saw it; null: not known. */
  readonly address: string | null;
  /** As the client wrote it, with its port. */
  readonly authority: string;
  readonly scheme: string;
}

/** `headers` are a copy of `incoming`, and ours to change. `forEach` is the cheapest walk over headers that workerd has. */
export function cleanHeaders(headers: Headers, incoming: Headers, hop: Hop): void {
  incoming.forEach((_value, name) => {
    if (isDropped(name)) headers.delete(name);
  });
  dropNominated(headers, incoming.get("connection"));
  if (hop.address !== null) headers.set("x-forwarded-for", hop.address);
  headers.set("x-forwarded-host", hop.authority);
  headers.set("x-forwarded-proto", hop.scheme);
  headers.append("via", `1.1 ${hop.pseudonym}`);
}

function isDropped(name: string): boolean {
  return name.startsWith("cf-") || name.startsWith("x-forwarded-") || CLAIMED.has(name) || HOP_BY_HOP.has(name);
}

/** `connection` may name further headers that are of this connection alone. */
function dropNominated(headers: Headers, connection: string | null): void {
  if (connection === null) return;
  for (const option of connection.split(",")) {
    const name = option.trim().toLowerCase();
    if (/^[a-z0-9-]+$/.test(name) && name !== "upgrade") headers.delete(name);
  }
}

/** A request that has our name in `via` came from ourselves. */
export function hasPassed(incoming: Headers, pseudonym: string): boolean {
  const via = incoming.get("via");
  return via !== null && via.split(",").some((hop) => hop.trim().split(" ")[1]?.toLowerCase() === pseudonym);
}
