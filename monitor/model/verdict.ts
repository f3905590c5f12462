// What is judged, what is remembered to judge it, and the spans in which it deviated.
import type { Instant } from "../time.ts";
import type { DnsObservation } from "./observation.ts";

export type VerdictKind = "conforms" | "converging" | "deviates" | "undecided";

/** What is judged: "region:<id>", "claim:<region>", "dns:<name>:<vantage>:<view>" (":AAAA" added for that type), "failover". */
export type Subject = string;

export interface Verdict {
  readonly subject: Subject;
  readonly verdict: VerdictKind;
  readonly reason: string;
  /** By when the subject must conform; absent where waiting would not help. */
  readonly deadline?: Instant;
  /** The maintenance that excuses it, as an incident's `causedBy`: it does not count for the overall verdict. */
  readonly excusedBy?: string;
}

/** What is remembered of one DNS subject from round to round. */
export interface DnsWatch {
  readonly seen: DnsObservation;
  /** Sorted; empty where no single answer is expected. */
  readonly expected: readonly string[];
  readonly reason: string;
  readonly verdict: VerdictKind;
  readonly deadline: Instant | null;
  /** Since when an answer outside the policy has been seen without a break; null while it is inside. */
  readonly oddSince: Instant | null;
  /** Questions in a row without any answer. */
  readonly unanswered: number;
  /** How many answers ago it turned from legal to illegal without a reason, the latest first; absent where it did not lately. */
  readonly relapses?: readonly number[];
}

/** A span in which a subject deviated. */
export interface Incident {
  readonly id: string;
  readonly subject: Subject;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  /** The reason of the first deviating verdict; the latest one is in `verdicts`. */
  readonly reason: string;
  /** The drill that was meant to cause it, or "maintenance:<id>"; absent: nobody meant it. */
  readonly causedBy?: string;
}

export interface IncidentBook {
  /** The oldest first. */
  readonly open: readonly Incident[];
  /** The latest first. */
  readonly closed: readonly Incident[];
}

export interface IncidentChange {
  /** "outlasted": it was planned, and stands although its drill and its traces, or its maintenance, should be gone. */
  readonly kind: "opened" | "closed" | "outlasted";
  readonly incident: Incident;
}
