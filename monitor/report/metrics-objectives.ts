// The objectives' metrics: what is left of each error budget, and how fast it goes. What was not measured has no sample.
import { BURN_WINDOWS } from "../objective/budget.ts";
import { gauge } from "./metric-family.ts";
import type { ObjectiveRow } from "./objective-schema.ts";
import type { MetricFamily, Sample } from "./prometheus-text.ts";

export function objectiveFamilies(objectives: readonly ObjectiveRow[]): readonly MetricFamily[] {
  const each = (value: (row: ObjectiveRow) => number | null): readonly Sample[] =>
    objectives.flatMap((row) => sampleOf({ objective: row.name }, value(row)));
  const rates = objectives.flatMap(({ name, burnRates }) =>
    BURN_WINDOWS.flatMap((window) => sampleOf({ objective: name, window }, burnRates[window] ?? null)),
  );
  return [
    gauge(
      "edge_slo_objective_ratio",
      "The target: the share that must be good.",
      each(({ target }) => target),
    ),
    gauge(
      "edge_slo_achieved_ratio",
      "Share that was good, of what was measured in the objective's window.",
      each(({ achieved }) => achieved),
    ),
    gauge(
      "edge_slo_error_budget_ratio",
      "Share of the error budget that is left in the objective's window: 1 untouched, 0 spent, below it overdrawn.",
      each(({ budgetLeft }) => budgetLeft),
    ),
    gauge(
      "edge_slo_burn_rate",
      "How fast the error budget goes in a recent window: 1 is just what the target allows.",
      rates,
    ),
    gauge(
      "edge_slo_measured_ratio",
      "Share of the objective's window that was measured since it is counted, maintenance left out.",
      each(measuredShare),
    ),
  ];
}

function measuredShare({ counts: { good, bad, unknown } }: ObjectiveRow): number | null {
  const all = good + bad + unknown;
  return all === 0 ? null : (good + bad) / all;
}

function sampleOf(labels: Sample["labels"], value: number | null): readonly Sample[] {
  return value === null ? [] : [{ labels, value }];
}
