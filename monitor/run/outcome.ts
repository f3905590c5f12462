// What a round's outcomes are worth: the reports among them, once each vantage has doubted itself. One that reached nothing
// at all, neither a region nor DNS, has most likely lost its own network, and must not accuse anybody.
import type { Failure, FailureCause, VantageOutcome, VantageReport } from "../model.ts";

export function reportsOf(outcomes: readonly VantageOutcome[]): readonly VantageReport[] {
  return outcomes.flatMap((outcome) => (outcome.kind === "reported" ? [outcome.report] : []));
}

/** Ends that need nobody on the other side. `refused` is not among them: somebody sent the refusal. */
const REACHED_NOBODY: ReadonlySet<FailureCause> = new Set([
  "name-not-resolved",
  "unreachable",
  "timeout",
  "internal",
  "not-started",
]);

/** A report that reached nothing counts as missed, with what it saw as the reason. */
export function doubtVantage(outcome: VantageOutcome): VantageOutcome {
  if (outcome.kind === "missed") return outcome;
  const { observations, dns, vantage } = outcome.report;
  const reached = [
    ...observations.map((seen) => seen.status !== null || seen.phases.connect !== undefined || answered(seen.failure)),
    ...dns.map(({ reply }) => reply.kind === "reply" || answered(reply.failure)),
  ];
  if (reached.length === 0 || reached.includes(true)) return outcome;
  const causes = observations.flatMap((seen) => (seen.failure === null ? [] : [seen.failure.cause]));
  return {
    kind: "missed",
    vantage,
    detail: `it reached nothing at all, neither a region nor DNS (${[...new Set(causes)].join(", ")}): its own network?`,
  };
}

function answered(failure: Failure | null): boolean {
  return failure === null || !REACHED_NOBODY.has(failure.cause);
}
