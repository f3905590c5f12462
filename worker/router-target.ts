// From the client's URL to what may be sent to a region: the authority is compared and then forgotten, and only what follows
// it goes on. So a client can never choose a target that is not in the topology.

export interface RequestUrl {
  readonly scheme: string;
  /** As the client wrote it, with its port. */
  readonly authority: string;
  /** Path and query; it starts with "/". */
  readonly path: string;
}

/**
 * Splits like `splitRequestUrl`, and remembers the last authority that was ours: nearly all requests write the same one, and
 * comparing it letter by letter costs more than anything else that is done with a URL.
 */
export function makeUrlSplitter(host: string): (url: string) => RequestUrl | null {
  let before: { readonly origin: string; readonly split: RequestUrl } | null = null;
  return (url) => {
    if (before !== null && url.startsWith(before.origin))
      return { ...before.split, path: url.slice(before.origin.length - 1) };
    const split = splitRequestUrl(url, host);
    if (split !== null) before = { origin: `${split.scheme}://${split.authority}/`, split };
    return split;
  };
}

/** Null: another name than `host`, which is lower case and has no port. */
export function splitRequestUrl(url: string, host: string): RequestUrl | null {
  const schemeEnd = url.indexOf("://");
  if (schemeEnd < 0) return null;
  const start = schemeEnd + 3;
  const slash = url.indexOf("/", start);
  const query = url.indexOf("?", start);
  const end = slash >= 0 && (query < 0 || slash < query) ? slash : query >= 0 ? query : url.length;
  const authority = url.slice(start, end);
  if (!isHost(authority, host)) return null;
  const rest = url.slice(end);
  return { scheme: url.slice(0, schemeEnd), authority, path: rest.startsWith("/") ? rest : `/${rest}` };
}

/** Case and a final dot mean nothing in a name (RFC 9110, section 4.2.3); a port is ours already. */
function isHost(authority: string, host: string): boolean {
  if (authority === host) return true;
  const colon = authority.lastIndexOf(":");
  const name = colon < 0 || authority.endsWith("]") ? authority : authority.slice(0, colon);
  if (name === host) return true;
  return name.toLowerCase().replace(/\.$/, "") === host;
}

/** CONNECT asks for another kind of proxy, and TRACE would show a client the headers that we add. */
export function isPassable(method: string): boolean {
  return method !== "CONNECT" && method !== "TRACE" && method !== "TRACK";
}
