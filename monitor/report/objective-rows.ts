// Objectives as faces show them, from what the rounds counted.
import type { ObjectiveBook, ObjectiveCount, ObjectiveCounts } from "../model/counts.ts";
import { allowedShare, type Budget, budgetOf, burnRate } from "../objective/budget.ts";
import { countingKey, countingOf } from "../objective/counting.ts";
import { countsOfPeriod } from "../objective/series.ts";
import { type Instant, MINUTE_MS, toIso } from "../time.ts";
import type { Objective, Topology } from "../topology/topology.ts";
import type { ObjectivePeriodRow, ObjectiveRow } from "./objective-schema.ts";

/** In the topology's order; `at` is the last instant that counts. */
export function objectiveRows(topology: Topology, book: ObjectiveBook, at: Instant): ObjectiveRow[] {
  return topology.objectives.map((objective) => rowOf(objective, budgetOf(objective, countOf(book, objective), at)));
}

/** As they stood at the end of a period (`to` is not part of it), and what it cost them. */
export function objectivePeriodRows(
  topology: Topology,
  book: ObjectiveBook,
  { from, to }: { readonly from: Instant; readonly to: Instant },
): ObjectivePeriodRow[] {
  return topology.objectives.map((objective) => {
    const count = countOf(book, objective);
    const budget = budgetOf(objective, count, to - 1);
    const period = count === null ? null : countsOfPeriod(count, from, to);
    const spent = period === null ? null : spentOf(objective, period, budget);
    return { ...rowOf(objective, budget), period, periodSpent: spent };
  });
}

function countOf(book: ObjectiveBook, objective: Objective): ObjectiveCount | null {
  const key = countingKey(countingOf(objective));
  return Object.hasOwn(book, key) ? (book[key] ?? null) : null;
}

/** Of the budget that the whole window has. */
function spentOf(objective: Objective, { bad }: ObjectiveCounts, { counts }: Budget): number | null {
  const all = counts.good + counts.bad;
  return burnRate({ ...counts, bad, good: Math.max(0, all - bad) }, allowedShare(objective));
}

function rowOf(objective: Objective, budget: Budget): ObjectiveRow {
  const { name, indicator, thresholdMs, region, method, timeSliceTarget, target, windowDays } = objective;
  const { slice } = countingOf(objective);
  const { from, since, counts, achieved, left, burnRates, burning, exhaustedAt } = budget;
  return {
    name,
    indicator,
    thresholdMs,
    region,
    method,
    timeSliceTarget,
    timeSliceMinutes: slice === null ? null : slice.widthMs / MINUTE_MS,
    target,
    windowDays,
    from: toIso(from),
    since: since === null ? null : toIso(since),
    counts: { ...counts },
    achieved,
    budgetLeft: left,
    burnRates: { ...burnRates },
    burning,
    exhaustedAt: exhaustedAt === null ? null : toIso(exhaustedAt),
  };
}
