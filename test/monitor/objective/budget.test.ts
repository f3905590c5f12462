import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ObjectiveCounts } from "../../../monitor/model/counts.ts";
import { allowedShare, budgetOf, BURN_WINDOWS, burnRate } from "../../../monitor/objective/budget.ts";
import { addCounts, NO_SERIES } from "../../../monitor/objective/series.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../monitor/time.ts";
import { AVAILABILITY, counts } from "./rounds.ts";

interface Told {
  readonly at: number;
  readonly counts: Partial<ObjectiveCounts>;
}

const NOW = 40 * DAY_MS + 30_000;

function budget(looks: readonly Told[], objective = AVAILABILITY, at = NOW) {
  const series = addCounts(
    NO_SERIES,
    looks.map((one) => ({ at: one.at, counts: counts(one.counts) })),
    objective.windowDays,
  );
  return budgetOf(objective, { since: Math.min(NOW, ...looks.map((one) => one.at)), series, slice: null }, at);
}

/** Minute by minute, the same. */
function steady(from: number, to: number, each: Partial<ObjectiveCounts>): readonly Told[] {
  return Array.from({ length: (to - from) / MINUTE_MS }, (_, index) => ({
    at: from + index * MINUTE_MS,
    counts: each,
  }));
}

describe("a budget", () => {
  test.each([
    { name: "of nothing measured is unknown", told: { unknown: 9 }, achieved: null, left: null },
    { name: "is whole where nothing was bad", told: { good: 9, unknown: 9 }, achieved: 1, left: 1 },
    { name: "is half spent", told: { good: 1999, bad: 1 }, achieved: 0.9995, left: 0.5 },
    { name: "is just spent, and not a hair left of it", told: { good: 999, bad: 1 }, achieved: 0.999, left: 0 },
    { name: "is overdrawn", told: { good: 997, bad: 3 }, achieved: 0.997, left: -2 },
    { name: "knows nothing of maintenance", told: { good: 1, excused: 500 }, achieved: 1, left: 1 },
  ])("$name", ({ told, achieved, left }) => {
    const found = budget([{ at: NOW, counts: told }]);
    expect(found.achieved).toBe(achieved);
    if (left === null) expect(found.left).toBeNull();
    else expect(found.left).toBeCloseTo(left, 9);
    expect((found.left ?? 1) <= 0).toBe((left ?? 1) <= 0);
  });

  test("of a target that leaves next to nothing is a number all the same", () => {
    const strict = { ...AVAILABILITY, target: 0.999_999_999_999_9 };
    expect(budget([{ at: NOW, counts: counts({ good: 9 }) }], strict).left).toBe(1);
    expect(Number.isFinite(budget([{ at: NOW, counts: counts({ bad: 9 }) }], strict).left)).toBe(true);
  });

  test("of no round at all is unknown", () => {
    expect(budgetOf(AVAILABILITY, null, NOW)).toMatchObject({ since: null, achieved: null, left: null, burning: null });
  });

  test("forgets what has left the window, which begins on the hour", () => {
    const edge = 10 * DAY_MS;
    const now = { at: NOW, counts: { good: 1 } };
    expect(budget([{ at: edge, counts: { bad: 1 } }, now]).counts.bad).toBe(1);
    expect(budget([{ at: edge - 1, counts: { bad: 1 } }, now]).counts.bad).toBe(0);
  });

  test("as of an earlier instant knows nothing of later ones", () => {
    const told = [
      { at: NOW - DAY_MS, counts: { good: 7 } },
      { at: NOW, counts: { bad: 1 } },
    ];
    expect(budget(told, AVAILABILITY, NOW - HOUR_MS).counts).toEqual(counts({ good: 7 }));
  });

  test.each([0.5, 0.9, 0.95, 0.99, 0.999, 0.9999, 0.99999])(
    "of %s is spent by exactly what the target allows",
    (target) => {
      const allowed = allowedShare({ ...AVAILABILITY, target });
      const all = Math.round(1 / allowed) * 10;
      expect(burnRate(counts({ good: all - 10, bad: 10 }), allowed)).toBe(1);
    },
  );

  test("only falls with one more bad look in the place of a good one, and is never NaN", () => {
    const any = fc.record({ good: fc.nat(10 ** 6), bad: fc.nat(10 ** 6), unknown: fc.nat(10 ** 6) });
    const target = fc.double({ min: 0.0001, max: 0.99999, noNaN: true });
    fc.assert(
      fc.property(any, target, ({ good, bad, unknown }, share) => {
        const objective = { ...AVAILABILITY, target: share };
        const now = budget([{ at: NOW, counts: { good: good + 1, bad, unknown } }], objective);
        const worse = budget([{ at: NOW, counts: { good, bad: bad + 1, unknown } }], objective);
        expect(worse.left ?? 1).toBeLessThan(now.left ?? -1);
        for (const value of [now.left, now.achieved, ...Object.values(now.burnRates)])
          expect(Number.isFinite(value ?? 0)).toBe(true);
      }),
    );
  });
});

describe("the burn rate", () => {
  test("is 1 where just what is allowed is bad, in every window", () => {
    const { burnRates } = budget(steady(NOW - 4 * DAY_MS, NOW, { good: 999, bad: 1 }));
    for (const window of BURN_WINDOWS) expect(burnRates[window]).toBe(1);
  });

  test("of a window in which nothing was measured is unknown", () => {
    const { burnRates } = budget(steady(NOW - 4 * DAY_MS, NOW - 2 * HOUR_MS, { good: 1 }));
    expect(burnRates).toEqual({ "5m": null, "30m": null, "1h": null, "2h": null, "6h": 0, "1d": 0, "3d": 0 });
  });

  const quiet = steady(NOW - 4 * DAY_MS, NOW - 6 * HOUR_MS, { good: 1000 });
  test.each([
    { name: "a page: 1.5 % in the last hour, and now", last: HOUR_MS, bad: 15, want: "page" },
    { name: "a page: 0.7 % in six hours", last: 6 * HOUR_MS, bad: 7, want: "page" },
    { name: "nothing: 0.6 % in six hours, which is just no page", last: 6 * HOUR_MS, bad: 6, want: null },
    { name: "nothing: what is allowed", last: 6 * HOUR_MS, bad: 1, want: null },
  ])("asks for $name", ({ last, bad, want }) => {
    const calm = steady(NOW - 6 * HOUR_MS, NOW - last, { good: 1000 });
    const hot = steady(NOW - last, NOW + MINUTE_MS, { good: 1000 - bad, bad });
    expect(budget([...quiet, ...calm, ...hot]).burning).toBe(want);
  });

  test("asks for a ticket where three days were bad a little, and still are", () => {
    expect(budget(steady(NOW - 4 * DAY_MS, NOW, { good: 998, bad: 2 })).burning).toBe("ticket");
  });

  test.each([
    { minutes: 10, want: "page" },
    { minutes: 40, want: "ticket" },
    { minutes: 420, want: null },
  ])("of fifty minutes at 10 % asks, $minutes minutes after they ended, for $want", ({ minutes, want }) => {
    const end = NOW - minutes * MINUTE_MS;
    const begin = end - 50 * MINUTE_MS;
    const told = [
      ...steady(NOW - 4 * DAY_MS, begin, { good: 1000 }),
      ...steady(begin, end, { good: 900, bad: 100 }),
      ...steady(end, NOW + MINUTE_MS, { good: 1000 }),
    ];
    expect(budget(told).burning).toBe(want);
  });
});

describe("what is left lasts", () => {
  const month = steady(NOW - 31 * DAY_MS, NOW - HOUR_MS, { good: 1000 });
  test.each([
    { name: "for ever where nothing burns", hour: { good: 1000 }, wantDays: null },
    { name: "for ever at what the target allows", hour: { good: 999, bad: 1 }, wantDays: null },
    { name: "a fifteenth of the window at 2, of which a little is gone", hour: { good: 998, bad: 2 }, wantDays: 14.95 },
    { name: "no time where it is spent", hour: { good: 0, bad: 1000 }, wantDays: null },
  ])("$name", ({ hour, wantDays }) => {
    const { exhaustedAt } = budget([...month, ...steady(NOW - HOUR_MS, NOW + MINUTE_MS, hour)]);
    if (wantDays === null) expect(exhaustedAt).toBeNull();
    else expect(((exhaustedAt ?? 0) - NOW) / DAY_MS).toBeCloseTo(wantDays, 1);
  });

  test("half as long where only half was measured, because then the budget is half as large", () => {
    const lasting = (minute: Partial<ObjectiveCounts>): number => {
      const past = steady(NOW - 31 * DAY_MS, NOW - HOUR_MS, minute);
      return (
        (budget([...past, ...steady(NOW - HOUR_MS, NOW + MINUTE_MS, { good: 98, bad: 2 })]).exhaustedAt ?? 0) - NOW
      );
    };
    expect(lasting({ good: 50, unknown: 50 }) / lasting({ good: 100 })).toBeCloseTo(0.5, 1);
  });
});
