// The report of each day, made by the first round after it: a day that is over and not kept yet is made up by whatever round
// comes next, so neither a restart nor a repeated round can lose it or make it twice.
import type { Incident, MonitorState } from "../model.ts";
import { dayOf, daysDue, parseDay } from "../report/calendar.ts";
import { makePeriodReport } from "../report/period-report.ts";
import type { PeriodReport } from "../report/period-report-schema.ts";
import { HOUR_MS, type Instant, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { type HourBook, runCount } from "./period.ts";
import type { Store, StoreResult } from "./world.ts";

export interface DayReport {
  readonly day: string;
  readonly report: PeriodReport;
}

/**
 * Reports of days that are over, not among `kept`, and in which rounds were made or due; the oldest first. `before` is the
 * state from before the latest round, since that round forgets incidents that closed a day ago.
 */
export async function runDayReports(
  topology: Topology,
  before: MonitorState,
  lastSlot: Instant,
  kept: readonly string[],
  hours: HourBook,
  store: Store,
  at: Instant,
): Promise<StoreResult<readonly DayReport[]>> {
  const made: DayReport[] = [];
  for (const day of daysDue(kept, lastSlot)) {
    const window = parseDay(day);
    if (window === null) continue;
    const counted = await runCount(topology, window, lastSlot, hours, store);
    if (counted.kind === "failed") return counted;
    const facts = { ...counted.value, incidents: incidentsOf(before) };
    const report = makePeriodReport(topology, facts, window, at);
    if (report.rounds + report.missedSlots > 0) made.push({ day, report });
  }
  return { kind: "done", value: made };
}

/** The report of the time until `at`; it begins on the hour, at least `windowMs` ago. */
export async function runRecentReport(
  topology: Topology,
  state: MonitorState,
  windowMs: number,
  hours: HourBook,
  store: Store,
  at: Instant,
): Promise<StoreResult<PeriodReport>> {
  const window = { from: slotAt(at - windowMs, HOUR_MS), to: at };
  const counted = await runCount(topology, window, state.lastSlot ?? 0, hours, store);
  if (counted.kind === "failed") return counted;
  const facts = { ...counted.value, incidents: incidentsOf(state) };
  return { kind: "done", value: makePeriodReport(topology, facts, window, at) };
}

function incidentsOf({ incidents }: MonitorState): readonly Incident[] {
  return [...incidents.open, ...incidents.closed];
}

/** Days change seldom: what is due need not be asked in every round. */
export function isNewDay(before: Instant | null, slot: Instant): boolean {
  return before === null || dayOf(before) !== dayOf(slot);
}
