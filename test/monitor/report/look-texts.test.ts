// The curl line of a look, the texts without secrets, and the summary of many looks.
import { describe, expect, test } from "vitest";
import { curlLines, type CurlWish, shownHeaders, shownUrl } from "../../../monitor/report/look-curl.ts";
import { summariseLooks } from "../../../monitor/report/look-summary.ts";
import { failedIn, GOOD_LOOK, withStatus } from "./look-examples.ts";

const TIMES = "-w '%{time_namelookup} %{time_connect} %{time_appconnect} %{time_starttransfer} %{time_total}\\n'";
const WISH: CurlWish = {
  method: "GET",
  url: "https://demo.example.com/",
  host: "demo.example.com",
  port: 443,
  address: null,
  headers: {},
  http: "1.1",
  timeoutMs: 10_000,
  redirects: "show",
  redirectsMax: 10,
  cacert: null,
};

test.each<{ name: string; wish: Partial<CurlWish>; words: string }>([
  {
    name: "a plain look",
    wish: {},
    words: "curl -sS -o /dev/null -D - --http1.1 --max-time 10 https://demo.example.com/ ",
  },
  { name: "an address", wish: { address: "192.0.2.10" }, words: "--resolve demo.example.com:443:192.0.2.10 " },
  {
    name: "an IPv6 address",
    wish: { address: "2001:db8::1" },
    words: "--resolve 'demo.example.com:443:[2001:db8::1]' ",
  },
  { name: "HEAD", wish: { method: "HEAD" }, words: " --head " },
  { name: "HTTP/2", wish: { http: "2" }, words: " --http2 " },
  { name: "redirects", wish: { redirects: "follow" }, words: " --location --max-redirs 10 " },
  { name: "a fraction of a second", wish: { timeoutMs: 1500 }, words: " --max-time 1.5 " },
  { name: "an authority", wish: { cacert: "it's.pem" }, words: ` --cacert 'it'\\''s.pem' ` },
  { name: "a header", wish: { headers: { accept: "a/b" } }, words: " -H 'accept: a/b' " },
  { name: "a secret header", wish: { headers: { "x-api-key": "s3cret" } }, words: ' -H "x-api-key: $X_API_KEY" ' },
  {
    name: "a query",
    wish: { url: "https://demo.example.com/?a=1&b=$c" },
    words: " 'https://demo.example.com/?a=1&b=$c' ",
  },
])("the curl line of a look with $name has it", ({ wish, words }) => {
  const lines = curlLines({ ...WISH, ...wish });
  const line = lines.map((one) => one.replace(/ \\$/, "").trim()).join(" ");
  expect(line).toContain(words);
  expect(line.endsWith(TIMES)).toBe(true);
  expect(line).not.toContain("s3cret");
  for (const one of lines) expect(one.length).toBeLessThanOrEqual(98);
  for (const one of lines.slice(0, -1)) expect(one).toMatch(/ \\$/);
});

test.each([
  { url: "https://a.example/?b=1", shown: "https://a.example/?b=1" },
  { url: "https://u:s3cret@a.example/", shown: "https://a.example/" },
  { url: "//u:s3cret@a.example/", shown: "//a.example/" },
  { url: "https://a.example/?x=1&access_token=s3cret&y=2#z", shown: "https://a.example/?x=1&access_token=…&y=2#z" },
  { url: "https://a.example/#id_token=s3cret", shown: "https://a.example/#id_token=…" },
  { url: "https://a.example/?X-Amz-Signature=s3cret", shown: "https://a.example/?X-Amz-Signature=…" },
])("of $url is shown $shown", ({ url, shown }) => {
  expect(shownUrl(url)).toBe(shown);
});

test("headers are shown where they cannot be secrets", () => {
  expect(shownHeaders({ accept: "a/b", authorization: "s3cret", "x-other": "s3cret" })).toEqual({
    accept: "a/b",
    authorization: "…",
    "x-other": "…",
  });
});

describe("a summary", () => {
  const timed = (totalMs: number) => ({ ...GOOD_LOOK, totalMs, phases: { connect: totalMs } });
  const refused = { ...GOOD_LOOK, ...failedIn("connect", { cause: "refused", detail: "no" }, 1) };

  test("has the nearest rank of each phase, and leaves out phases that nobody reached", () => {
    const looks = Array.from({ length: 100 }, (_, index) => timed(100 - index));
    const spread = { looks: 100, minMs: 1, p50Ms: 50, p95Ms: 95, maxMs: 100 };
    expect(summariseLooks(looks)).toMatchObject({ looks: 100, failed: 0, total: spread, phases: { connect: spread } });
    expect(Object.keys(summariseLooks(looks).phases)).toEqual(["connect"]);
  });

  test("counts failed looks as endless in the total, so that they make no percentile better", () => {
    const { total, phases, failed, failures } = summariseLooks([timed(5), timed(7), timed(9), refused]);
    expect(failed).toBe(1);
    expect(total).toEqual({ looks: 4, minMs: 5, p50Ms: 7, p95Ms: null, maxMs: null });
    expect(phases.connect).toEqual({ looks: 3, minMs: 5, p50Ms: 7, p95Ms: 9, maxMs: 9 });
    expect(failures).toEqual([{ name: "refused in connect", looks: 1 }]);
  });

  test("counts statuses, addresses and claimed regions, the most frequent first", () => {
    const bad = { ...GOOD_LOOK, ...withStatus(503), claim: null };
    const summary = summariseLooks([bad, GOOD_LOOK, GOOD_LOOK]);
    expect(summary).toMatchObject({
      failures: [{ name: "status 503", looks: 1 }],
      statuses: [
        { name: "200", looks: 2 },
        { name: "503", looks: 1 },
      ],
      remotes: [{ name: "192.0.2.10", looks: 3 }],
      regions: [{ name: "us-east-1", looks: 2 }],
    });
  });

  test("of nothing has no figures", () => {
    expect(summariseLooks([])).toMatchObject({ looks: 0, total: { looks: 0, minMs: null, p95Ms: null }, phases: {} });
  });
});
