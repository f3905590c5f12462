// A drill that is still running, judged by what its record holds so far: where it is, what comes next and when. What only its
// end can tell is not said before it.
import type { Instant } from "../time.ts";
import { mishapReasons } from "./completeness.ts";
import type { DrillRecord, DrillStage } from "./record.ts";
import { type Judgement, judgeDrill, type Reason } from "./referee.ts";
import { sightsOf } from "./sights.ts";

export interface DrillCourse {
  /** Null: it has its files, and nobody looks yet. */
  readonly stage: DrillStage | null;
  readonly since: Instant;
  /** "the fault": what comes next; null: nothing but the report. */
  readonly next: "the fault" | "the repair" | "the end" | null;
  /** By then at the latest; a lever may take time itself. */
  readonly nextBy: Instant | null;
}

export function courseOf({ plan, startedAt, events }: DrillRecord): DrillCourse {
  const entered = events.findLast((event) => event.kind === "stage");
  const since = entered?.at ?? startedAt;
  const stage = entered?.kind === "stage" ? entered.stage : null;
  switch (stage) {
    case null:
    case "steady":
      return { stage, since, next: "the fault", nextBy: since + plan.steadyWindowMs };
    case "fault":
      return { stage, since, next: "the repair", nextBy: since + Math.min(plan.faultMs, plan.expiryMs) };
    case "repair":
      return { stage, since, next: "the end", nextBy: since + plan.afterMs };
    case "over":
      return { stage, since, next: null, nextBy: null };
  }
}

/** The outcome is open; what has gone wrong for good is a note. */
export function judgeSoFar(record: DrillRecord): Judgement {
  const judged = judgeDrill(record, null);
  const mishaps = mishapReasons(sightsOf(record.events)).map(({ text }) => text);
  const exceeded = judged.bounds.filter(({ result }) => result === "over").map(({ sentence }) => sentence);
  const reasons = [...mishaps, ...exceeded].map((text): Reason => ({ weight: "note", text }));
  return { ...judged, outcome: "inconclusive", reasons };
}
