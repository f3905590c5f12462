// Does DNS answer what the policy says, and if not, may it still? While health is settling, the old and the new answer are
// both legal: Route 53's checkers look at other instants than we do, and caches keep what they were told. After the
// deadline only the policy's answer is.
import type { DnsObservation, DnsWatch, Failure, VerdictKind } from "../model.ts";
import type { Answer, AnswerChoice, Question } from "../policy/answer.ts";
import { authoritativeBy, deadlineRule, type PolicyTiming, recursiveBy } from "../policy/deadline.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { HealthCheck, HealthView } from "../policy/health-check.ts";
import { normalName, type RecordSet, type Zone } from "../policy/record-set.ts";
import { type Instant, SECOND_MS, toIso } from "../time.ts";

/** The policy over time, for one question: what holds now, what changed lately, and how long that may take. */
export interface PolicyTimeline {
  readonly zone: Zone;
  readonly question: Question;
  /** What Route 53 should believe now. */
  readonly health: HealthView;
  /** By health check id: the latest instant at which any vantage saw a change; null: never. */
  readonly changedAt: Readonly<Record<string, Instant | null>>;
  readonly timing: PolicyTiming;
  /** Our own looks are this far apart: so long may DNS move before we see why. */
  readonly lookEveryMs: number;
  /** When the policy itself was replaced, and how long that takes to reach the name servers; null: never. */
  readonly policyChange: { readonly at: Instant; readonly spreadMs: number } | null;
  /** Questions in a row without an answer that make a deviation. */
  readonly unansweredMax: number;
}

/** A check whose change may not have reached this view of DNS yet. */
interface Settling {
  readonly check: HealthCheck;
  readonly changedAt: Instant;
  readonly by: Instant;
}

interface Judgement {
  readonly verdict: VerdictKind;
  readonly reason: string;
  readonly deadline: Instant | null;
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
    return { seen, expected, ...judged, oddSince: before?.oddSince ?? null, unanswered };
  }
  const inside = judgeInside(timeline, answer, seen, at);
  if (inside !== null) return { seen, expected, ...inside, oddSince: null, unanswered: 0 };
  const oddSince = before?.oddSince ?? at;
  return { seen, expected, ...judgeOdd(timeline, answer, seen, oddSince, at), oddSince, unanswered: 0 };
}

/** One question without an answer may be the vantage's own trouble; so many in a row are what users have, too. */
function judgeSilence(failure: Failure, server: string, unanswered: number, max: number): Judgement {
  const reason = `no answer from ${server}: ${failure.cause}, ${failure.detail}`;
  if (unanswered < max) return { verdict: "undecided", reason, deadline: null };
  return { verdict: "deviates", reason: `${reason} (${max} questions in a row or more)`, deadline: null };
}

/** Null: the answer is outside of what the policy allows now. */
function judgeInside(timeline: PolicyTimeline, answer: Answer, seen: DnsObservation, at: Instant): Judgement | null {
  const now = matching(answer.acceptable, seen);
  if (now !== null && (answer.expected !== null || answer.unknown.length === 0)) {
    return { verdict: "conforms", reason: now.reason, deadline: null };
  }
  const settling = settlingChecks(timeline, seen, at);
  const during = expectedAnswer(timeline.zone, timeline.question, withUnknown(timeline.health, settling));
  const legal = matching(during.acceptable, seen);
  if (legal === null) return null;
  if (answer.unknown.length > 0) {
    return {
      verdict: "undecided",
      reason: `legal, but health of ${answer.unknown.join(", ")} is not known yet`,
      deadline: null,
    };
  }
  const deadline = Math.max(...settling.map((one) => one.by));
  const until = `may take until ${toIso(deadline)}: ${rules(timeline, settling, seen)}`;
  return {
    verdict: "converging",
    reason: `answers ${nameOf(timeline.zone, seen)}, policy says ${answer.reason}; ${until}`,
    deadline,
  };
}

/** An answer that the policy does not allow: it gets one interval of ours, in case DNS knows something before we do. */
function judgeOdd(
  timeline: PolicyTimeline,
  answer: Answer,
  seen: DnsObservation,
  oddSince: Instant,
  at: Instant,
): Judgement {
  const saw = `${describe(timeline.zone, seen)}, but policy says ${policyWords(answer)}`;
  const foreign = foreignAddresses(timeline.zone, seen);
  if (foreign.length > 0)
    return { verdict: "deviates", reason: `${saw}; ${foreign.join(", ")} is in no record`, deadline: null };
  const { policyChange } = timeline;
  if (policyChange !== null && at <= policyChange.at + policyChange.spreadMs) {
    const deadline = policyChange.at + policyChange.spreadMs;
    return { verdict: "undecided", reason: `${saw}; the policy changed at ${toIso(policyChange.at)}`, deadline };
  }
  const deadline = oddSince + timeline.lookEveryMs;
  if (at < deadline) {
    const early = isPossible(timeline, seen);
    const why = early ? "DNS may have moved before our next look" : "seen for the first time";
    return { verdict: early ? "converging" : "undecided", reason: `${saw}; ${why}`, deadline };
  }
  return { verdict: "deviates", reason: `${saw}; ${pastRule(timeline, seen)}`, deadline: null };
}

/** Checks of this group whose latest change is still inside its deadline for this view. */
function settlingChecks(timeline: PolicyTimeline, seen: DnsObservation, at: Instant): readonly Settling[] {
  return groupChecks(timeline)
    .map((check) => settlingOf(timeline, check, seen))
    .filter((one) => one !== null)
    .filter((one) => at <= one.by);
}

function settlingOf(timeline: PolicyTimeline, check: HealthCheck, seen: DnsObservation): Settling | null {
  const changedAt = timeline.changedAt[check.id] ?? null;
  if (changedAt === null) return null;
  const by =
    seen.view === "authoritative"
      ? authoritativeBy(changedAt, check, timeline.timing)
      : recursiveBy(changedAt, check, timeline.timing, ttlSecondsMax(timeline));
  return { check, changedAt, by };
}

function groupOf(timeline: PolicyTimeline): readonly RecordSet[] {
  const name = normalName(timeline.question.name);
  return timeline.zone.recordSets.filter((record) => record.name === name && record.type === timeline.question.type);
}

function groupChecks(timeline: PolicyTimeline): readonly HealthCheck[] {
  const ids = new Set(groupOf(timeline).map((record) => record.healthCheckId));
  return timeline.zone.healthChecks.filter((check) => ids.has(check.id));
}

function ttlSecondsMax(timeline: PolicyTimeline): number {
  return Math.max(0, ...groupOf(timeline).map((record) => record.target.ttlSeconds));
}

function withUnknown(health: HealthView, settling: readonly Settling[]): HealthView {
  return { ...health, ...Object.fromEntries(settling.map(({ check }) => [check.id, "unknown" as const])) };
}

/** Would this answer be legal if every check could be either way? Then DNS may know what we do not. */
function isPossible(timeline: PolicyTimeline, seen: DnsObservation): boolean {
  const open = Object.fromEntries(groupChecks(timeline).map((check) => [check.id, "unknown" as const]));
  return matching(expectedAnswer(timeline.zone, timeline.question, open).acceptable, seen) !== null;
}

function matching(choices: readonly AnswerChoice[], seen: DnsObservation): AnswerChoice | null {
  const { reply } = seen;
  if (reply.kind !== "reply" || reply.rcode !== "NOERROR") return null;
  return choices.find((choice) => sameSet(choice.values, reply.addresses)) ?? null;
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const inA = new Set(a);
  return inA.size === new Set(b).size && b.every((one) => inA.has(one));
}

function foreignAddresses(zone: Zone, seen: DnsObservation): readonly string[] {
  const known = new Set(zone.recordSets.flatMap((record) => record.target.values));
  return seen.reply.kind === "reply" ? seen.reply.addresses.filter((address) => !known.has(address)) : [];
}

/** "192.0.2.10 (aws-us-east-1)". */
function nameOf(zone: Zone, seen: DnsObservation): string {
  const addresses = seen.reply.kind === "reply" ? seen.reply.addresses : [];
  const named = addresses.map((address) => {
    const record = zone.recordSets.find((one) => one.target.values.includes(address));
    return record?.setIdentifier === undefined || record.setIdentifier === null
      ? address
      : `${address} (${record.setIdentifier})`;
  });
  return named.join(", ");
}

function describe(zone: Zone, seen: DnsObservation): string {
  if (seen.reply.kind !== "reply") return "gives no answer";
  if (seen.reply.rcode !== "NOERROR") return `answers ${seen.reply.rcode}`;
  return seen.reply.addresses.length === 0 ? "answers without any address" : `answers ${nameOf(zone, seen)}`;
}

function policyWords(answer: Answer): string {
  return answer.expected === null ? answer.reason : `${answer.expected.values.join(", ")}: ${answer.reason}`;
}

function rules(timeline: PolicyTimeline, settling: readonly Settling[], seen: DnsObservation): string {
  const ttlSeconds = seen.view === "recursive" ? ttlSecondsMax(timeline) : null;
  const words = settling.map(
    ({ check, changedAt }) =>
      `${deadlineRule(check, timeline.timing, ttlSeconds)} after ${check.id} changed at ${toIso(changedAt)}`,
  );
  return words.join("; ");
}

/** The rule that has run out, in words; or that there was no change which could explain the answer. */
function pastRule(timeline: PolicyTimeline, seen: DnsObservation): string {
  const past = groupChecks(timeline)
    .map((check) => settlingOf(timeline, check, seen))
    .filter((one) => one !== null);
  const [latest] = past.toSorted((a, b) => b.by - a.by);
  if (latest === undefined) return "no change of health explains it";
  return `${rules(timeline, [latest], seen)} ended at ${toIso(latest.by)}`;
}

/** How long a replaced policy may take to be answered: the edit's own spread, then the old answers in caches. */
export function policySpreadMs(propagationMs: number, ttlSeconds: number, slackMs: number): number {
  return propagationMs + ttlSeconds * SECOND_MS + slackMs;
}
