// What a round adds to the meters; and the law of every counter: it only grows, however rounds end and whenever it is read back.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DnsObservation, VantageOutcome } from "../../../monitor/model/observation.ts";
import { type Meters, NO_METERS, parseMeters } from "../../../monitor/report/meters.ts";
import { meterRound } from "../../../monitor/run/meter-round.ts";
import { runRound } from "../../../monitor/run/round.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { STATE_BYTES_MAX } from "../../../monitor/topology/state-size.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { parseTopology } from "../../../monitor/topology/parse.ts";
import { topologyText } from "../../bench/topologies.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { makeFakeWorld } from "../../support/fake-world.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";
import { makeMemoryStore } from "../../support/memory-store.ts";

const [HERE = "", THERE = ""] = [...AWS.endpoint.addresses, ...GCP.endpoint.addresses];

function metered(outcomes: readonly VantageOutcome[], before = NO_METERS, topology: Topology = EXAMPLE): Meters {
  return meterRound(topology, before, { slot: 30_000, beganAt: 30_070, at: 31_000, outcomes, state: EMPTY_STATE });
}

function reported(vantage: string, dns: readonly DnsObservation[], looks = [goodLook(AWS, vantage, 0)]) {
  return { kind: "reported" as const, report: { vantage, colo: vantage, observations: looks, dns } };
}

test("the lag is how late after its slot the round began; a clock that stepped back makes none", () => {
  expect(metered([]).lagMs).toBe(70);
  const round = { slot: 30_000, beganAt: 29_000, at: 31_000, outcomes: [], state: EMPTY_STATE };
  expect(meterRound(EXAMPLE, NO_METERS, round).lagMs).toBe(0);
});

describe("where a resolver leads counts once a round", () => {
  const failed = (cause: "timeout" | "internal"): DnsObservation => ({
    ...dnsLook("enam", "recursive", 0, []),
    reply: { kind: "failed", failure: { cause, detail: "" } },
  });
  test.each([
    { name: "to one region", dns: [dnsLook("enam", "recursive", 0, [HERE])], led: { here: 1, there: 0, nowhere: 0 } },
    {
      name: "to both, for each of them",
      dns: [dnsLook("enam", "recursive", 0, [HERE, THERE])],
      led: { here: 1, there: 1, nowhere: 0 },
    },
    {
      name: "by addresses of both types, once",
      dns: [
        dnsLook("enam", "recursive", 0, [HERE]),
        { ...dnsLook("enam", "recursive", 0, [HERE]), type: "AAAA" as const },
      ],
      led: { here: 1, there: 0, nowhere: 0 },
    },
    {
      name: "to addresses that are nobody's",
      dns: [dnsLook("enam", "recursive", 0, ["203.0.113.9"])],
      led: { here: 0, there: 0, nowhere: 1 },
    },
    { name: "nowhere, without an answer", dns: [failed("timeout")], led: { here: 0, there: 0, nowhere: 1 } },
    { name: "not at all, where our own question failed", dns: [failed("internal")], led: {} },
    {
      name: "not at all, where only name servers were asked",
      dns: [dnsLook("enam", "authoritative", 0, [HERE])],
      led: {},
    },
  ])("$name", ({ dns, led }) => {
    const { led: cells, astray } = metered([reported("enam", dns)]);
    const seen = { here: cells[AWS.id]?.["enam"], there: cells[GCP.id]?.["enam"], nowhere: astray["enam"] };
    expect(JSON.parse(JSON.stringify(seen))).toEqual(led);
  });

  test("a vantage that did not report counts nothing, and keeps what it had", () => {
    const before = metered([reported("enam", [dnsLook("enam", "recursive", 0, [HERE])])]);
    const after = metered([{ kind: "missed", vantage: "enam", detail: "late" }], before);
    expect(after).toEqual(before);
  });
});

test("regions and vantages that are gone from the topology are forgotten, and the others kept", () => {
  const dns = (vantage: string) => [dnsLook(vantage, "recursive", 0, [HERE])];
  const looks = (vantage: string) => [goodLook(AWS, vantage, 0), goodLook(GCP, vantage, 0)];
  const before = metered(["enam", "oc"].map((vantage) => reported(vantage, dns(vantage), looks(vantage))));
  const fewer = {
    ...EXAMPLE,
    regions: [AWS],
    probe: { ...EXAMPLE.probe, vantages: EXAMPLE.probe.vantages.filter(({ id }) => id !== "oc") },
  };
  const after = metered([], before, fewer);
  expect(after.looks).toEqual({ [AWS.id]: { enam: before.looks[AWS.id]?.["enam"] } });
  expect([after.led, after.astray]).toEqual([{ [AWS.id]: { enam: 1 } }, { enam: 0 }]);
});

/** Every counter by name; bucket counts summed up as they are shown. */
function counters({ looks, led, astray }: Meters): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const [region, row] of Object.entries(looks))
    for (const [vantage, { counts, sumMs }] of Object.entries(row)) {
      counts.forEach((count, index) => found.set(`look ${region} ${vantage} ${index}`, count));
      found.set(`sum ${region} ${vantage}`, sumMs);
    }
  for (const [region, row] of Object.entries(led))
    for (const [vantage, count] of Object.entries(row)) found.set(`led ${region} ${vantage}`, count);
  for (const [vantage, count] of Object.entries(astray)) found.set(`astray ${vantage}`, count);
  return found;
}

test("whatever rounds see, no counter ever falls, through a restart neither, and every look is counted once", () => {
  const look = fc.oneof(
    fc.double({ min: 0, max: 60_000, noNaN: true }).map((totalMs) => ({ ...goodLook(AWS, "enam", 0), totalMs })),
    fc.constantFrom("timeout", "http-status", "not-started").map((cause) => badLook(AWS, "enam", 0, { cause })),
  );
  const answer = fc
    .subarray([HERE, THERE, "203.0.113.9"])
    .map((addresses) => dnsLook("enam", "recursive", 0, addresses));
  const outcome = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(look, answer).map(([seen, dns]) => reported("enam", [dns], [seen])) },
    { weight: 1, arbitrary: fc.constant({ kind: "missed" as const, vantage: "enam", detail: "" }) },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(outcome, fc.boolean()), { maxLength: 40 }), (rounds) => {
      let meters = NO_METERS;
      let votes = 0;
      for (const [seen, restarts] of rounds) {
        const next = metered([seen], meters);
        const after = counters(next);
        for (const [name, count] of counters(meters)) expect(after.get(name)).toBeGreaterThanOrEqual(count);
        const counted = seen.kind === "reported" && seen.report.observations[0]?.failure?.cause !== "not-started";
        votes += counted ? 1 : 0;
        const read = parseMeters(JSON.stringify(next));
        meters = restarts && read.ok ? read.value : next;
        expect(read.ok).toBe(true);
      }
      const counts = meters.looks[AWS.id]?.["enam"]?.counts ?? [];
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(votes);
    }),
  );
});

test("a round counts only where it was stored, and once", async () => {
  const store = makeMemoryStore();
  const world = makeFakeWorld({ store });
  const ask = (): Promise<never> => Promise.reject(new Error("nobody there"));
  const first = await runRound(EXAMPLE, 0, EMPTY_STATE, ask, world);
  expect(first.metered).toMatchObject({ slot: 0, state: { rounds: 1 } });
  expect((await runRound(EXAMPLE, 0, first.state, ask, world)).metered).toBeNull();
  const full = makeFakeWorld({
    store: { ...store, commitRound: () => Promise.resolve({ kind: "failed", detail: "disk full" }) },
  });
  expect((await runRound(EXAMPLE, 30_000, first.state, ask, full)).metered).toBeNull();
});

test("the meters of the largest topology fit into a value, after a century at the shortest interval", () => {
  const parsed = parseTopology(topologyText({ regions: 40, vantages: 24 }));
  if (!parsed.ok) throw new Error("the topology is good");
  const { regions, probe } = parsed.value;
  const rounds = 3e9;
  const row = <T>(value: T) => Object.fromEntries(probe.vantages.map(({ id }) => [id, value]));
  const cells = <T>(value: T) => Object.fromEntries(regions.map(({ id }) => [id, row(value)]));
  const time = { tookMs: 3_600_000.1, changedBy: 1e13 };
  const heaviest: Meters = {
    version: 1,
    lagMs: 30_000.1,
    looks: cells({ counts: Array.from({ length: 17 }, () => rounds), sumMs: rounds * 60_000.1 }),
    led: cells(rounds),
    astray: row(rounds),
    failovers: Object.fromEntries(
      regions.map(({ id }) => [id, { detection: time, failover: time, recovery: time, failback: time }]),
    ),
  };
  expect(parseMeters(JSON.stringify(heaviest)).ok).toBe(true);
  expect(JSON.stringify(heaviest).length).toBeLessThan(STATE_BYTES_MAX / 4);
});
