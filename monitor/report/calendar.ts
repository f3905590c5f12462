// Days of reports: UTC, by name, and which of them are due.
import { DAY_MS, type Instant, parseIso, slotAt, toIso } from "../time.ts";

/** A day missed for longer than this is not made up: its rounds have mostly left the store. */
export const DAYS_BACK_MAX = 7;

/** "2026-11-22". */
export function dayOf(at: Instant): string {
  return toIso(at).slice(0, 10);
}

/** The day of that name; null where there is none, such as 2026-02-30. */
export function parseDay(name: string): { readonly from: Instant; readonly to: Instant } | null {
  const from = parseIso(`${name}T00:00:00Z`);
  return from === null || dayOf(from) !== name ? null : { from, to: from + DAY_MS };
}

/** A whole day of UTC? */
export function isDay({ from, to }: { readonly from: Instant; readonly to: Instant }): boolean {
  return slotAt(from, DAY_MS) === from && to - from === DAY_MS;
}

/** Days that are over at `at` and not among those kept, the oldest first. */
export function daysDue(kept: readonly string[], at: Instant): readonly string[] {
  const today = slotAt(at, DAY_MS);
  const back = Array.from({ length: DAYS_BACK_MAX }, (_, index) => dayOf(today - (DAYS_BACK_MAX - index) * DAY_MS));
  return back.filter((day) => !kept.includes(day));
}
