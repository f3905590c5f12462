// The report of each day, made by the first round after it: a day that is over and not kept yet is made up by whatever round
// comes next, so neither a restart nor a repeated round can lose it or make it twice.
import type { Incident } from "../model/verdict.ts";
import type { MonitorState } from "../model/state.ts";
import { dayOf, daysDue, parseDay } from "../report/calendar.ts";
import { makePeriodReport, type PeriodFacts } from "../report/period-report.ts";
import type { PeriodReport } from "../report/period-report-schema.ts";
import { DAY_MS, HOUR_MS, type Instant, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { type Count, HOURLY_WINDOW_MAX_MS, type Ledger, runCount } from "./period.ts";
import type { StoreResult } from "./world.ts";

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
  ledger: Ledger,
  at: Instant,
): Promise<StoreResult<readonly DayReport[]>> {
  const made: DayReport[] = [];
  for (const day of daysDue(kept, lastSlot)) {
    const window = parseDay(day);
    if (window === null) continue;
    const counted = await runCount(topology, window, lastSlot, ledger);
    if (counted.kind === "failed") return counted;
    const facts = { ...counted.value, incidents: allIncidents(before, counted.value), ...memoryOf(before) };
    const report = makePeriodReport(topology, facts, window, at);
    if (report.rounds + report.missedSlots > 0) made.push({ day, report });
  }
  return { kind: "done", value: made };
}

/** The report of the time until `at`; it begins on the hour, at least `windowMs` ago; a longer one than `HOURLY_WINDOW_MAX_MS` on the day. */
export async function runRecentReport(
  topology: Topology,
  state: MonitorState,
  windowMs: number,
  ledger: Ledger,
  at: Instant,
): Promise<StoreResult<PeriodReport>> {
  const from = slotAt(at - windowMs, windowMs > HOURLY_WINDOW_MAX_MS ? DAY_MS : HOUR_MS);
  const window = { from, to: at };
  const counted = await runCount(topology, window, state.lastSlot ?? 0, ledger);
  if (counted.kind === "failed") return counted;
  const facts = { ...counted.value, incidents: allIncidents(state, counted.value), ...memoryOf(state) };
  return { kind: "done", value: makePeriodReport(topology, facts, window, at) };
}

/** Of the state, and those that it has forgotten; each once, and in no particular order. */
function memoryOf({ timing, objectives }: MonitorState): Pick<PeriodFacts, "timing" | "objectives"> {
  return {
    ...(timing === undefined ? {} : { timing: timing.samples }),
    ...(objectives === undefined ? {} : { objectives }),
  };
}

function allIncidents(state: MonitorState, { closed }: Count): readonly Incident[] {
  // What the state says comes last, and so it stands.
  return [...new Map([...closed, ...incidentsOf(state)].map((one) => [one.id, one])).values()];
}

export function incidentsOf({ incidents }: MonitorState): readonly Incident[] {
  return [...incidents.open, ...incidents.closed];
}

/** Days change seldom: what is due need not be asked in every round. */
export function isNewDay(before: Instant | null, slot: Instant): boolean {
  return before === null || dayOf(before) !== dayOf(slot);
}
