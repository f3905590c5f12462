import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stepObjectives } from "../../../monitor/objective/book.ts";
import { budgetOf } from "../../../monitor/objective/budget.ts";
import { countingKey, countingOf } from "../../../monitor/objective/counting.ts";
import { NO_INTENT } from "../../../monitor/objective/intent.ts";
import { looksOf } from "../../../monitor/objective/looks.ts";
import { wholeSlices } from "../../../monitor/objective/slices.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../monitor/time.ts";
import type { Objective } from "../../../monitor/topology/topology.ts";
import { EXAMPLE } from "../../support/example-topology.ts";
import { anyRound, AVAILABILITY, countRounds, counts, promising, roundOf, TO_AWS, type Told } from "./rounds.ts";

const I = 30_000;
const SERVED = roundOf(Object.fromEntries(["enam", "weur", "oc"].map((id) => [id, { aws: 20, gcp: 90, led: TO_AWS }])));
const DEAD = roundOf(
  Object.fromEntries(["enam", "weur", "oc"].map((id) => [id, { aws: "refused" as const, gcp: 90, led: TO_AWS }])),
);

function everySlot(from: number, to: number, round = SERVED): readonly Told[] {
  return Array.from({ length: (to - from) / I }, (_, index) => ({ slot: from + index * I, round }));
}

function standing(objective: Objective, rounds: readonly Told[], at: number) {
  const book = countRounds({ ...EXAMPLE, objectives: [objective] }, rounds);
  return budgetOf(objective, book[countingKey(countingOf(objective))] ?? null, at);
}

describe("counts of many rounds", () => {
  test("are those of each round, added", () => {
    fc.assert(
      fc.property(fc.array(anyRound, { minLength: 1, maxLength: 40 }), (rounds) => {
        const told = rounds.map((round, index) => ({ slot: index * 17 * MINUTE_MS, round }));
        const single = rounds.map((round) => looksOf(EXAMPLE, countingOf(AVAILABILITY), round, NO_INTENT));
        const { good, bad, unknown } = standing(AVAILABILITY, told, (rounds.length - 1) * 17 * MINUTE_MS).counts;
        expect({ good, bad, unknown }).toEqual({
          good: single.reduce((sum, one) => sum + one.good, 0),
          bad: single.reduce((sum, one) => sum + one.bad, 0),
          unknown: single.reduce((sum, one) => sum + one.unknown, 0),
        });
      }),
    );
  });

  test("of two objectives that count alike are kept once, for the longer window", () => {
    const topology = promising(
      { windowDays: 7 },
      { name: "month", target: 0.9 },
      { name: "aws", region: "aws-us-east-1" },
    );
    const book = countRounds(topology, everySlot(0, 2 * I));
    expect(Object.keys(book)).toEqual(["service", "region aws-us-east-1"]);
  });

  test("of what is no longer promised are forgotten, and of what is counted otherwise begin anew", () => {
    const book = countRounds(promising({}), everySlot(0, 2 * I));
    const other = promising({ indicator: "latency", thresholdMs: 100 });
    const slots = { slot: 2 * I, missedSlots: 0, lastSlot: I };
    expect(stepObjectives(book, other, SERVED, slots, NO_INTENT)).toMatchObject({
      "service within 100 ms": { since: 2 * I },
    });
  });

  test("go on when target and window change", () => {
    const book = countRounds(promising({}), everySlot(0, 2 * I));
    const again = promising({ target: 0.5, windowDays: 7 });
    const next = stepObjectives(book, again, SERVED, { slot: 2 * I, missedSlots: 0, lastSlot: I }, NO_INTENT);
    expect(next["service"]).toMatchObject({ since: 0, series: { hour: { good: [9] } } });
  });
});

describe("slots that were missed", () => {
  test("are unknown at their own time, and never bad", () => {
    const told = [...everySlot(0, HOUR_MS), { slot: 2 * HOUR_MS, round: SERVED, missedSlots: 120 }];
    const { counts: found, achieved } = standing(AVAILABILITY, told, 2 * HOUR_MS);
    expect(found).toEqual(counts({ good: 121 * 3, unknown: 120 * 3 }));
    expect(achieved).toBe(1);
    const book = countRounds(promising({}), told);
    expect(book["service"]?.series.hour).toMatchObject({ good: [360, 0, 3], unknown: [0, 360, 0] });
  });

  test("of a month without the monitor are all there, although they are told in larger steps", () => {
    const gap = { slot: 30 * DAY_MS, round: SERVED, missedSlots: 20_160 };
    const { counts: found } = standing(AVAILABILITY, [...everySlot(0, I), gap], 30 * DAY_MS);
    expect(found).toEqual(counts({ good: 6, unknown: 30 * 2880 * 3 }));
  });

  test("before an objective was promised are not its own", () => {
    const found = stepObjectives({}, promising({}), SERVED, { slot: HOUR_MS, missedSlots: 9, lastSlot: 0 }, NO_INTENT);
    expect(found["service"]).toMatchObject({ since: HOUR_MS, series: { hour: { good: [3] } } });
  });
});

describe("slices of five minutes at 0.9", () => {
  const sliced: Objective = { ...AVAILABILITY, method: "timeslices", timeSliceTarget: 0.9, target: 0.99 };
  const S = 5 * MINUTE_MS;

  test.each([
    { name: "nothing of a slice that is not over", told: everySlot(0, S), want: {} },
    { name: "a good one", told: everySlot(0, S + I), want: { good: 1 } },
    {
      name: "a good one with one round of ten that was bad: 0.9 is enough",
      told: [...everySlot(0, I, DEAD), ...everySlot(I, S + I)],
      want: { good: 1 },
    },
    {
      name: "a bad one with two of ten",
      told: [...everySlot(0, 2 * I, DEAD), ...everySlot(2 * I, S + I)],
      want: { bad: 1 },
    },
    {
      name: "unknown ones in a gap, which is no harm",
      told: [...everySlot(0, S), { slot: 3 * S, round: SERVED, missedSlots: 20 }],
      want: { good: 1, unknown: 2 },
    },
    {
      name: "nothing of a slot in a slice that is over",
      told: [...everySlot(0, S + I), { slot: 15_000, round: DEAD }, ...everySlot(S + I, 2 * S + I)],
      want: { good: 2 },
    },
  ])("count $name", ({ told, want }) => {
    expect(standing(sliced, told, told.at(-1)?.slot ?? 0).counts).toEqual(counts(want));
  });

  test("are good with just the share that is asked for, whatever binary fractions make of it", () => {
    const slicing = { widthMs: S };
    for (let parts = 1; parts <= 100; parts += 1) {
      const looks = [{ at: 0, counts: counts({ good: parts, bad: 100 - parts }) }];
      const target = Number(`${parts}e-2`);
      expect([parts, wholeSlices(looks, { ...slicing, target }, S)[0]?.counts.good]).toEqual([parts, 1]);
    }
  });

  test("count at their end, so that five minutes hold the slice that has just ended", () => {
    const told = [...everySlot(0, S), ...everySlot(S, 2 * S, DEAD), ...everySlot(2 * S, 2 * S + 5 * I)];
    expect(standing(sliced, told, 2 * S + 4 * I).burnRates["5m"]).toBeCloseTo(100, 9);
  });
});
