// What can be asked of a zone, and what may come back. An answer is a set of legal choices, because Route 53 sees things
// that we do not: health that is unknown to us, and its own latency table.
import type { RecordType } from "./record-set.ts";

/** Who asks, as far as Route 53 can see: by EDNS client subnet, or by the resolver's address. */
export interface Asker {
  /** CIDR of the client, as sent in the query; null: the resolver's own address stands in. */
  readonly clientSubnet: string | null;
  /** AWS regions, the lowest latency first, as calibrated for this asker; empty: not calibrated. */
  readonly latencyOrder: readonly string[];
}

export interface Question {
  readonly name: string;
  readonly type: RecordType;
  readonly asker: Asker;
}

/** One legal answer. */
export interface AnswerChoice {
  readonly setIdentifier: string | null;
  /** Sorted as text. */
  readonly values: readonly string[];
  readonly ttlSeconds: number;
  /** True when nothing is healthy and all are treated as healthy (Developer Guide, "How Amazon Route 53 averts failover problems"). */
  readonly failOpen: boolean;
  readonly reason: string;
}

export interface Answer {
  readonly question: Question;
  /** Every legal choice, most preferred first; empty: the zone has no such record. */
  readonly acceptable: readonly AnswerChoice[];
  /** The only legal choice; null when there are several or none. */
  readonly expected: AnswerChoice | null;
  /** Set identifiers among the choices whose health is unknown: with it the choice may narrow, or turn into fail-open. */
  readonly unknown: readonly string[];
  readonly reason: string;
}
