// The order of verdicts, and the names of what is judged.
import type { DnsObservation } from "../model/observation.ts";
import type { Subject, Verdict, VerdictKind } from "../model/verdict.ts";

/** The worst first. A thing that deviates is not excused by one that we could not judge. */
const WORST_FIRST: readonly VerdictKind[] = ["deviates", "undecided", "converging", "conforms"];

/** The worst of the given; `undecided` for none, because nothing judged is nothing known. */
export function worstVerdict(verdicts: readonly VerdictKind[]): VerdictKind {
  return WORST_FIRST.find((kind) => verdicts.includes(kind)) ?? "undecided";
}

/** Of everything that counts: what maintenance excuses does not. */
export function overallVerdict(verdicts: readonly Verdict[]): VerdictKind {
  return worstVerdict(verdicts.filter(({ excusedBy }) => excusedBy === undefined).map(({ verdict }) => verdict));
}

export function regionSubject(region: string): Subject {
  return `region:${region}`;
}

export function claimSubject(region: string): Subject {
  return `claim:${region}`;
}

export function dnsSubject(seen: Pick<DnsObservation, "name" | "vantage" | "view" | "type">): Subject {
  return `dns:${seen.name}:${seen.vantage}:${seen.view}${seen.type === "A" ? "" : `:${seen.type}`}`;
}

/** Each server has a history of its own: the good answer of one must not excuse the bad one of another. */
export function watchKey(seen: DnsObservation): string {
  return `${dnsSubject(seen)} ${seen.server}`;
}

export const FAILOVER_SUBJECT: Subject = "failover";
