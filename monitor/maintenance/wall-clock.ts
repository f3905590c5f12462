// The instant at which a clock on a wall shows a day and a time, in a zone that may change its offset between one week and
// the next. As Temporal's "compatible" has it: a time that comes twice is the first of the two, one that is skipped is as long
// after the jump as it would have been without it.
import { DAY_MS, type Instant, MINUTE_MS, SECOND_MS } from "../time.ts";

/** Milliseconds to add to UTC for the wall's time. */
export type OffsetAt = (at: Instant) => number;

const PARTS = ["year", "month", "day", "hour", "minute", "second"] as const;

/** `timeZone` is one that `isTimeZone` knows. One formatter serves many questions, because to make it is what costs. */
export function offsetsOf(timeZone: string): OffsetAt {
  const numeric = Object.fromEntries(PARTS.map((part) => [part, "numeric"]));
  const format = new Intl.DateTimeFormat("en-u-ca-iso8601", { ...numeric, timeZone, hourCycle: "h23" });
  return (at) => {
    const shown = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = PARTS.map((part) => shown.get(part));
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / SECOND_MS) * SECOND_MS;
  };
}

/** `day` counts from 1970-01-01, as a calendar on that wall has it; `minutes` from its midnight. */
export function wallInstant(day: number, minutes: number, offsetAt: OffsetAt): Instant {
  const shown = day * DAY_MS + minutes * MINUTE_MS;
  // No zone changes twice within two days.
  const before = shown - offsetAt(shown - DAY_MS);
  const after = shown - offsetAt(shown + DAY_MS);
  const isShown = (at: Instant): boolean => at + offsetAt(at) === shown;
  return isShown(before) || !isShown(after) ? before : after;
}
