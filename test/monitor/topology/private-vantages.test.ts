// A vantage that nobody places: how a file says so, what is wrong with it and where, and what its looks depend on.
import { describe, expect, test } from "vitest";
import { dailyCost } from "../../../monitor/topology/cost.ts";
import { looksFingerprint } from "../../../monitor/topology/fingerprint.ts";
import { stateBytes } from "../../../monitor/topology/state-size.ts";
import { privateVantages, publicVantages, type Topology } from "../../../monitor/topology/topology.ts";
import { EXAMPLE, LATENCY } from "../../support/example-topology.ts";
import { withPrivate } from "../../support/private-vantage.ts";
import { extended, problemLines, topologyOf } from "../../support/topology-text.ts";

function vantages(...lines: readonly string[]): string {
  return extended("probe:", "  vantages:", ...lines.map((line) => `    - ${line}`));
}

test("it has no hint, and may have all else", () => {
  const topology = topologyOf(
    vantages("{ id: weur, hint: weur }", "{ id: office, private: true, clientSubnet: 198.51.100.0/24 }"),
  );
  expect(privateVantages(topology)).toEqual([
    { id: "office", hint: null, private: true, clientSubnet: "198.51.100.0/24", latencyOrder: [] },
  ]);
  expect(publicVantages(topology).map(({ id }) => id)).toEqual(["weur"]);
});

describe("is refused with its place", () => {
  test.each([
    [
      "with a hint",
      ["{ id: weur, hint: weur }", "{ id: office, private: true, hint: weur }"],
      '17:42: probe.vantages[1].hint: expected no hint beside `private: true`: nobody places that vantage, found "weur"',
    ],
    [
      "neither placed nor private",
      ["{ id: weur, hint: weur }", "{ id: office, private: false }"],
      expect.stringMatching(
        /^17:7: probe\.vantages\[1\]\.hint: missing: expected a location hint .* or `private: true` where a process of yours looks/,
      ),
    ],
    [
      "alone",
      ["{ id: office, private: true }"],
      expect.stringMatching(/^1\d:\d+: probe\.vantages: expected at least one vantage with a hint/),
    ],
    [
      "with a word for yes",
      ["{ id: weur, hint: weur }", '{ id: office, private: "yes" }'],
      expect.stringMatching(/^17:30: probe\.vantages\[1\]\.private: expected true or false, found "yes"/),
    ],
    [
      "with the id of another",
      ["{ id: weur, hint: weur }", "{ id: weur, private: true }"],
      expect.stringContaining("expected a vantage id that no other vantage has"),
    ],
  ])("%s", (_name, lines, problem) => {
    expect(problemLines(vantages(...lines))).toContainEqual(problem);
  });
});

describe("the fingerprint of its looks", () => {
  const topology = withPrivate();
  const own = looksFingerprint(topology, "office");

  test("is the same under another policy, pace of the moment, and with other vantages beside it", () => {
    const others: readonly Topology[] = [
      { ...topology, dns: { ...topology.dns, policy: LATENCY } },
      { ...topology, probe: { ...topology.probe, intervalSeconds: 10, fileIntervalSeconds: 30 } },
      { ...topology, probe: { ...topology.probe, vantages: topology.probe.vantages.slice(1) } },
      { ...topology, objectives: [], router: { ...topology.router, mode: "proxy" } },
    ];
    for (const other of others) expect(looksFingerprint(other, "office")).toBe(own);
  });

  test("is another one where it would look at something else", () => {
    const [first, ...rest] = topology.regions;
    if (first === undefined) throw new Error("a region");
    const others: readonly Topology[] = [
      { ...topology, regions: [{ ...first, endpoint: { ...first.endpoint, url: "https://x.example.com" } }, ...rest] },
      { ...topology, regions: rest },
      { ...topology, dns: { ...topology.dns, nameServers: ["192.0.2.54"] } },
      { ...topology, dns: { ...topology.dns, healthCheck: { ...topology.dns.healthCheck, path: "/readyz" } } },
      { ...topology, probe: { ...topology.probe, timeoutMs: 1000 } },
      { ...topology, probe: { ...topology.probe, intervalSeconds: 10 } },
    ];
    for (const other of others) expect(looksFingerprint(other, "office")).not.toBe(own);
  });
});

test("it costs a request and a row a round, a second of waiting, and no vantage's time", () => {
  const [before, after] = [dailyCost(EXAMPLE), dailyCost(withPrivate())];
  expect(after.requests - before.requests).toBe(2880);
  expect(after.rowsWritten - before.rowsWritten).toBe(2880);
  expect(after.gigabyteSeconds - before.gigabyteSeconds).toBeCloseTo(2880 * 0.128, 6);
  expect(after.subrequests).toBe(before.subrequests);
});

test("its part of the state is counted, and where name servers are looked up for as many as it may tell of", () => {
  const lookedUp = { ...EXAMPLE, dns: { ...EXAMPLE.dns, nameServers: [] } };
  const more = (topology: Topology): number => stateBytes(withPrivate(topology)) - stateBytes(topology);
  expect(more(EXAMPLE)).toBeGreaterThan(0);
  expect(more(lookedUp) - more(EXAMPLE)).toBeGreaterThan(16 * 1000);
});
