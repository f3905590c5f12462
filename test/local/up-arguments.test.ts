import { describe, expect, test } from "vitest";
import { parseDuration } from "../../monitor/local/duration.ts";
import { LOCAL_REGIONS_MAX, localTimeoutMs, localTopology } from "../../monitor/local/topology.ts";
import { parseUp } from "../../monitor/local/up-arguments.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";

describe("the arguments of `monitor up`", () => {
  test("without any there are two regions under failover on port 8787", () => {
    expect(parseUp([])).toEqual({
      ok: true,
      value: {
        plan: {
          policy: "failover",
          router: "off",
          regions: 2,
          port: 8787,
          intervalSeconds: 2,
          alertUrl: null,
          privateVantage: null,
          bundleDir: null,
        },
        forMs: null,
      },
    });
  });

  test("all of them are taken", () => {
    const argv =
      "--policy latency --router proxy --regions 6 --port 0 --for 2m --interval 0.5 --bundle /b --alert-url http://127.0.0.1:8799/ --private office".split(
        " ",
      );
    expect(parseUp(argv)).toEqual({
      ok: true,
      value: {
        plan: {
          policy: "latency",
          router: "proxy",
          regions: 6,
          port: 0,
          intervalSeconds: 0.5,
          alertUrl: "http://127.0.0.1:8799/",
          privateVantage: "office",
          bundleDir: "/b",
        },
        forMs: 120_000,
      },
    });
  });

  test("help is asked for by --help and -h", () => {
    expect([parseUp(["--help"]), parseUp(["-h"])]).toEqual([
      { ok: true, value: null },
      { ok: true, value: null },
    ]);
  });

  test.each([
    { argv: "--policy weighted", says: '--policy: expected failover or latency, found "weighted"' },
    { argv: "--regions 7 --policy latency", says: '--regions: expected a number from 1 to 6, found "7"' },
    { argv: "--regions 0 --policy latency", says: '--regions: expected a number from 1 to 6, found "0"' },
    { argv: "--regions two --policy latency", says: '--regions: expected a number from 1 to 6, found "two"' },
    {
      argv: "--private weur",
      says: '--private: expected small letters, digits and hyphens, and no vantage that is there already, found "weur"',
    },
    {
      argv: "--private Office",
      says: '--private: expected small letters, digits and hyphens, and no vantage that is there already, found "Office"',
    },
    { argv: "--regions 1", says: "--regions: failover needs at least 2" },
    { argv: "--port 65536", says: '--port: expected a number from 0 to 65535, found "65536"' },
    { argv: "--port 80.5", says: '--port: expected a number from 0 to 65535, found "80.5"' },
    { argv: "--interval 0.1", says: '--interval: expected a number from 0.2 to 60, found "0.1"' },
    { argv: "--interval 0.20001", says: '--interval: expected a number from 0.2 to 60, found "0.20001"' },
    { argv: "--for soon", says: '--for: expected a time such as 500ms, 60s or 2m, at most 1 d, found "soon"' },
  ])("$argv is refused", ({ argv, says }) => {
    const parsed = parseUp(argv.split(" "));
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.message)).toEqual([says]);
  });

  test("everything that is wrong is told at once", () => {
    const parsed = parseUp("--policy x --regions 9 --for -1s --port -1".split(" "));
    expect(parsed.ok).toBe(false);
    const several = parseUp("--policy=x --regions=9 --for=0s --port=x".split(" "));
    expect(several.ok ? 0 : several.problems.length).toBe(4);
  });

  test.each(["--nonsense", "--port", "extra"])("%s is refused", (argv) => {
    expect(parseUp([argv]).ok).toBe(false);
  });
});

describe("a duration", () => {
  test.each([
    ["500ms", 500],
    ["60s", 60_000],
    ["2m", 120_000],
    ["24h", 86_400_000],
  ])("%s is %i ms", (text, ms) => {
    expect(parseDuration(text)).toEqual({ ok: true, value: ms });
  });

  test.each(["", "60", "s", "-1s", "1.5s", "0s", "25h", "1 s", "1d", "99999999999s"])("%j is refused", (text) => {
    expect(parseDuration(text).ok).toBe(false);
  });
});

describe("the local topology", () => {
  const ports = { gatePort: 4000, dnsPort: 5353, dohPort: 5354 };
  const counts = Array.from({ length: LOCAL_REGIONS_MAX }, (_, index) => index + 1);

  test.each(
    counts.flatMap((regions) =>
      (["failover", "latency"] as const).flatMap((policy) =>
        [0.2, 1, 2, 60].map((intervalSeconds) => ({ regions, policy, intervalSeconds })),
      ),
    ),
  )(
    "of $regions regions under $policy every $intervalSeconds s is a valid file, if there are enough of them",
    (plan) => {
      const parsed = parseTopology(localTopology({ ...plan, ...ports }));
      expect(parsed.ok).toBe(plan.policy === "latency" || plan.regions >= 2);
    },
  );

  test("has the times that people get at 2 s, and addresses by region", () => {
    const parsed = parseTopology(localTopology({ regions: 2, policy: "failover", intervalSeconds: 2, ...ports }));
    if (!parsed.ok) throw new Error("it is valid");
    const { dns, probe, regions, local } = parsed.value;
    expect(local).toBe(true);
    expect(dns).toMatchObject({
      policy: { routing: "failover", primary: "aws-us-east-1", secondary: "gcp-europe-west1", ttlSeconds: 2 },
      healthCheck: { path: "/healthz", intervalSeconds: 2, failureThreshold: 3 },
      timing: { propagationSeconds: 3, slackSeconds: 1 },
      nameServers: ["127.0.0.1:5353"],
      resolvers: ["http://127.0.0.1:5354/dns-query"],
    });
    expect(probe).toMatchObject({ intervalSeconds: 2, timeoutMs: 800 });
    expect(regions.map((region) => [region.id, region.endpoint.url, region.endpoint.addresses])).toEqual([
      ["aws-us-east-1", "http://127.0.10.1:4000", ["127.0.10.1"]],
      ["gcp-europe-west1", "http://127.0.10.2:4000", ["127.0.10.2"]],
    ]);
    expect(localTimeoutMs(2)).toBe(800);
  });

  test("ranks every region for every vantage, which have different favourites", () => {
    const parsed = parseTopology(localTopology({ regions: 6, policy: "latency", intervalSeconds: 2, ...ports }));
    if (!parsed.ok) throw new Error("it is valid");
    const { probe, regions } = parsed.value;
    const all = regions.map((region) => region.awsRegion ?? "").toSorted();
    for (const vantage of probe.vantages) expect(vantage.latencyOrder.toSorted()).toEqual(all);
    expect(new Set(probe.vantages.map((vantage) => vantage.latencyOrder[0])).size).toBeGreaterThan(2);
    expect(new Set(probe.vantages.map((vantage) => vantage.clientSubnet)).size).toBe(probe.vantages.length);
  });
});
