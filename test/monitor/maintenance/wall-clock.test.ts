import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { offsetsOf, wallInstant } from "../../../monitor/maintenance/wall-clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, parseIso, toIso } from "../../../monitor/time.ts";
import { isTimeZone } from "../../../monitor/topology/time-zone.ts";

const dayOf = (date: string): number => (parseIso(`${date}T00:00:00Z`) ?? 0) / DAY_MS;

test.each([
  // Brussels goes from 02:00 to 03:00 on 2026-03-29, and from 03:00 back to 02:00 on 2026-10-25.
  { zone: "Europe/Brussels", date: "2026-03-28", at: "02:30", want: "2026-03-28T01:30:00.000Z", what: "winter" },
  { zone: "Europe/Brussels", date: "2026-03-29", at: "01:59", want: "2026-03-29T00:59:00.000Z", what: "before a jump" },
  { zone: "Europe/Brussels", date: "2026-03-29", at: "02:30", want: "2026-03-29T01:30:00.000Z", what: "skipped" },
  { zone: "Europe/Brussels", date: "2026-03-29", at: "03:00", want: "2026-03-29T01:00:00.000Z", what: "after a jump" },
  { zone: "Europe/Brussels", date: "2026-10-25", at: "02:30", want: "2026-10-25T00:30:00.000Z", what: "there twice" },
  { zone: "Europe/Brussels", date: "2026-10-25", at: "03:00", want: "2026-10-25T02:00:00.000Z", what: "after both" },
  { zone: "America/New_York", date: "2026-03-08", at: "02:15", want: "2026-03-08T07:15:00.000Z", what: "skipped" },
  { zone: "America/New_York", date: "2026-11-01", at: "01:15", want: "2026-11-01T05:15:00.000Z", what: "there twice" },
  {
    zone: "Australia/Lord_Howe",
    date: "2026-10-04",
    at: "02:15",
    want: "2026-10-03T15:45:00.000Z",
    what: "skipped by half an hour",
  },
  { zone: "Asia/Kolkata", date: "2026-06-01", at: "00:00", want: "2026-05-31T18:30:00.000Z", what: "half an hour off" },
  {
    zone: "Pacific/Kiritimati",
    date: "2026-06-01",
    at: "00:00",
    want: "2026-05-31T10:00:00.000Z",
    what: "14 hours off",
  },
  { zone: "UTC", date: "2026-06-01", at: "23:59", want: "2026-06-01T23:59:00.000Z", what: "UTC" },
])("$at on $date in $zone ($what) is $want", ({ zone, date, at, want }) => {
  const [hours = 0, minutes = 0] = at.split(":").map(Number);
  expect(toIso(wallInstant(dayOf(date), hours * 60 + minutes, offsetsOf(zone)))).toBe(want);
});

describe("in every zone and on every day", () => {
  const zones = [
    "Europe/Brussels",
    "America/New_York",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "UTC",
  ];
  const offsets = new Map(zones.map((zone) => [zone, offsetsOf(zone)]));

  test("the instant shows that time, or lies no more than a jump after it; and later days come later", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: dayOf("2020-01-01"), max: dayOf("2035-12-31") }),
        fc.integer({ min: 0, max: 1439 }),
        (zone, day, minutes) => {
          const offsetAt = offsets.get(zone) ?? (() => 0);
          const at = wallInstant(day, minutes, offsetAt);
          const late = at + offsetAt(at) - (day * DAY_MS + minutes * MINUTE_MS);
          expect(late).toBeGreaterThanOrEqual(0);
          expect(late).toBeLessThanOrEqual(HOUR_MS);
          expect(wallInstant(day + 1, minutes, offsetAt)).toBeGreaterThan(at);
        },
      ),
      { numRuns: 500 },
    );
  });
});

test.each([
  ["Europe/Brussels", true],
  ["UTC", true],
  ["Mars/Olympus_Mons", false],
  ["+02:00", false],
  ["", false],
  [`Europe/${"x".repeat(100)}`, false],
])("%s is a time zone: %s", (name, want) => {
  expect(isTimeZone(name)).toBe(want);
});
