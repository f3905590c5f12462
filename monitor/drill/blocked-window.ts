// Whether a drill would run into hours in which it may not: on any day from now until its expiry.
import { DAY_MS, type Instant, MINUTE_MS, toIso } from "../time.ts";
import type { BlockedWindow, Weekday } from "./script.ts";

/** 1970-01-01 was a Thursday. */
const DAYS_FROM_EPOCH: readonly Weekday[] = ["thu", "fri", "sat", "sun", "mon", "tue", "wed"];

/** The window's span that overlaps `from` to `to`, in words; null: none does. `to` is at most a day after `from`. */
export function blockedBy(windows: readonly BlockedWindow[], from: Instant, to: Instant): string | null {
  const first = Math.floor(from / DAY_MS) - 1;
  for (const window of windows)
    for (let day = first; day * DAY_MS <= to; day += 1) {
      const span = spanOn(window, day);
      if (span !== null && span.from <= to && span.to > from) return `${toIso(span.from)} to ${toIso(span.to)}`;
    }
  return null;
}

function spanOn(window: BlockedWindow, day: number): { readonly from: Instant; readonly to: Instant } | null {
  const name = DAYS_FROM_EPOCH[((day % 7) + 7) % 7];
  if (name === undefined || !window.days.includes(name)) return null;
  const from = day * DAY_MS + timeOfDayMs(window.fromUtc);
  const to = day * DAY_MS + timeOfDayMs(window.toUtc);
  return { from, to: to > from ? to : to + DAY_MS };
}

/** Of "HH:MM". */
function timeOfDayMs(text: string): number {
  const [hours = 0, minutes = 0] = text.split(":").map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}
