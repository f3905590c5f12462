import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addCounts,
  beginOf,
  countsIn,
  NO_SERIES,
  SERIES_WIDTHS,
  stepsKept,
} from "../../../monitor/objective/series.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../monitor/time.ts";
import { counts } from "./rounds.ts";

const anyLooks = fc.array(
  fc.record({
    at: fc.nat(40 * DAY_MS),
    counts: fc.record({
      good: fc.nat(5),
      bad: fc.nat(5),
      unknown: fc.nat(2),
      excused: fc.nat(1),
      planned: fc.nat(1),
    }),
  }),
  { maxLength: 30 },
);

describe("counts in steps", () => {
  test("are those of all looks in a window that begins on a step, however they came and in whatever order", () => {
    fc.assert(
      fc.property(anyLooks, fc.constantFrom(1, 7, 30, 31, 40, 366), fc.nat(30), (looks, days, cut) => {
        const series = addCounts(addCounts(NO_SERIES, looks.slice(0, cut), days), looks.slice(cut), days);
        const last = Math.max(0, ...looks.map(({ at }) => at));
        const { width, from } = beginOf(days * DAY_MS, last);
        const inside = looks.filter(({ at }) => at >= from);
        const good = inside.reduce((sum, { counts: some }) => sum + some.good, 0);
        const bad = inside.reduce((sum, { counts: some }) => sum + some.bad, 0);
        expect(countsIn(series, width, from, last + 1)).toMatchObject({ good, bad });
      }),
    );
  });

  test("are at most as many as are kept, and hold no column of zeros", () => {
    fc.assert(
      fc.property(anyLooks, fc.constantFrom(1, 30, 366), (looks, days) => {
        const series = looks.reduce((before, one) => addCounts(before, [one], days), NO_SERIES);
        for (const width of ["minute", "fiveMinutes", "hour", "day"] as const) {
          const one = series[width];
          if (one === undefined) continue;
          const { from, steps, ...columns } = one;
          expect(steps).toBeLessThanOrEqual(stepsKept(days)[width]);
          expect(from % SERIES_WIDTHS[width]).toBe(0);
          for (const column of Object.values(columns)) {
            expect(column).toHaveLength(steps);
            expect(column.some((value) => value > 0)).toBe(true);
          }
        }
      }),
    );
  });

  test("do not open the past again that has left", () => {
    const series = addCounts(NO_SERIES, [{ at: 40 * DAY_MS, counts: counts({ good: 1 }) }], 30);
    expect(addCounts(series, [{ at: 0, counts: counts({ bad: 1 }) }], 30)).toEqual(series);
  });
});

test.each([
  { windowMs: 5 * MINUTE_MS, width: "minute", from: MINUTE_MS * 70 },
  { windowMs: HOUR_MS, width: "minute", from: MINUTE_MS * 15 },
  { windowMs: 6 * HOUR_MS, width: "fiveMinutes", from: 0 },
  { windowMs: 3 * DAY_MS, width: "hour", from: 0 },
  { windowMs: 31 * DAY_MS, width: "hour", from: 0 },
  { windowMs: 60 * DAY_MS, width: "day", from: 0 },
])("a window of $windowMs ms is told by the $width, and begins on it", ({ windowMs, width, from }) => {
  const at = (windowMs > HOUR_MS ? windowMs : 75 * MINUTE_MS) + 30_000;
  expect(beginOf(windowMs, at)).toEqual({ width, from });
});
