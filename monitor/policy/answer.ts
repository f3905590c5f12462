// What can be asked of a zone, and what may come back. An answer is a set of legal choices, because Route 53 sees things
// that we do not: health that is unknown to us, and its own tables of latency and of places.
import { MULTIVALUE_ANSWERS_MAX } from "./constants.ts";
import type { AddressType, Coordinates } from "./record-set.ts";

/** A place in Route 53's codes: continent "EU", country "BE", subdivision "CA". */
export interface AskerLocation {
  readonly continent: string;
  readonly country: string;
  /** Null: not known; then any subdivision of the country may be it. */
  readonly subdivision: string | null;
}

/**
 * Who asks, as far as Route 53 can see: by EDNS client subnet, or by the resolver's address. What is not known leaves every
 * record legal that some place would get.
 */
export interface Asker {
  /** CIDR of the client, as sent in the query; null: the resolver's own address stands in, which we do not know. */
  readonly clientSubnet: string | null;
  /**
   * AWS regions, the lowest latency first, as calibrated for this asker; empty: not calibrated. Who gives an order holds
   * Route 53 to it; what it may answer under any order is the same question with an empty one.
   */
  readonly latencyOrder: readonly string[];
  readonly location: AskerLocation | null;
  readonly coordinates: Coordinates | null;
}

/** An asker of whom nothing is known. */
export const ANYONE: Asker = { clientSubnet: null, latencyOrder: [], location: null, coordinates: null };

export interface Question {
  readonly name: string;
  readonly type: AddressType;
  readonly asker: Asker;
}

/** One legal answer. */
export interface AnswerChoice {
  /** `subset`: some of the values, see `permits`; otherwise all of them. */
  readonly kind: "values" | "subset";
  /** Of the record at the question's name; null for simple routing, and where several records answer together. */
  readonly setIdentifier: string | null;
  /** Set identifiers from the question's name down the alias tree to the values; simple records have none. */
  readonly path: readonly string[];
  /** The name outside this zone, by alias or CNAME, whose addresses are the answer: then `values` is empty. */
  readonly alias: string | null;
  /** Sorted as text. */
  readonly values: readonly string[];
  /** Of a subset, those that are healthy for sure: a reply lacks one of them only when it is full. Otherwise all. */
  readonly certain: readonly string[];
  readonly ttlSeconds: number;
  /** True when nothing is healthy and all are treated as healthy (Developer Guide, "How Amazon Route 53 averts failover problems"). */
  readonly failOpen: boolean;
  readonly reason: string;
}

export interface Answer {
  readonly question: Question;
  /**
   * `answer`: there is a choice. `no-answer`: the records give this asker nothing (no location fits, or an alias leads
   * nowhere). `no-such-record`: the zone has nothing at this name and type.
   */
  readonly kind: "answer" | "no-answer" | "no-such-record";
  /** Every legal choice, most preferred first; empty unless `kind` is "answer". */
  readonly acceptable: readonly AnswerChoice[];
  /** True: a reply without records is legal, beside the choices or alone. */
  readonly mayBeEmpty: boolean;
  /** The only legal choice; null when there are several or none. */
  readonly expected: AnswerChoice | null;
  /** Set identifiers among the choices whose health is unknown: with it the choice may narrow, or turn into fail-open. */
  readonly unknown: readonly string[];
  readonly reason: string;
}

/** Can this choice have given this reply? Compared as sets. A choice with an alias says nothing: its values are elsewhere. */
export function permits(choice: AnswerChoice, reply: readonly string[]): boolean {
  if (choice.alias !== null) return false;
  const seen = new Set(reply);
  const allowed = new Set(choice.values);
  if (seen.size === 0 || ![...seen].every((value) => allowed.has(value))) return false;
  if (choice.kind === "values") return seen.size === allowed.size;
  return seen.size === MULTIVALUE_ANSWERS_MAX || (seen.size < MULTIVALUE_ANSWERS_MAX && hasAll(seen, choice.certain));
}

function hasAll(seen: ReadonlySet<string>, values: readonly string[]): boolean {
  return values.every((value) => seen.has(value));
}
