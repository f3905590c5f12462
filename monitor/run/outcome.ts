// The reports among a round's outcomes.
import type { VantageOutcome, VantageReport } from "../model.ts";

export function reportsOf(outcomes: readonly VantageOutcome[]): readonly VantageReport[] {
  return outcomes.flatMap((outcome) => (outcome.kind === "reported" ? [outcome.report] : []));
}
