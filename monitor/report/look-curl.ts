// The `curl` line that repeats a look, at the very address that was looked at, and texts without the secrets in them: they end
// up in tickets and chats.

export interface CurlWish {
  readonly method: "GET" | "HEAD";
  readonly url: string;
  /** As the connection needs them; `port` is a number always. */
  readonly host: string;
  readonly port: number;
  /** Where the connection went; null: nowhere, then curl asks DNS itself. */
  readonly address: string | null;
  /** By name, in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly http: "1.1" | "2";
  readonly timeoutMs: number;
  readonly redirects: "show" | "follow";
  readonly redirectsMax: number;
  readonly cacert: string | null;
}

const WIDTH_MAX = 98;
/** When each phase was over, in seconds since the start: dns, connect, tls, ttfb, transfer. */
const TIMES = "%{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total}";

/** Values of these may be shown; every other header may carry a secret. */
const OPEN_HEADERS = new Set([
  "accept",
  "accept-encoding",
  "accept-language",
  "cache-control",
  "host",
  "if-modified-since",
  "origin",
  "pragma",
  "range",
  "user-agent",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);
const SECRET_PARAMETER = /([?&#][^=&#]*(?:token|key|secret|sig|pass|auth|code|credential|session)[^=&#]*=)[^&#]*/gi;
const USER_INFO = /^([a-z][a-z0-9+.-]*:)?\/\/[^/?#@]*@/i;

/** Without user, password, and the values of parameters whose names sound like secrets. */
export function shownUrl(url: string): string {
  return url.replace(USER_INFO, "$1//").replace(SECRET_PARAMETER, "$1…");
}

export function shownHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, OPEN_HEADERS.has(name) ? value : "…"]),
  );
}

/** Lines for a POSIX shell; a secret header comes from a variable of the reader's. */
export function curlLines(wish: CurlWish): readonly string[] {
  const address = wish.address === null || wish.address === wish.host ? null : bracketed(wish.address);
  const words = [
    "curl -sS -o /dev/null -D -",
    ...(wish.method === "HEAD" ? ["--head"] : []),
    wish.http === "2" ? "--http2" : "--http1.1",
    `--max-time ${wish.timeoutMs / 1000}`,
    ...(wish.redirects === "follow" ? [`--location --max-redirs ${wish.redirectsMax}`] : []),
    ...(address === null ? [] : [`--resolve ${quoted(`${wish.host}:${wish.port}:${address}`)}`]),
    ...(wish.cacert === null ? [] : [`--cacert ${quoted(wish.cacert)}`]),
    ...Object.entries(wish.headers).map(([name, value]) => `-H ${headerWord(name, value)}`),
    quoted(wish.url),
    `-w ${quoted(`${TIMES}\\n`)}`,
  ];
  return wrapped(words);
}

function headerWord(name: string, value: string): string {
  if (OPEN_HEADERS.has(name)) return quoted(`${name}: ${value}`);
  return `"${name}: $${name.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}"`;
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}

function quoted(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A word that is longer than a line stands alone. */
function wrapped(words: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of words) {
    if (line !== "" && line.length + word.length + 3 > WIDTH_MAX) {
      lines.push(`${line} \\`);
      line = `  ${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
