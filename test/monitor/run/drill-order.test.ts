import { describe, expect, test } from "vitest";
import type { DrillNotice } from "../../../monitor/model/planned.ts";
import {
  acceptDrill,
  DRILL_MS_MAX,
  drillInForce,
  type DrillOrder,
  QUICK_MS_MAX,
  quickCost,
  topologyDuring,
} from "../../../monitor/run/drill-order.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { EMPTY_STATE, parseState } from "../../../monitor/run/state.ts";
import { toIso } from "../../../monitor/time.ts";
import { fingerprint } from "../../../monitor/topology/fingerprint.ts";
import { paceTopology, pacesOf, unpacedTopology } from "../../../monitor/topology/pace.ts";
import { zoneByRegions } from "../../../monitor/topology/judged-zone.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

const NOW = Date.UTC(2026, 10, 28, 12);
const SLOW_CHECKS: Topology = {
  ...EXAMPLE,
  dns: { ...EXAMPLE.dns, healthCheck: { ...EXAMPLE.dns.healthCheck, intervalSeconds: 10 } },
  probe: { ...EXAMPLE.probe, intervalSeconds: 30, timeoutMs: 2500 },
};
const ORDER: DrillOrder = {
  id: "d1",
  title: "primary outage",
  regions: ["aws-us-east-1"],
  causes: ["region"],
  expiresAt: toIso(NOW + 600_000),
  probeEverySeconds: 10,
};

function started(order: DrillOrder = ORDER, latest: DrillNotice | null = null, at = NOW): DrillNotice {
  const acceptance = acceptDrill(SLOW_CHECKS, order, latest, [], at);
  if (acceptance.kind !== "started") throw new Error(JSON.stringify(acceptance));
  return acceptance.drill;
}

test("an order becomes a drill that runs, with the time that its traces need", () => {
  expect(started()).toEqual({
    id: "d1",
    title: "primary outage",
    regions: ["aws-us-east-1"],
    causes: ["region"],
    startedAt: NOW,
    expiresAt: NOW + 600_000,
    endedAt: null,
    probeEverySeconds: 10,
    // 3 × (10 s + 6 s) + 60 s propagation + 60 s TTL + 10 s slack, two rounds of 30 s and a timeout.
    settleMs: 240_500,
  });
});

test("one drill at a time: the same one is known, another one is locked out until it is over", () => {
  const drill = started();
  expect(acceptDrill(SLOW_CHECKS, ORDER, drill, [], NOW + 1)).toEqual({ kind: "known", drill });
  expect(acceptDrill(SLOW_CHECKS, { ...ORDER, id: "d2" }, drill, [], NOW + 1)).toEqual({ kind: "locked", drill });
  const overdue = NOW + 600_001;
  const later = { ...ORDER, id: "d2", expiresAt: toIso(overdue + 1000) };
  expect(acceptDrill(SLOW_CHECKS, later, drill, [], overdue).kind).toBe("locked");
  expect(acceptDrill(SLOW_CHECKS, later, { ...drill, endedAt: overdue }, [], overdue).kind).toBe("started");
});

test.each<[string, Partial<DrillOrder>, string]>([
  [
    "a region that is not there",
    { regions: ["aws-us-east-1", "mars"] },
    'regions[1]: expected one of aws-us-east-1, gcp-europe-west1, found "mars"',
  ],
  [
    "an expiry that has passed",
    { expiresAt: toIso(NOW) },
    "expiresAt: expected a time in the next 4 h, and it is 2026-11-28T12:00:00.000Z, found 2026-11-28T12:00:00.000Z",
  ],
  [
    "an expiry too far away",
    { expiresAt: toIso(NOW + DRILL_MS_MAX + 1) },
    "expiresAt: expected a time in the next 4 h, and it is 2026-11-28T12:00:00.000Z, found 2026-11-28T16:00:00.001Z",
  ],
  ["a pace that leaves the grid", { probeEverySeconds: 7 }, "probeEverySeconds: expected 15 or 10, found 7"],
  ["a pace quicker than Route 53's own", { probeEverySeconds: 5 }, "probeEverySeconds: expected 15 or 10, found 5"],
  ["a pace that is none", { probeEverySeconds: 30 }, "probeEverySeconds: expected 15 or 10, found 30"],
])("%s is refused", (_name, part, sentence) => {
  const acceptance = acceptDrill(SLOW_CHECKS, { ...ORDER, ...part }, null, [], NOW);
  expect(acceptance.kind).toBe("refused");
  if (acceptance.kind === "refused")
    expect(acceptance.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([sentence]);
});

test("where rounds cannot be quicker the refusal says so", () => {
  const quick = { ...SLOW_CHECKS, probe: { ...SLOW_CHECKS.probe, intervalSeconds: 10 } };
  expect(acceptDrill(quick, ORDER, null, [], NOW)).toMatchObject({
    problems: [{ message: "expected nothing: rounds every 10 s cannot be quicker, found 10" }],
  });
});

test("a drill is in force while it is not over, however long, and until its traces are gone", () => {
  const drill = started();
  expect(drillInForce(null, NOW)).toBeNull();
  expect(drillInForce(drill, drill.expiresAt + 10 ** 9)).toBe(drill);
  const over = { ...drill, endedAt: NOW + 1000 };
  expect(drillInForce(over, NOW + 1000 + drill.settleMs)).toBe(over);
  expect(drillInForce(over, NOW + 1001 + drill.settleMs)).toBeNull();
});

describe("quicker rounds", () => {
  const long = { ...started(), expiresAt: NOW + DRILL_MS_MAX };
  const secondsAt = (drill: DrillNotice | null, at: number): number =>
    topologyDuring(SLOW_CHECKS, drill, at).probe.intervalSeconds;

  test.each<[string, DrillNotice | null, number, number]>([
    ["no drill", null, NOW, 30],
    ["a drill without a pace", { ...long, probeEverySeconds: null }, NOW, 30],
    ["a drill that runs", long, NOW, 10],
    ["a drill just before the bound", long, NOW + QUICK_MS_MAX - 1, 10],
    ["a drill that is quick for too long", long, NOW + QUICK_MS_MAX, 30],
    ["a drill that is over", { ...long, endedAt: NOW + 5 }, NOW + 5, 30],
    ["a drill that has expired", { ...long, expiresAt: NOW + 5 }, NOW + 5, 30],
    ["a pace that no longer fits the topology", { ...long, probeEverySeconds: 7 }, NOW, 30],
  ])("of %s", (_name, drill, at, seconds) => {
    expect(secondsAt(drill, at)).toBe(seconds);
  });

  test("are no other topology", () => {
    const quick = paceTopology(SLOW_CHECKS, 10);
    expect(fingerprint(quick)).toBe(fingerprint(SLOW_CHECKS));
    expect(unpacedTopology(quick)).toEqual(SLOW_CHECKS);
    expect(fingerprint(paceTopology(EXAMPLE, 10))).not.toBe(fingerprint({ ...EXAMPLE, local: !EXAMPLE.local }));
  });

  test("divide the interval, whatever it is", () => {
    for (const intervalSeconds of [10, 30, 45, 60, 300]) {
      const topology = { ...SLOW_CHECKS, probe: { ...SLOW_CHECKS.probe, intervalSeconds } };
      for (const pace of pacesOf(topology)) expect([intervalSeconds % pace, pace >= 10]).toEqual([0, true]);
    }
    expect(pacesOf({ ...SLOW_CHECKS, probe: { ...SLOW_CHECKS.probe, intervalSeconds: 60 } })).toEqual([
      30, 20, 15, 12, 10,
    ]);
  });

  test("say what they cost", () => {
    expect(quickCost(SLOW_CHECKS, started())).toMatch(
      /^at most \d+ more of 100000 Durable Object requests and 200 more of 100000 rows written that the free plan has a day$/,
    );
    expect(quickCost(SLOW_CHECKS, { ...started(), probeEverySeconds: null })).toBeNull();
  });
});

describe("slots that were missed", () => {
  /** Rounds at these seconds after NOW, a drill from second `from` on, which looks every 10 s. */
  function missed(slots: readonly number[], from: number): number {
    const drill = { ...started(), startedAt: NOW + from * 1000 };
    let state = EMPTY_STATE;
    for (const second of slots) {
      const at = NOW + second * 1000;
      const during = second < from ? null : drill;
      const before = during === null ? state : { ...state, drill: during };
      state = foldRound(topologyDuring(SLOW_CHECKS, during, at), before, [], at, at).state;
    }
    return state.missedSlots;
  }

  test.each([
    { slots: [0, 30, 60], from: 999, want: 0 },
    { slots: [0, 30, 40, 50, 60], from: 31, want: 0 },
    { slots: [0, 30, 60, 70], from: 55, want: 0 },
    { slots: [0, 30, 50, 60], from: 31, want: 1 },
    { slots: [0, 100], from: 95, want: 3 },
    { slots: [0, 30, 40, 70], from: 31, want: 2 },
  ])("$slots with a drill from $from on: $want", ({ slots, from, want }) => {
    expect(missed(slots, from)).toBe(want);
  });
});

test("the state carries the drill through storage, and one that was stored before there were drills is read", () => {
  const state = { ...EMPTY_STATE, drill: started() };
  expect(parseState(JSON.stringify(state))).toEqual({ ok: true, value: state });
  expect(parseState(JSON.stringify(EMPTY_STATE))).toEqual({ ok: true, value: EMPTY_STATE });
});

test("where a pulled zone lets caches hold longer, a drill takes longer to settle", () => {
  const zone = zoneOf(SLOW_CHECKS);
  const recordSets = zone.recordSets.map((record) =>
    record.target.kind === "values" ? { ...record, target: { ...record.target, ttlSeconds: 300 } } : record,
  );
  const pulled: Topology = { ...SLOW_CHECKS, pulledZone: zoneByRegions({ ...zone, recordSets }) };
  const settleMs = (topology: Topology): number => {
    const acceptance = acceptDrill(topology, ORDER, null, [], NOW);
    return acceptance.kind === "started" ? acceptance.drill.settleMs : 0;
  };
  expect(settleMs(pulled) - settleMs(SLOW_CHECKS)).toBe(240_000);
  const { state } = foldRound(pulled, EMPTY_STATE, [], NOW, NOW);
  expect(state.policy.ttlSeconds).toBe(300);
});
