// What every face answers, byte for byte where that can be written down: the same in Node and in workerd.
import { expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { makeBucketReport } from "../../monitor/report/bucket-report.ts";
import { makePeriodReport } from "../../monitor/report/period-report.ts";
import { makeSelf } from "../../monitor/report/self.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { EMPTY_TALLY } from "../../monitor/report/tally.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { noRounds } from "./no-rounds.ts";
import { DAY_MS } from "../../monitor/time.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import type { Topology } from "../../monitor/topology/topology.ts";

/** Gives what a client gets, over whatever the runtime has. */
export type Ask = (path: string, init?: { readonly method: string }) => Promise<Response>;

const ALWAYS = { "strict-transport-security": "max-age=15552000", "x-content-type-options": "nosniff" };
/** Of what browsers show, so not of JSON. */
const OF_DOCUMENTS = {
  "content-security-policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-frame-options": "DENY",
};
/** What a connection adds, and not the app. */
const OF_THE_WIRE: ReadonlySet<string> = new Set([
  "date",
  "connection",
  "keep-alive",
  "transfer-encoding",
  "content-length",
]);

const HTML = "text/html; charset=UTF-8";
const JSON_TYPE = "application/json";
const MARKDOWN = "text/markdown; charset=utf-8";
/** Of what others embed and gather. */
const PUBLISHED = {
  cache: "public, max-age=15",
  more: { "access-control-allow-origin": "*" },
  tagged: true,
} as const;
/** Instead of what is true of all. */
const EMBEDDED = { ...PUBLISHED, more: { ...PUBLISHED.more, "cross-origin-resource-policy": "cross-origin" } };

const ROWS: readonly {
  readonly path: string;
  readonly method?: string;
  readonly status: number;
  readonly type: string;
  readonly cache?: string;
  readonly more?: Readonly<Record<string, string>>;
  /** With the digest of what it says as its tag. */
  readonly tagged?: true;
  readonly begins: string;
}[] = [
  { path: "/", status: 200, type: HTML, begins: "<!doctype html>" },
  { path: "/?refresh=off", status: 200, type: HTML, begins: "<!doctype html>" },
  { path: "/?refresh=1", status: 400, type: JSON_TYPE, begins: '{"error":"refresh: expected on or off"}' },
  {
    path: "/status",
    status: 200,
    type: JSON_TYPE,
    cache: "public, max-age=2",
    more: { "access-control-allow-origin": "*" },
    begins: '{"schemaVersion":1,"generatedAt":"1970-01-01T00:00:00.000Z"',
  },
  { path: "/metrics", status: 200, type: "text/plain; version=0.0.4; charset=utf-8", begins: "# HELP " },
  { path: "/healthz", status: 200, type: "application/health+json", begins: '{"status":"pass"' },
  { path: "/buckets?width=day", status: 200, type: JSON_TYPE, begins: '{"schemaVersion":1' },
  { path: "/report", status: 200, type: JSON_TYPE, more: { vary: "accept" }, begins: '{"schemaVersion":1' },
  { path: "/report?format=md", status: 200, type: MARKDOWN, more: { vary: "accept" }, begins: "# demo: 1970-01-01" },
  {
    path: "/rounds",
    status: 200,
    type: JSON_TYPE,
    begins: '{"schemaVersion":1,"service":{"name":"demo","host":"demo.example.com"}',
  },
  { path: "/reports", status: 200, type: JSON_TYPE, begins: '{"days":[{"day":"1970-01-01"' },
  {
    path: "/reports/1970-01-01.md",
    status: 200,
    type: MARKDOWN,
    cache: "public, max-age=3600",
    more: { vary: "accept" },
    begins: "# demo: 1970-01-01",
  },
  {
    path: "/api/v2/summary.json",
    status: 200,
    type: JSON_TYPE,
    ...PUBLISHED,
    begins: '{"page":{"id":"',
  },
  {
    path: "/badge/east.svg",
    status: 200,
    type: "image/svg+xml",
    ...EMBEDDED,
    begins: '<svg xmlns="http://www.w3.org/2000/svg"',
  },
  {
    path: "/badge/service.json",
    status: 200,
    type: JSON_TYPE,
    ...PUBLISHED,
    begins: '{"schemaVersion":1,"label":"demo","message":"unknown","color":"lightgrey"',
  },
  { path: "/feed.xml", status: 200, type: "application/rss+xml; charset=utf-8", ...PUBLISHED, begins: "<?xml " },
  { path: "/feed.json", status: 200, type: "application/feed+json", ...PUBLISHED, begins: '{"version":' },
  { path: "/openapi.json", status: 200, type: JSON_TYPE, begins: '{"openapi":"3.1.0"' },
  { path: "/page.css", status: 200, type: "text/css; charset=utf-8", cache: "public, max-age=3600", begins: ":root {" },
  { path: "/report?window=8d", status: 400, type: JSON_TYPE, begins: '{"error":"window: expected' },
  { path: "/rounds?from=yesterday", status: 400, type: JSON_TYPE, begins: '{"error":"from, to: expected instants' },
  { path: "/status?x=1", status: 400, type: JSON_TYPE, begins: '{"error":"query: expected none' },
  { path: "/reports/1970-13-01", status: 404, type: JSON_TYPE, begins: '{"error":"no report of' },
  { path: "/%2e%2e/etc/passwd", status: 404, type: JSON_TYPE, begins: '{"error":"nothing is at /' },
  { path: "//status", status: 404, type: JSON_TYPE, begins: '{"error":"nothing is at //status"' },
  {
    path: "/status",
    method: "DELETE",
    status: 405,
    type: JSON_TYPE,
    more: { allow: "GET, HEAD" },
    begins: '{"error":"DELETE is not for /status"}',
  },
  {
    path: "/status",
    method: "OPTIONS",
    status: 405,
    type: JSON_TYPE,
    more: { allow: "GET, HEAD" },
    begins: '{"error":"OPTIONS is not for /status"}',
  },
  {
    path: "/status",
    method: "HEAD",
    status: 200,
    type: JSON_TYPE,
    cache: "public, max-age=2",
    more: { "access-control-allow-origin": "*" },
    begins: "",
  },
];

export function facesContract(serve: (app: ReturnType<typeof makeApp>) => Ask): void {
  const ask = serve(makeApp(stillFaces(smallTopology())));
  test.each(ROWS)("$method $path answers $status with these headers and no others", async (row) => {
    const { path, method = "GET", status, type, cache = "no-store", more = {}, tagged = false, begins } = row;
    const reply = await ask(path, { method });
    const { etag, ...headers } = Object.fromEntries([...reply.headers].filter(([name]) => !OF_THE_WIRE.has(name)));
    expect(reply.status).toBe(status);
    const kind = type.endsWith("json") ? {} : OF_DOCUMENTS;
    expect(headers).toEqual({ ...ALWAYS, ...kind, ...more, "content-type": type, "cache-control": cache });
    const bytes = await reply.arrayBuffer();
    expect(etag).toBe(tagged ? `"${await hexDigestOf(bytes)}"` : undefined);
    expect(new TextDecoder().decode(bytes).slice(0, begins.length)).toBe(begins);
  });
}

async function hexDigestOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-1", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function smallTopology(): Topology {
  const parsed = parseTopology(`
service: { name: demo, host: demo.example.com, image: "demo:1" }
regions:
  - { id: east, region: us-east-1, cluster: { context: east }, endpoint: { url: "https://east.example.com", addresses: [192.0.2.10] } }
dns: { zone: example.com, policy: { routing: simple } }
`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

/** Of a monitor that has just begun. */
function stillFaces(topology: Topology): Parameters<typeof makeApp>[0] {
  const report = makePeriodReport(
    topology,
    { tally: EMPTY_TALLY, next: null, incidents: [] },
    { from: 0, to: DAY_MS },
    0,
  );
  return {
    topologyProblems: [],
    readStatus: () => Promise.resolve(makeStatus(topology, EMPTY_STATE, 0)),
    readSelf: () => Promise.resolve(makeSelf(topology, EMPTY_STATE, { storage: null, round: null }, 0, 0)),
    readRounds: () => Promise.resolve(noRounds(topology)),
    reports: {
      readRecent: () => Promise.resolve(report),
      readBuckets: (width) => Promise.resolve(makeBucketReport(topology, [], width, { from: 0, to: DAY_MS }, 0)),
      readDays: () => Promise.resolve(["1970-01-01"]),
      readDay: () => Promise.resolve(report),
    },
  };
}
