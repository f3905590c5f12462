// What DNS was allowed to answer at any instant of a history of health and of record changes, by the name servers and by caches,
// and until when. Looking back one knows more than the live judge does: a change that was only seen at the next look counts
// already before it, because Route 53 may have looked in between.
import type { DnsPath } from "../model/observation.ts";
import type { Question } from "../policy/answer.ts";
import { authoritativeBy, type PolicyTiming, recursiveBy } from "../policy/deadline.ts";
import type { Health, HealthView } from "../policy/health-check.ts";
import { checksBehind, ttlSecondsBehind } from "../policy/reach.ts";
import type { Zone } from "../policy/record-set.ts";
import type { Instant } from "../time.ts";
import { healthAt } from "./replay-faults.ts";
import type { HealthChange } from "./replay-health.ts";
import { policySpreadMs } from "./timeline.ts";

/** All lists the oldest first. */
export interface PolicyHistory {
  /** From when each was what the records should be; the first one was so before as well. At least one. */
  readonly zones: readonly { readonly from: Instant; readonly zone: Zone }[];
  /** By health check id: what Route 53 should have believed, by our looks. */
  readonly health: Readonly<Record<string, readonly HealthChange[]>>;
  /** By health check id: when what the looks say changed, before any threshold. */
  readonly changes: Readonly<Record<string, readonly Instant[]>>;
  readonly timing: PolicyTiming;
  /** From an edit of the records to the name servers. */
  readonly editMs: number;
  /** Our looks are so far apart. */
  readonly lookEveryMs: number;
}

/** One way in which DNS may have answered. */
export interface LegalView {
  readonly zone: Zone;
  readonly health: HealthView;
}

export interface Legal {
  /** By the present records first, then by those that were replaced and may still be answered, the newest first. */
  readonly views: readonly LegalView[];
  /** The next instant at which one of the old answers stops being legal; null: none is left that will. */
  readonly until: Instant | null;
}

export function legalViewsAt(history: PolicyHistory, question: Question, path: DnsPath, at: Instant): Legal {
  const deadlines: Instant[] = [];
  const views = zonesAt(history, question, path, at).map(({ zone, by }): LegalView => {
    const open = openChecks(history, zone, question, path, at);
    deadlines.push(...(by === null ? [] : [by]), ...open.map((check) => check.by));
    const settled = Object.entries(history.health).map(([id, changes]): [string, Health] => [
      id,
      healthAt(changes, at),
    ]);
    const unknown = open.map(({ id }): [string, Health] => [id, "unknown"]);
    return { zone, health: Object.fromEntries([...settled, ...unknown]) };
  });
  const until = deadlines.reduce<Instant | null>((a, b) => (a === null || b < a ? b : a), null);
  return { views, until };
}

/** The zone in force, and those before it whose replacement may not have reached this view of DNS yet. */
function zonesAt({ zones, timing, editMs }: PolicyHistory, { name, type }: Question, path: DnsPath, at: Instant) {
  const current = Math.max(
    0,
    zones.findLastIndex(({ from }) => from <= at),
  );
  const candidates = zones.slice(0, current + 1).map(({ zone }, index) => {
    const replacedAt = index === current ? null : (zones[index + 1]?.from ?? null);
    const ttlSeconds = ttlSecondsBehind(zone, name, type);
    const spreadMs = path === "authoritative" ? editMs : policySpreadMs(editMs, ttlSeconds, timing.slackMs);
    return { zone, by: replacedAt === null ? null : replacedAt + spreadMs };
  });
  return candidates.filter(({ by }) => by === null || at <= by).toReversed();
}

/** Checks that may be either way now, each until its latest deadline. */
function openChecks(
  { changes, timing, lookEveryMs }: PolicyHistory,
  zone: Zone,
  { name, type }: Question,
  path: DnsPath,
  at: Instant,
): readonly { readonly id: string; readonly by: Instant }[] {
  const ttlSeconds = ttlSecondsBehind(zone, name, type);
  return checksBehind(zone, name, type).flatMap((check) => {
    const latest = (changes[check.id] ?? []).findLast((change) => change - lookEveryMs <= at);
    if (latest === undefined) return [];
    const by =
      path === "authoritative"
        ? authoritativeBy(latest, check, timing, zone.healthChecks)
        : recursiveBy(latest, check, timing, zone.healthChecks, ttlSeconds);
    return by === null || at > by ? [] : [{ id: check.id, by }];
  });
}
