// What `monitor probe` understands on its command line, with every bound in one place. No message here repeats a header's
// value: it may be a secret.
import { readFileSync } from "node:fs";
import { validateHeaderName, validateHeaderValue } from "node:http";
import { isIP } from "node:net";
import { createSecureContext } from "node:tls";
import { parseArgs } from "node:util";
import { parseDuration } from "../local/duration.ts";
import type { Family } from "../node/connection.ts";
import { hostOf, type LookPlan, portOf } from "../node/waterfall.ts";
import { SEARCH_STRING_MAX } from "../report/look-route53.ts";
import { SECOND_MS } from "../time.ts";
import type { Refusal } from "./refusal.ts";

export const REDIRECTS_MAX = 10;
export const COUNT_MAX = 1000;
const TIMEOUT_MS_MIN = 10;
const TIMEOUT_MS_MAX = 120 * SECOND_MS;
const INTERVAL_MS_MAX = 600 * SECOND_MS;
const HEADERS_MAX = 50;
const RESOLVES_MAX = 50;

export const PROBE_USAGE = `monitor probe URL [OPTIONS]

One look at one URL from here: every phase, the certificates, the reply, what Route 53 would say, and the curl line that
repeats it. Works for any http or https URL.

  --resolve HOST:PORT:IP[,IP]  connect there instead of asking DNS; SNI and Host stay the host's; may be repeated
  --each-ip              look at every address of the name, one row each
  --family 4|6           IPv4 or IPv6 only
  --follow               follow redirects, at most ${REDIRECTS_MAX}; each has phases of its own
  --count N              N looks (at most ${COUNT_MAX}), a fresh connection each, then the spread of every phase
  --interval TIME        between two looks with --count (default 1s)
  --timeout TIME         for one look (default 10s, which is longer than Route 53 waits)
  --method GET|HEAD      default GET
  --header 'NAME: VALUE' may be repeated; values are not shown, and go to the URL's own origin only, under a valid certificate
  --http2                speak HTTP/2
  --search-string TEXT   as Route 53's string match: within the first 5120 bytes of the body
  --cacert FILE          trust the authorities in this PEM file, and no others
  --json                 one JSON envelope on stdout

Exit code: 0 status 2xx or 3xx under a valid certificate, 1 anything else, 2 wrong usage, 4 this machine could not look.
`;

export interface ProbeSettings {
  readonly plan: LookPlan;
  /** Addresses by "host:port", for redirects as well. */
  readonly pins: ReadonlyMap<string, readonly string[]>;
  readonly mode: "one" | "follow" | "each-ip" | { readonly count: number; readonly intervalMs: number };
  readonly cacert: string | null;
  readonly output: "json" | "text";
}

const text = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  resolve: list,
  "each-ip": flag,
  family: text,
  follow: flag,
  count: text,
  interval: text,
  timeout: text,
  method: text,
  header: list,
  http2: flag,
  "search-string": text,
  cacert: text,
  json: flag,
  help: { ...flag, short: "h" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

export function parseProbe(argv: readonly string[]): ProbeSettings | Refusal {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
    if (values.help === true) return { refusal: "help" };
    return settingsOf(parseUrl(positionals, values), values);
  } catch (thrown) {
    return { refusal: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** Everything below throws what is wrong, as `parseArgs` does. */
function refuse(message: string): never {
  throw new Error(message);
}

function settingsOf(url: URL, values: Values): ProbeSettings {
  const pins = parsePins(values.resolve ?? [], url, values.follow === true ? "any host" : "this host");
  const plan: LookPlan = {
    url,
    method: oneOf("--method", values.method, ["GET", "HEAD"] as const) ?? "GET",
    headers: parseHeaders(values.header ?? []),
    http: values.http2 === true ? "2" : "1.1",
    timeoutMs: parseTime("--timeout", values.timeout ?? "10s", TIMEOUT_MS_MIN, TIMEOUT_MS_MAX),
    addresses: pins.get(pinKey(url)) ?? null,
    family: parseFamily(values.family),
    authorities: values.cacert === undefined ? null : readAuthorities(values.cacert),
    searchString: parseSearch(values["search-string"]),
  };
  if (plan.searchString !== null && plan.method === "HEAD")
    refuse("--search-string: expected GET, found --method HEAD");
  return {
    plan,
    pins,
    mode: parseMode(values),
    cacert: values.cacert ?? null,
    output: values.json === true ? "json" : "text",
  };
}

function parseUrl([given, ...others]: readonly string[], { http2 }: Values): URL {
  if (given === undefined || others.length > 0)
    refuse(`expected one URL, found ${given === undefined ? 0 : others.length + 1}`);
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) {
    refuse(
      `expected an http or https URL, such as https://demo.example.com/healthz, found "${given.replace(/\/\/[^/]*@/, "//")}"`,
    );
  }
  const url = new URL(given);
  if (url.username !== "" || url.password !== "") {
    refuse("expected a URL without user and password: pass them with --header 'authorization: …'");
  }
  url.hash = "";
  if (http2 === true && url.protocol === "http:") refuse("--http2: expected an https URL, found an http one");
  return url;
}

export function pinKey(url: URL): string {
  return `${hostOf(url)}:${portOf(url)}`;
}

function parsePins(given: readonly string[], url: URL, reach: "this host" | "any host"): ProbeSettings["pins"] {
  if (given.length > RESOLVES_MAX) refuse(`--resolve: expected at most ${RESOLVES_MAX}, found ${given.length}`);
  const pins = new Map<string, readonly string[]>();
  for (const pin of given) {
    const match = /^([^:[\]]+|\[[^\]]+\]):(\d{1,5}):(.+)$/.exec(pin);
    const addresses = (match?.[3] ?? "").split(",").map((one) => one.replace(/^\[(.*)\]$/, "$1"));
    if (match === null || addresses.some((one) => isIP(one) === 0)) {
      refuse(`--resolve: expected HOST:PORT:IP, such as demo.example.com:443:192.0.2.10, found "${pin}"`);
    }
    const key = `${(match[1] ?? "").toLowerCase().replace(/^\[(.*)\]$/, "$1")}:${Number(match[2])}`;
    if (reach === "this host" && key !== pinKey(url)) {
      refuse(`--resolve: expected the host and port of the URL, ${pinKey(url)}, found "${key}"`);
    }
    pins.set(key, [...new Set([...(pins.get(key) ?? []), ...addresses])]);
  }
  return pins;
}

/** Would contradict the message that we write. */
const FRAMING = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

function parseHeaders(given: readonly string[]): Readonly<Record<string, string>> {
  if (given.length > HEADERS_MAX) refuse(`--header: expected at most ${HEADERS_MAX}, found ${given.length}`);
  const headers: Record<string, string> = {};
  for (const line of given) {
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (!isHeader(name, line.slice(colon + 1).trim())) {
      refuse(
        `--header: expected 'NAME: VALUE' in printable characters${/^[\w-]+$/.test(name) ? `, found a broken "${name}"` : ""}`,
      );
    }
    if (FRAMING.has(name)) refuse(`--header: expected a header that does not frame the message, found "${name}"`);
    headers[name] = line.slice(colon + 1).trim();
  }
  return headers;
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function parseMode(values: Values): ProbeSettings["mode"] {
  const asked = (["follow", "each-ip", "count"] as const).filter((name) => values[name] !== undefined);
  if (asked.length > 1)
    refuse(`expected one of --follow, --each-ip and --count, found ${asked.map((name) => `--${name}`).join(" and ")}`);
  if (values.interval !== undefined && values.count === undefined) refuse("--interval: expected --count beside it");
  if (values.count !== undefined) {
    const count = /^\d{1,5}$/.test(values.count) ? Number(values.count) : 0;
    if (count < 1 || count > COUNT_MAX)
      refuse(`--count: expected a whole number from 1 to ${COUNT_MAX}, found "${values.count}"`);
    return { count, intervalMs: parseTime("--interval", values.interval ?? "1s", 0, INTERVAL_MS_MAX) };
  }
  return values.follow === true ? "follow" : values["each-ip"] === true ? "each-ip" : "one";
}

function parseTime(option: string, given: string, least: number, most: number): number {
  const parsed = parseDuration(given);
  if (!parsed.ok) return refuse(`${option}: ${parsed.problems[0]?.message ?? ""}`);
  if (parsed.value < least || parsed.value > most)
    refuse(`${option}: expected ${least} ms to ${most / SECOND_MS} s, found "${given}"`);
  return parsed.value;
}

function oneOf<T extends string>(option: string, given: string | undefined, known: readonly T[]): T | null {
  if (given === undefined) return null;
  return known.find((one) => one === given) ?? refuse(`${option}: expected ${known.join(" or ")}, found "${given}"`);
}

function parseFamily(given: string | undefined): Family {
  const family = oneOf("--family", given, ["4", "6"] as const);
  return family === null ? 0 : family === "4" ? 4 : 6;
}

function parseSearch(given: string | undefined): string | null {
  if (given === undefined) return null;
  if (given === "" || given.length > SEARCH_STRING_MAX) {
    refuse(`--search-string: expected 1 to ${SEARCH_STRING_MAX} characters, found ${given.length}`);
  }
  return given;
}

function readAuthorities(file: string): string {
  try {
    const pem = readFileSync(file, "utf8");
    if (!pem.includes("-----BEGIN CERTIFICATE-----")) throw new Error("no certificate in it");
    createSecureContext({ ca: pem });
    return pem;
  } catch (thrown) {
    return refuse(
      `--cacert: expected a PEM file with certificates, found ${file}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    );
  }
}
