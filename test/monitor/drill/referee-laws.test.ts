// What holds of every record: figures do not know the time of day, and no loss makes a drill look better.
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { DrillEvent, DrillRecord } from "../../../monitor/drill/record.ts";
import { judgeDrill, type Outcome } from "../../../monitor/drill/referee.ts";
import { makeScene } from "../../../monitor/drill/simulated-scene.ts";
import { simulateTrial } from "../../../monitor/drill/simulated-trial.ts";
import { BOUNDS, figuresIn, GOOD, PLAN, recordOf } from "../../support/drill-record.ts";
import { EXAMPLE, FAILOVER } from "../../support/example-topology.ts";
import { extendedDrill, planOf } from "../../support/drill-text.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";

/** As quick as the local world, so that a record is short. */
const QUICK: Topology = {
  ...EXAMPLE,
  local: true,
  dns: {
    ...EXAMPLE.dns,
    policy: { ...FAILOVER, ttlSeconds: 2 },
    healthCheck: { path: "/healthz", intervalSeconds: 2, failureThreshold: 2 },
    timing: { propagationSeconds: 1, apiPropagationSeconds: 1, slackSeconds: 1 },
  },
  probe: { ...EXAMPLE.probe, intervalSeconds: 2, timeoutMs: 800, vantages: EXAMPLE.probe.vantages.slice(0, 2) },
};
const scene = makeScene(planOf(extendedDrill(BOUNDS), QUICK), QUICK);

/** Records of all outcomes: simulated ones, and the good one with lines left out and with others that lose. */
const anyRecord: fc.Arbitrary<DrillRecord> = fc.oneof(
  fc.integer({ min: 0, max: 1e6 }).map((seed) => simulateTrial(scene, seed, 0)),
  fc
    .tuple(
      fc.subarray(GOOD.trim().split("\n"), { minLength: 20 }),
      fc.array(fc.integer({ min: 1, max: 290 }), { maxLength: 5 }),
    )
    .map(([lines, losses]) => recordOf([...lines, ...losses.map((at) => `${at} request weur lost`)].join("\n"))),
);

const RANK: Readonly<Record<Outcome, number>> = { passed: 0, inconclusive: 1, failed: 2, aborted: 3 };

function shifted({ events, endedAt, ...record }: DrillRecord, byMs: number): DrillRecord {
  const moved = events.map((event): DrillEvent => ({ ...event, at: event.at + byMs }));
  return {
    ...record,
    startedAt: record.startedAt + byMs,
    endedAt: endedAt === null ? null : endedAt + byMs,
    events: moved,
  };
}

function withEvent(record: DrillRecord, event: DrillEvent): DrillRecord {
  return { ...record, events: [...record.events, event].toSorted((a, b) => a.at - b.at) };
}

const anyLoss = fc.record({
  kind: fc.constant("request" as const),
  at: fc.integer({ min: 0, max: 60_000 }),
  via: fc.constant("dns" as const),
  vantage: fc.constantFrom(...PLAN.vantages),
  served: fc.constant(null),
  totalMs: fc.constant(null),
  cause: fc.constant("timeout" as const),
});

test("a drill at another time has the same figures and the same outcome", () => {
  fc.assert(
    fc.property(anyRecord, fc.integer({ min: 0, max: 2e12 }), (record, byMs) => {
      const later = shifted(record, byMs);
      expect(figuresIn(later)).toEqual(figuresIn(record));
      expect(judgeDrill(later, null).outcome).toBe(judgeDrill(record, null).outcome);
    }),
  );
});

test("one more lost request never makes a better outcome, nor a smaller loss", () => {
  fc.assert(
    fc.property(anyRecord, anyLoss, (record, loss) => {
      const [before, after] = [judgeDrill(record, null), judgeDrill(withEvent(record, loss), null)];
      expect(RANK[after.outcome]).toBeGreaterThanOrEqual(RANK[before.outcome]);
      expect(after.figures?.traffic.lost ?? 0).toBeGreaterThanOrEqual(before.figures?.traffic.lost ?? 0);
      const gap = ({ figures }: typeof before): number => figures?.traffic.gap?.atMostMs ?? 0;
      expect(gap(after)).toBeGreaterThanOrEqual(gap(before));
    }),
  );
});

test("a note changes nothing", () => {
  fc.assert(
    fc.property(anyRecord, fc.integer({ min: 0, max: 299_000 }), (record, at) => {
      const noted = withEvent(record, { kind: "note", at, text: "the network was away for a while" });
      expect(judgeDrill(noted, null)).toEqual(judgeDrill(record, null));
    }),
  );
});

test("in every span the truth has room: its lower end is no later than its upper end", () => {
  fc.assert(
    fc.property(anyRecord, (record) => {
      const spans = JSON.stringify(figuresIn(record)).matchAll(/"atLeastMs":(-?[\d.]+),"atMostMs":(-?[\d.]+)/g);
      for (const [, least, most] of spans) {
        expect(Number(least)).toBeGreaterThanOrEqual(0);
        expect(Number(least)).toBeLessThanOrEqual(Number(most));
      }
    }),
  );
});
