// The words that all faces of a period's report share: percentages that never flatter, percentiles, and the window.
import { formatDuration, parseIso } from "../time.ts";
import { dayOf, isDay } from "./calendar.ts";
import { causeName } from "./maintenance-words.ts";
import type { LooksReport, Percentile, PeriodReport, Share } from "./period-report-schema.ts";

/** "99.99 %", rounded down: 100 % is said only where nothing was lost. "-" where nothing was judged. */
export function percentWords({ good, all }: Share): string {
  if (all === 0) return "-";
  const hundredths = good === all ? 10_000 : Math.min(9_999, Math.floor((good * 10_000) / all));
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, "0")} %`;
}

export function percentileWords(value: Percentile): string {
  if (value === null) return "-";
  return value === "failed" ? value : `${value} ms`;
}

/** "timeout 12, refused 3". */
export function causeWords({ causes }: LooksReport): string {
  return causes.length === 0 ? "-" : causes.map(({ cause, looks }) => `${cause} ${looks}`).join(", ");
}

/** "2026-11-22 (UTC)" for a whole day. */
export function windowWords({ window }: PeriodReport): string {
  const from = parseIso(window.from) ?? 0;
  return isDay({ from, to: parseIso(window.to) ?? 0 }) ? `${dayOf(from)} (UTC)` : `${window.from} to ${window.to}`;
}

/** How well we watched, in one sentence. */
export function watchWords({ rounds, missedSlots, firstRoundAt, lastRoundAt, intervalSeconds }: PeriodReport): string {
  const missed = `${missedSlots} missed ${missedSlots === 1 ? "slot" : "slots"}`;
  if (firstRoundAt === null || lastRoundAt === null) return `No round, ${missed}.`;
  return `${rounds} ${rounds === 1 ? "round" : "rounds"}, one every ${formatDuration(intervalSeconds * 1000)}, from ${firstRoundAt} to ${lastRoundAt}; ${missed}.`;
}

/** What no figure counts, in one sentence; empty: nothing. */
export function maintenanceWords({ regions }: Pick<PeriodReport, "regions">): readonly string[] {
  const apart = regions.flatMap(({ id, all: { maintenance = 0 } }) =>
    maintenance === 0 ? [] : [`${id} ${maintenance}`],
  );
  return apart.length === 0 ? [] : [`Looks during maintenance, which no figure counts: ${apart.join(", ")}.`];
}

export const DEFINITIONS: readonly string[] = [
  "Availability: looks by which a user would have been served. Reachability: the same by Route 53's rules for a checker. Both rounded down; unknown (our own failure) and missed looks are in neither.",
  "Percentiles are of whole fetches, within 1 %; a failed look counts as longer than all others.",
  "DNS is within the policy while it conforms or converges.",
];

/** What a drill was meant to cause, or what maintenance excused, is told with its id. */
export function reasonWords(reason: string, causedBy: string | undefined): string {
  return causedBy === undefined ? reason : `planned by ${causeName(causedBy)}: ${reason}`;
}
