// Does DNS answer what the policy says, and if not, may it still? While health is settling, the old and the new answer are
// both legal: Route 53's checkers look at other instants than we do, and caches keep what they were told. After the
// deadline only the policy's answer is.
import type { DnsObservation, Failure } from "../model/observation.ts";
import type { DnsWatch, VerdictKind } from "../model/verdict.ts";
import { type Answer, permits } from "../policy/answer.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { HealthView } from "../policy/health-check.ts";
import { valuesOf, type Zone } from "../policy/record-set.ts";
import { type Instant, toIso } from "../time.ts";
import { describe, nameOf, policyWords } from "./answer-words.ts";
import { addRelapse, ageRelapses, isUnreliable, type Relapses, relapseWords } from "./relapse.ts";
import { groupChecks, pastRule, type PolicyTimeline, ruleWords, type Settling, settlingChecks } from "./timeline.ts";

interface Judgement {
  readonly verdict: VerdictKind;
  readonly reason: string;
  readonly deadline: Instant | null;
}

/** An answer outside the policy, and those before it. */
interface Streak {
  readonly before: DnsWatch | null;
  readonly oddSince: Instant;
  readonly relapses: Relapses;
}

/** Judges one look at DNS against the policy. `before` is what this subject's earlier looks left behind. */
export function judgeAnswer(
  timeline: PolicyTimeline,
  seen: DnsObservation,
  before: DnsWatch | null,
  at: Instant,
): DnsWatch {
  const answer = expectedAnswer(timeline.zone, timeline.question, timeline.health);
  const expected = answer.expected?.values ?? [];
  if (seen.reply.kind === "failed") {
    const unanswered = (before?.unanswered ?? 0) + 1;
    const judged = judgeSilence(seen.reply.failure, seen.server, unanswered, timeline.unansweredMax);
    return { seen, expected, ...judged, oddSince: before?.oddSince ?? null, unanswered, ...kept(before?.relapses) };
  }
  const inside = judgeInside(timeline, answer, seen, at);
  if (inside !== null) {
    const relapses = ageRelapses(before, timeline);
    return { seen, expected, ...doubted(inside, relapses), oddSince: null, unanswered: 0, ...kept(relapses) };
  }
  const oddSince = before?.oddSince ?? at;
  const isNew = (before?.oddSince ?? null) === null && !isReplaced(timeline, at);
  const relapses = isNew ? addRelapse(before, timeline) : ageRelapses(before, timeline);
  const judged = judgeOdd(timeline, answer, seen, { before, oddSince, relapses }, at);
  return { seen, expected, ...judged, oddSince, unanswered: 0, ...kept(relapses) };
}

function kept(relapses: Relapses = []): Pick<DnsWatch, "relapses"> {
  return relapses.length === 0 ? {} : { relapses };
}

/** An answer that conforms says little of a server that answers by chance. */
function doubted(judged: Judgement, relapses: Relapses): Judgement {
  if (judged.verdict !== "conforms" || !isUnreliable(relapses)) return judged;
  return { verdict: "deviates", reason: `legal now (${judged.reason}), but ${relapseWords(relapses)}`, deadline: null };
}

/** One question without an answer may be the vantage's own trouble; so many in a row are what users have, too. */
function judgeSilence(failure: Failure, server: string, unanswered: number, max: number): Judgement {
  const reason = `no answer from ${server}: ${failure.cause}, ${failure.detail}`;
  if (unanswered < max) return { verdict: "undecided", reason, deadline: null };
  return { verdict: "deviates", reason: `${reason} (${max} questions in a row or more)`, deadline: null };
}

/** Null: the answer is outside of what the policy allows now. */
function judgeInside(timeline: PolicyTimeline, answer: Answer, seen: DnsObservation, at: Instant): Judgement | null {
  const now = matching(answer, seen);
  if (now !== null && (answer.expected !== null || answer.unknown.length === 0)) {
    return { verdict: "conforms", reason: now, deadline: null };
  }
  const elsewhere = outsideName(timeline.zone, answer, seen);
  if (elsewhere !== null) {
    const reason = `legal if these are the addresses of ${elsewhere}, which is outside the zone`;
    return { verdict: "undecided", reason, deadline: null };
  }
  const settling = settlingChecks(timeline, seen, at);
  const during = expectedAnswer(timeline.zone, timeline.question, withUnknown(timeline.health, settling));
  const legal = matching(during, seen);
  if (legal === null) return null;
  if (answer.unknown.length > 0) {
    return {
      verdict: "undecided",
      reason: `legal, but health of ${answer.unknown.join(", ")} is not known yet`,
      deadline: null,
    };
  }
  const last = settling.reduce((a, b) => (b.by > a.by ? b : a));
  const until = `may take until ${toIso(last.by)}: ${ruleWords(timeline, last, seen)}`;
  return {
    verdict: "converging",
    reason: `answers ${nameOf(timeline.zone, seen)}, policy says ${answer.reason}; ${until}`,
    deadline: last.by,
  };
}

/** An answer that the policy does not allow: it gets one interval of ours, in case DNS knows something before we do. */
function judgeOdd(
  timeline: PolicyTimeline,
  answer: Answer,
  seen: DnsObservation,
  { before, oddSince, relapses }: Streak,
  at: Instant,
): Judgement {
  const saw = `${describe(timeline.zone, seen)}, but policy says ${policyWords(answer)}`;
  const { policyChange } = timeline;
  if (policyChange !== null && isReplaced(timeline, at)) {
    const deadline = policyChange.at + policyChange.spreadMs;
    return { verdict: "undecided", reason: `${saw}; the policy changed at ${toIso(policyChange.at)}`, deadline };
  }
  const foreign = foreignAddresses(timeline.zone, seen);
  if (foreign.length > 0) {
    return { verdict: "deviates", reason: `${saw}; ${foreign.join(", ")} is in no record`, deadline: null };
  }
  if (isUnreliable(relapses)) {
    return { verdict: "deviates", reason: `${saw}; ${relapseWords(relapses)}`, deadline: null };
  }
  const deadline = oddSince + timeline.lookEveryMs;
  if (at < deadline && !isOverdue(before, seen, at)) {
    const early = isPossible(timeline, seen);
    const why = early ? "DNS may have moved before our next look" : "seen for the first time";
    return { verdict: early ? "converging" : "undecided", reason: `${saw}; ${why}`, deadline };
  }
  return { verdict: "deviates", reason: `${saw}; ${pastRule(timeline, seen)}`, deadline: null };
}

/** The records themselves changed lately, and the edit may not have reached this view of DNS. */
function isReplaced({ policyChange }: PolicyTimeline, at: Instant): boolean {
  return policyChange !== null && at <= policyChange.at + policyChange.spreadMs;
}

/** The same answer has had its time: it was converging until a deadline that has passed, or deviated already. */
function isOverdue(before: DnsWatch | null, seen: DnsObservation, at: Instant): boolean {
  if (before === null || before.seen.reply.kind !== "reply" || seen.reply.kind !== "reply") return false;
  const late = before.verdict === "converging" && before.deadline !== null && at > before.deadline;
  const same =
    before.seen.reply.rcode === seen.reply.rcode && sameSet(before.seen.reply.addresses, seen.reply.addresses);
  return same && (late || before.verdict === "deviates");
}

function withUnknown(health: HealthView, settling: readonly Settling[]): HealthView {
  return { ...health, ...Object.fromEntries(settling.map(({ check }) => [check.id, "unknown" as const])) };
}

/** Would this answer be legal if every check could be either way? Then DNS may know what we do not. */
function isPossible(timeline: PolicyTimeline, seen: DnsObservation): boolean {
  const open = Object.fromEntries(groupChecks(timeline).map((check) => [check.id, "unknown" as const]));
  return matching(expectedAnswer(timeline.zone, timeline.question, open), seen) !== null;
}

/** Why this reply is legal; null: it is not, as far as the zone's own values go. */
function matching(answer: Answer, seen: DnsObservation): string | null {
  const { reply } = seen;
  if (reply.kind !== "reply" || reply.rcode !== "NOERROR") return null;
  if (reply.addresses.length === 0) return answer.mayBeEmpty ? answer.reason : null;
  return answer.acceptable.find((choice) => permits(choice, reply.addresses))?.reason ?? null;
}

/** The alias target that may have given these addresses, none of which is the zone's own; null: there is none. */
function outsideName(zone: Zone, answer: Answer, { reply }: DnsObservation): string | null {
  if (reply.kind !== "reply" || reply.rcode !== "NOERROR" || reply.addresses.length === 0) return null;
  const own = new Set(zone.recordSets.flatMap(valuesOf));
  if (reply.addresses.some((address) => own.has(address))) return null;
  return answer.acceptable.find((choice) => choice.alias !== null)?.alias ?? null;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const inA = new Set(a);
  return inA.size === new Set(b).size && b.every((one) => inA.has(one));
}

function foreignAddresses(zone: Zone, seen: DnsObservation): readonly string[] {
  const known = new Set(zone.recordSets.flatMap(valuesOf));
  return seen.reply.kind === "reply" ? seen.reply.addresses.filter((address) => !known.has(address)) : [];
}
