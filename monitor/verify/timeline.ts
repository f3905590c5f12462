// The policy over time, for one question: what holds now, which changes of health may not have reached DNS yet, and until
// when. The rule is also said in words, with its numbers.
import type { DnsObservation } from "../model/observation.ts";
import type { Question } from "../policy/answer.ts";
import { authoritativeBy, deadlineRule, type PolicyTiming, recursiveBy } from "../policy/deadline.ts";
import type { HealthCheck, HealthView } from "../policy/health-check.ts";
import { checksBehind, ttlSecondsBehind } from "../policy/reach.ts";
import type { Zone } from "../policy/record-set.ts";
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
export interface Settling {
  readonly check: HealthCheck;
  readonly changedAt: Instant;
  readonly by: Instant;
}

/** Checks of this group whose latest change is still inside its deadline for this view. */
export function settlingChecks(timeline: PolicyTimeline, seen: DnsObservation, at: Instant): readonly Settling[] {
  return groupChecks(timeline)
    .map((check) => settlingOf(timeline, check, seen))
    .filter((one) => one !== null)
    .filter((one) => at <= one.by);
}

function settlingOf(timeline: PolicyTimeline, check: HealthCheck, seen: DnsObservation): Settling | null {
  const changedAt = timeline.changedAt[check.id] ?? null;
  if (changedAt === null) return null;
  const { zone, timing } = timeline;
  const by =
    seen.view === "authoritative"
      ? authoritativeBy(changedAt, check, timing, zone.healthChecks)
      : recursiveBy(changedAt, check, timing, zone.healthChecks, ttlSecondsMax(timeline));
  return by === null ? null : { check, changedAt, by };
}

/** Every check that has a say in the answer, down the alias tree. */
export function groupChecks({ zone, question }: PolicyTimeline): readonly HealthCheck[] {
  return checksBehind(zone, question.name, question.type);
}

function ttlSecondsMax({ zone, question }: PolicyTimeline): number {
  return ttlSecondsBehind(zone, question.name, question.type);
}

/** "3 × (30 s + 6 s) detection + 1 m propagation after aws-us-east-1 changed at …". */
export function ruleWords(timeline: PolicyTimeline, { check, changedAt }: Settling, seen: DnsObservation): string {
  const ttlSeconds = seen.view === "recursive" ? ttlSecondsMax(timeline) : null;
  return `${deadlineRule(check, timeline.timing, timeline.zone.healthChecks, ttlSeconds)} after ${check.id} changed at ${toIso(changedAt)}`;
}

/** The rule that has run out, in words; or that there was no change which could explain the answer. */
export function pastRule(timeline: PolicyTimeline, seen: DnsObservation): string {
  const past = groupChecks(timeline)
    .map((check) => settlingOf(timeline, check, seen))
    .filter((one) => one !== null);
  const [latest] = past.toSorted((a, b) => b.by - a.by);
  if (latest === undefined) return "no change of health explains it";
  return `${ruleWords(timeline, latest, seen)} ended at ${toIso(latest.by)}`;
}

/** How long a replaced policy may take to be answered: the edit's own spread, then the old answers in caches. */
export function policySpreadMs(propagationMs: number, ttlSeconds: number, slackMs: number): number {
  return propagationMs + ttlSeconds * SECOND_MS + slackMs;
}
