import fc from "fast-check";
import { expect, test } from "vitest";
import { historySection } from "../../../monitor/report/page-history.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { HOUR_MS } from "../../../monitor/time.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { hourBuckets, type HourSeen } from "./hour-buckets.ts";

/** 13:20, in the middle of the last bar. */
const NOW = 100 * 24 * HOUR_MS + 13 * HOUR_MS + 20 * 60_000;
const LAST = NOW - (NOW % HOUR_MS);
const HOURS = Array.from({ length: 24 }, (_, index) => LAST - (23 - index) * HOUR_MS);
const REPORT = makeStatus(EXAMPLE, EMPTY_STATE, NOW);
const GOOD: HourSeen = { up: 360, down: 0 };

/** The first region's row: classes and words of each bar, and the last cell. */
function rowOf(seen: (from: number) => HourSeen | null): {
  readonly bars: readonly (readonly [classes: string, words: string])[];
  readonly day: string | undefined;
} {
  const html = historySection(REPORT, hourBuckets(EXAMPLE, HOURS, seen));
  const row = html.split("<tr>").find((one) => one.includes(`>${AWS.id}<`)) ?? "";
  const bars = [...row.matchAll(/<td class="(d\d+ u\d+(?: m\d+)?)" title="[^"]*"><b>([^<]*)<\/b><\/td>/g)];
  return {
    bars: bars.map(([, classes = "", words = ""]) => [classes, words]),
    day: /<td>([^<]*)<\/td><\/tr>/.exec(row)?.[1],
  };
}

test("there is a bar for each of the last 24 hours, the present one included", () => {
  const { bars, day } = rowOf(() => GOOD);
  expect(bars).toEqual(HOURS.map(() => ["d0 u0", "100.00 % of 360 looks served"]));
  expect(day).toBe("100.00 %");
});

test.each<[string, HourSeen | null, string, string]>([
  ["a single bad look shows", { up: 359, down: 1 }, "d1 u0", "99.72 % of 360 looks served"],
  ["an hour without a round is hatched", null, "d0 u10", "not looked at"],
  [
    "an hour in which everybody missed is hatched",
    { up: 0, down: 0, missed: 360 },
    "d0 u10",
    "no look told anything, 360 told nothing",
  ],
  [
    "half an hour missed is hatched by half",
    { up: 180, down: 0, missed: 180 },
    "d0 u5",
    "100.00 % of 180 looks served, 180 told nothing",
  ],
  [
    "our own failures are hatched",
    { up: 324, down: 0, unknown: 36 },
    "d0 u1",
    "100.00 % of 324 looks served, 36 told nothing",
  ],
  [
    "slots without a round are hatched",
    { up: 180, down: 0, rounds: 60, missedSlots: 60 },
    "d0 u5",
    "100.00 % of 180 looks served, 180 told nothing",
  ],
  [
    "slots that were missed in hours before are not",
    { up: 360, down: 0, missedSlots: 5000 },
    "d0 u0",
    "100.00 % of 360 looks served",
  ],
  [
    "an hour under maintenance is neither",
    { up: 0, down: 0, maintenance: 360 },
    "d0 u0 m10",
    "no look told anything, 360 under maintenance",
  ],
  ["an hour of nothing but failures is full", { up: 0, down: 360 }, "d10 u0", "0.00 % of 360 looks served"],
])("%s", (_name, hour, classes, words) => {
  const { bars } = rowOf((from) => (from === HOURS[5] ? hour : GOOD));
  expect(bars[5]).toEqual([classes, words]);
  expect(bars.filter((_bar, index) => index !== 5).every(([one]) => one === "d0 u0")).toBe(true);
});

test("a monitor that was dead is seen in all the hours that it was, also in the one that it died in", () => {
  // It died at 18:30 and came back at 21:15: 60, 120, 120 and 30 slots.
  const dead: Readonly<Record<number, HourSeen | null>> = {
    4: { up: 180, down: 0, rounds: 60 },
    5: null,
    6: null,
    7: { up: 270, down: 0, rounds: 90, missedSlots: 330 },
  };
  const { bars } = rowOf((from) => dead[HOURS.indexOf(from)] ?? (dead[HOURS.indexOf(from)] === null ? null : GOOD));
  expect(bars.slice(3, 9).map(([classes]) => classes)).toEqual([
    "d0 u0",
    "d0 u5",
    "d0 u10",
    "d0 u10",
    "d0 u3",
    "d0 u0",
  ]);
  expect(bars[4]?.[1]).toBe("100.00 % of 180 looks served, 180 told nothing");
});

test("what was not looked at is never told as served, and 100 % is all of it", () => {
  const count = fc.integer({ min: 0, max: 1_000_000 });
  fc.assert(
    fc.property(count, count, count, (up, down, missed) => {
      const [[classes, words] = ["", ""]] = rowOf(() => ({ up, down, missed })).bars;
      const [, d = "", u = ""] = /^d(\d+) u(\d+)$/.exec(classes) ?? [];
      expect(Number(d) > 0 || up + down + missed === 0).toBe(down > 0 || up + down + missed === 0);
      expect(Number(u) > 0).toBe(missed > 0 || up + down + missed === 0);
      expect(words.startsWith("100.00 %")).toBe(down === 0 && up > 0);
    }),
  );
});

test("without its buckets the section says so, and where to look", () => {
  expect(historySection(REPORT, null)).toContain("Could not be read");
});

test("hours are named at every sixth, and for those who do not see at each", () => {
  const html = historySection(
    REPORT,
    hourBuckets(EXAMPLE, HOURS, () => GOOD),
  );
  expect([...html.matchAll(/<th scope="col"><span>(\d\d)<\/span>/g)].map(([, hour]) => hour)).toEqual([
    "14",
    "20",
    "02",
    "08",
  ]);
  expect(html.match(/<span class="unseen">\d\d<\/span>/g)?.length).toBe(20);
});
