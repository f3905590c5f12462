// The faces of a look for people: narrow, with the phase that failed marked, its cause and what to try.
import { describe, expect, test } from "vitest";
import { hintFor } from "../../monitor/cli/probe-hints.ts";
import { addressesText, seriesLine, summaryText } from "../../monitor/cli/probe-tables.ts";
import { endText, lookText } from "../../monitor/cli/probe-text.ts";
import { FAILURE_CAUSES, PHASES } from "../../monitor/model/observation.ts";
import type { Look } from "../../monitor/report/look.ts";
import { summariseLooks } from "../../monitor/report/look-summary.ts";
import { judgeLook } from "../../monitor/report/look-verdict.ts";
import { failedIn, GOOD_LOOK, withStatus } from "../monitor/report/look-examples.ts";

const EXPIRED: Look = {
  ...GOOD_LOOK,
  tls: GOOD_LOOK.tls === null ? null : { ...GOOD_LOOK.tls, problems: ["it expired 3 d ago, on 2026-11-19"] },
  withheld: ["authorization"],
};
const SILENT: Look = {
  ...GOOD_LOOK,
  ...failedIn("ttfb", { cause: "timeout", detail: "There was no answer in time." }, 9965.7),
};

test("a look that was served", () => {
  expect(lookText(GOOD_LOOK, "off")).toMatchInlineSnapshot(`
    "GET https://demo.example.com/
    2026-11-22T03:00:00.000Z
    192.0.2.10:443  HTTP/1.1  TLSv1.3  TLS_AES_256_GCM_SHA384  ALPN http/1.1

      dns          2.1 ms  ██
      connect     10.2 ms    ██████████
      tls         22.0 ms              █████████████████████
      ttfb        30.4 ms                                   █████████████████████████████
      transfer     0.3 ms                                                               █
      total       65.0 ms

    status       200 OK, 182 bytes
                 x-region: us-east-1
                 server: envoy
    claim        region us-east-1, cluster aws-us-east-1, version 1.0.0, multicloud-demo-7d9f (10.0.0.7)
    certificate  demo.example.com: valid, 61 days left (until 2027-01-22)
                 for demo.example.com, use1.demo.example.com
                 issued by R11, Let's Encrypt
                 R11, Let's Encrypt: 12 days left (until 2026-12-04)

    Route 53     would pass it: status 200, 52 ms after connecting
    "
  `);
});

test("a look that ran into its timeout", () => {
  expect(lookText(SILENT, "off")).toMatchInlineSnapshot(`
    "GET https://demo.example.com/
    2026-11-22T03:00:00.000Z
    192.0.2.10:443  TLSv1.3  TLS_AES_256_GCM_SHA384  ALPN http/1.1

      dns          2.1 ms  █
      connect     10.2 ms  █
      tls         22.0 ms  █
      ttfb      9965.7 ms  ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ ✗
      total    10000.0 ms

    ✗ ttfb: There was no answer in time.
      try: The server has the request and does not answer: look at the service behind it.

    certificate  demo.example.com: valid, 61 days left (until 2027-01-22)
                 for demo.example.com, use1.demo.example.com
                 issued by R11, Let's Encrypt
                 R11, Let's Encrypt: 12 days left (until 2026-12-04)

    Route 53     would fail it: no end of ttfb after 9.9 s, its limit is 2 s
    "
  `);
});

test("a look with an expired certificate goes on, with the phase marked", () => {
  const text = lookText(EXPIRED, "off");
  expect(text).toMatch(/^ {2}tls {9}22\.0 ms .*█ ✗$/m);
  expect(text).toMatch(/^ {2}ttfb {8}30\.4 ms .*█$/m);
  expect(text).toContain("✗ tls: it expired 3 d ago, on 2026-11-19\n  try: Renew the certificate");
  expect(text).toContain("certificate  demo.example.com: NOT valid, 61 days left");
  expect(text).toContain("not sent     authorization: the certificate is not trusted");
});

describe("every line", () => {
  const long = "x".repeat(300);
  const wordy: Look = {
    ...EXPIRED,
    url: `https://demo.example.com/${long}`,
    reply: { version: "1.1", status: 302, headers: { location: `https://other.example/${long}` }, skewMs: -7 * 60_000 },
    search: "beyond",
    passedOver: [{ address: "2001:db8::1", detail: `no answer ${long}` }],
    addresses: Array.from({ length: 9 }, (_, index) => `2001:db8:1111:2222:3333:4444:5555:${index}`),
  };

  test("is at most 100 columns wide, and nothing is lost", () => {
    const text = lookText(wordy, "off");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(100);
    expect(text.replaceAll(/\s/g, "").split(long)).toHaveLength(4);
    expect(text).toContain("and 5 more");
    expect(text).toContain("clock        its Date is 7 m behind ours");
  });

  test("of a table is too", () => {
    const summary = summariseLooks([wordy, SILENT]);
    const text = [
      addressesText([wordy, SILENT], "off"),
      seriesLine(wordy, 1, "off"),
      seriesLine(SILENT, 1000, "off"),
      summaryText(summary, "off"),
    ];
    for (const line of text.join("").split("\n")) expect(line.length).toBeLessThanOrEqual(100);
  });

  test("obeys nothing that the server says", () => {
    const evil = "\u001B[2J\r\u0007";
    const { claim } = GOOD_LOOK;
    const look: Look = {
      ...GOOD_LOOK,
      reply: { version: "1.1", status: 200, headers: { server: evil }, skewMs: null },
      claim: claim === null ? null : { ...claim, region: evil },
    };
    const text =
      lookText(look, "off") +
      addressesText([look], "off") +
      endText({ ...judgeLook(look), reason: evil }, { curl: [evil], colours: "off" });
    expect(text).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test("has colours where they are wanted, and only there", () => {
    expect(lookText(GOOD_LOOK, "on")).toContain("\u001B[32m");
    expect(lookText(GOOD_LOOK, "off")).not.toContain("\u001B");
  });
});

test("each address has a row, and a reason where it failed", () => {
  const refused: Look = {
    ...GOOD_LOOK,
    addresses: ["192.0.2.11"],
    ...failedIn("connect", { cause: "refused", detail: "The connection was refused (ECONNREFUSED)." }, 1),
  };
  expect(addressesText([GOOD_LOOK, refused], "off")).toMatchInlineSnapshot(`
    "address         status  dns  connect  tls   ttfb  transfer  total ms  cert  region
    192.0.2.10  ok  200     2.1  10.2     22.0  30.4  0.3       65.0      61 d  us-east-1
    192.0.2.11  ✗           2.1                                 3.1

    ✗ 192.0.2.11: The connection was refused (ECONNREFUSED).
      try: The host is there and nothing listens on that port: load balancer without backends, or a
           wrong port.
    "
  `);
});

test("many looks have a spread, in which failures are endless", () => {
  expect(summaryText(summariseLooks([GOOD_LOOK, SILENT]), "off")).toMatchInlineSnapshot(`
    "ms        looks  min   p50   p95     max
    dns       2      2.1   2.1   2.1     2.1
    connect   2      10.2  10.2  10.2    10.2
    tls       2      22.0  22.0  22.0    22.0
    ttfb      1      30.4  30.4  30.4    30.4
    transfer  1      0.3   0.3   0.3     0.3
    total     2      65.0  65.0  failed  failed

    failures  1 × timeout in ttfb
    status    1 × 200
    address   2 × 192.0.2.10
    region    1 × us-east-1
    "
  `);
});

test("every cause that is somebody else's has a hint in every phase in which it happens", () => {
  const silent = FAILURE_CAUSES.filter(
    (cause) => !["internal", "wrong-region", "claim-unreadable"].includes(cause),
  ).flatMap((cause) =>
    PHASES.filter((phase) => hintFor({ verdict: "deviates", reason: "", cause, phase }, GOOD_LOOK) === null).map(
      (phase) => `${cause} in ${phase}`,
    ),
  );
  expect(silent).toEqual([]);
  for (const status of [400, 401, 404, 421, 429, 500, 503]) {
    const look = { ...GOOD_LOOK, ...withStatus(status) };
    expect(hintFor(judgeLook(look), look)).not.toBeNull();
  }
  expect(hintFor(judgeLook(GOOD_LOOK), GOOD_LOOK)).toBeNull();
});
