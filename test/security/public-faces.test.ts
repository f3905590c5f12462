// No secret and no origin address in any byte of a public face, whatever goes wrong. The faces come from the router itself,
// so a new one is looked at without anybody thinking of it.
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { makePage } from "../../monitor/report/page.ts";
import { plainWords } from "../../monitor/report/plain-words.ts";
import { CLAIM_BYTES_MAX, parseClaim } from "../../monitor/verify/claim.ts";
import { RICH } from "../monitor/report/rich-status.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { MARKERS, type MarkedApp, markedApps, PUBLIC_ADDRESS } from "./marked-world.ts";

const apps = await markedApps();
const [whole] = Object.values(apps);
const paths = [...new Set((whole?.routes ?? []).filter(({ method }) => method === "GET").map(({ path }) => path))];

beforeAll(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterAll(() => vi.restoreAllMocks());

const REQUESTS: readonly (readonly [query: string, init: RequestInit])[] = [
  ["", {}],
  ["", { headers: { accept: "text/html" } }],
  ["", { headers: { accept: "text/markdown" } }],
  ["", { headers: { accept: "application/json" } }],
  ["", { method: "HEAD" }],
  ["", { method: "POST", body: "{}" }],
  ["", { method: "OPTIONS", headers: { origin: "https://evil.example" } }],
  ["?format=md", {}],
  ["?unknown=1", {}],
  [`?long=${"x".repeat(5000)}`, {}],
];

/** Everything that a client gets of one answer, status line and headers included. */
async function bytesOf(app: MarkedApp, path: string, init: RequestInit): Promise<string> {
  const reply = await app.request(path, init);
  return [reply.status, JSON.stringify([...reply.headers]), await reply.text()].join("\n");
}

describe.each(Object.entries(apps))("a monitor %s", (_name, app) => {
  test.each([...paths, "/nothing"])("tells no secret at %s", async (path) => {
    for (const [query, init] of REQUESTS) {
      for (const name of ["1970-01-01", "1970-01-01.md", "x"]) {
        const bytes = await bytesOf(app, path.replace(/:[a-z]+/, name) + query, init);
        for (const marker of MARKERS) expect(bytes.toLowerCase()).not.toContain(marker);
      }
    }
  });
});

test("the faces are those of the router, and the markers were really there to be told", async () => {
  expect(paths).toEqual(
    expect.arrayContaining(["/", "/status", "/metrics", "/report", "/reports/:name", "/rounds", "/healthz"]),
  );
  const bytes = whole === undefined ? "" : await bytesOf(whole, "/status", {});
  expect(bytes).toContain("connect EODD <address>:443, host<address> and <address> of east");
  expect(bytes).toContain('Unexpected: west said \\"<url>');
  expect(bytes).toContain("no answer from ns1.example.com: internal");
  expect(bytes).toContain("no answer from doh.example.org (2): internal");
  expect(bytes).toContain("does not serve users");
  expect(bytes).toContain(PUBLIC_ADDRESS);
  const history = whole === undefined ? "" : await bytesOf(whole, "/rounds", {});
  expect(history).toContain('"reply":{"kind":"failed","cause":"internal"}');
  expect(history).not.toContain("detail");
});

test.each([
  { text: "at 10.0.0.1: refused", want: "at <address>: refused" },
  { text: "from ::1", want: "from <address>" },
  { text: "[fe80::1%eth0]:443", want: "[<address>%eth0]:443" },
  { text: "::ffff:10.0.0.1 is odd", want: "<address> is odd" },
  { text: "x10.0.0.1y", want: "x<address>y" },
  { text: "ws://a.example/secret wss://b", want: "<url> <url>" },
  { text: "USE1.demo.multicloud.example.com is gone", want: "aws-us-east-1 is gone" },
  { text: "demo.multicloud.example.com is gone", want: "demo.multicloud.example.com is gone" },
  { text: "since 2026-11-22T12:34:56.789Z, in 1.2.3 of v1", want: "since 2026-11-22T12:34:56.789Z, in 1.2.3 of v1" },
  { text: "one\ntwo 10.0.0.1", want: "one" },
])("of $text a face says $want", ({ text, want }) => {
  expect(plainWords(text, EXAMPLE)).toBe(want);
});

test.each([
  { length: CLAIM_BYTES_MAX - 1, want: CLAIM_BYTES_MAX - 1 },
  { length: CLAIM_BYTES_MAX, want: undefined },
])(
  "a claim may have $length characters for its region beside one for its host, or not: reasons quote it",
  ({ length, want }) => {
    const claim = { region: "r".repeat(length), hostname: "p", podIP: "", time: "2026-11-22T00:00:00Z" };
    expect(parseClaim(JSON.stringify(claim))?.region.length).toBe(want);
  },
);

test("a foreign text is bounded, however long it is", () => {
  expect(plainWords("a.:".repeat(1_000_000), EXAMPLE)).toHaveLength(200);
});

test("nothing that the world says becomes markup or a script on the page", () => {
  const evil = `"><script>alert(1)</script><img src=x onerror='x'>`;
  const named = { ...RICH, vantages: RICH.vantages.map((vantage) => ({ ...vantage, colo: evil })) };
  const said = { verdicts: RICH.verdicts.map((verdict) => ({ ...verdict, subject: evil, reason: evil })) };
  const dns = RICH.dns.map((row) => ({ ...row, answer: [evil], expected: [evil], reason: evil, rcode: evil }));
  const incidents = RICH.incidents.map((incident) => ({ ...incident, subject: evil, reason: evil }));
  const report = { ...named, ...said, dns, incidents, service: { name: evil, host: evil } };
  const page = makePage(report, { refresh: "on", history: null });
  expect(page.split("&lt;script&gt;").length).toBeGreaterThan(20);
  expect(page).not.toMatch(/<script|<img|<style| style=|<[a-z]+[^>]* on[a-z]+=/i);
});
