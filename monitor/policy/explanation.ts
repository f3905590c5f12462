// Why an answer is what it is, as a plain value: a tree of groups of records, each with what was decided about each of its
// records. The evaluator makes it on the same walk that makes the answer.
import type { Answer } from "./answer.ts";
import type { Health } from "./health-check.ts";
import type { RecordType, Routing } from "./record-set.ts";

export interface Explanation {
  readonly answer: Answer;
  /** Null: the zone has no such record. */
  readonly group: GroupExplanation | null;
  /** False: a bound was met. More unknown checks stand in several places than are tried, or aliases were not followed. */
  readonly exact: boolean;
}

/** The records of one name and type. */
export interface GroupExplanation {
  readonly name: string;
  readonly type: RecordType;
  readonly policy: Routing["routing"] | "mixed";
  /** As an alias target: healthy when some member is. */
  readonly health: Health;
  /** Is nothing healthy among the records that fit this asker, so that all are treated as healthy? */
  readonly failOpen: "no" | "possible" | "yes";
  /** What is not known of the asker; null: nothing that matters. */
  readonly note: string | null;
  /** The most preferred first. */
  readonly candidates: readonly CandidateExplanation[];
}

export interface CandidateExplanation {
  readonly setIdentifier: string | null;
  /** "the primary aws-us-east-1", "b (weight 3 of 10)". */
  readonly role: string;
  readonly health: Health;
  /** Health check first, then the alias target's health. */
  readonly why: readonly string[];
  readonly decision: Decision;
  readonly target: readonly string[];
  /** Of an alias or CNAME within the zone; null otherwise, and where the walk was cut. */
  readonly leadsTo: GroupExplanation | null;
}

export type Decision =
  | "answers"
  | "may answer"
  | "answers though unhealthy"
  | "may answer though unhealthy"
  | "passed over as unhealthy"
  | "not needed"
  | "does not fit the asker";
