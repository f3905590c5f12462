// Which incidents have one cause, so that people are told once: the whole service before its DNS, DNS before regions; regions
// that fail in the same round are one alarm, and what a region claims or its router sees goes with the region.
import type { Alarm, AlarmScope, ToldIncident } from "../model/alert.ts";
import type { Incident, Subject } from "../model/verdict.ts";
import { HOUR_MS, type Instant, MINUTE_MS } from "../time.ts";
import { FAILOVER_SUBJECT } from "../verify/verdict.ts";

/** Of the blind incident: nobody could look. */
export const BLIND_SUBJECT = "vantages";

/** What opened so many times within an hour flaps: its alarm then stays open until it has been quiet for a while. */
export const FLAP_OPENINGS = 3;
export const FLAP_WINDOW_MS = HOUR_MS;
export const FLAP_QUIET_MS = 15 * MINUTE_MS;

export interface AlarmStep {
  /** The oldest first. */
  readonly open: readonly Alarm[];
  readonly ended: readonly Alarm[];
}

/** `incidents` are those that people may be told of, `closed` the latest ones that are over, `regions` how many there are at all. */
export function stepAlarms(
  alarms: readonly Alarm[],
  incidents: readonly ToldIncident[],
  closed: readonly Incident[],
  regions: number,
  at: Instant,
): AlarmStep {
  const openIds = new Set(incidents.map(({ id }) => id));
  const kept = alarms.map((alarm) => ({ ...alarm, incidents: alarm.incidents.filter((id) => openIds.has(id)) }));
  const known = new Set(kept.flatMap((alarm) => alarm.incidents));
  const fresh = incidents.filter(({ id }) => !known.has(id));
  const attached = kept.map((alarm, index) => attach(alarm, fresh, kept.slice(0, index), at));
  const loose = fresh.filter(({ subject }) => !kept.some((alarm) => covers(alarm, subject)));
  const all = [...attached, ...newAlarms(loose, incidents, regions, at)];
  const ended = all.filter((alarm) => isOver(alarm, closed, at));
  return { open: all.filter((alarm) => !ended.includes(alarm)), ended };
}

/** To the first alarm that covers it, and to no other. */
function attach(alarm: Alarm, fresh: readonly ToldIncident[], before: readonly Alarm[], at: Instant): Alarm {
  const own = fresh.filter(
    ({ subject }) => covers(alarm, subject) && !before.some((earlier) => covers(earlier, subject)),
  );
  const incidents = [...alarm.incidents, ...own.map(({ id }) => id)];
  return { ...alarm, incidents, quietSince: incidents.length > 0 ? null : (alarm.quietSince ?? at) };
}

function isOver(alarm: Alarm, closed: readonly Incident[], at: Instant): boolean {
  if (alarm.quietSince === null) return false;
  return openingsOf(alarm, closed, at) < FLAP_OPENINGS || at - alarm.quietSince >= FLAP_QUIET_MS;
}

/** Incidents that were open together were one opening, however many of them came one after the other; planned ones were none. */
function openingsOf(alarm: Alarm, closed: readonly Incident[], at: Instant): number {
  const spans = closed
    .filter(({ subject, causedBy }) => causedBy === undefined && covers(alarm, subject))
    .filter(({ openedAt }) => openedAt > at - FLAP_WINDOW_MS)
    .toSorted((a, b) => a.openedAt - b.openedAt);
  let openings = 0;
  let until = -Infinity;
  for (const { openedAt, closedAt } of spans) {
    if (openedAt > until) openings += 1;
    until = Math.max(until, closedAt ?? at);
  }
  return openings;
}

function newAlarms(
  fresh: readonly ToldIncident[],
  incidents: readonly ToldIncident[],
  regions: number,
  at: Instant,
): readonly Alarm[] {
  const down = incidents.filter(({ subject }) => subject.startsWith("region:")).length;
  const most = down > 1 && down > regions / 2;
  const ofService = fresh.filter(({ subject }) => ["global", "dns", "regions"].includes(scopeOf(subject)));
  const everywhere = ofService.some(({ subject }) => scopeOf(subject) === "global") || (most && ofService.length > 0);
  const groups: readonly (readonly [AlarmScope, readonly ToldIncident[]])[] = [
    ...(everywhere
      ? [["global", ofService] as const]
      : (["dns", "regions"] as const).map((scope) => [scope, ofScope(fresh, scope)] as const)),
    ...(["drill", "burn-page", "burn-ticket", "blind", "other"] as const).flatMap((scope) =>
      ofScope(fresh, scope).map((incident) => [scope, [incident]] as const),
    ),
  ];
  return groups.flatMap(([scope, group]) => alarmOf(scope, group, at));
}

function ofScope(incidents: readonly ToldIncident[], scope: AlarmScope): readonly ToldIncident[] {
  return incidents.filter(({ subject }) => scopeOf(subject) === scope);
}

/** The one that says most of the cause, after which their alarm is named; null where there is none. */
export function worstOf(group: readonly ToldIncident[]): ToldIncident | null {
  return (
    group.find(({ subject }) => subject === FAILOVER_SUBJECT) ??
    group.find(({ subject }) => subject.startsWith("region:")) ??
    group[0] ??
    null
  );
}

/** None for no incidents. */
function alarmOf(scope: AlarmScope, group: readonly ToldIncident[], at: Instant): readonly Alarm[] {
  const first = worstOf(group);
  if (first === null) return [];
  const { id, subject, reason } = first;
  const regions = scope === "regions" ? [...new Set(group.map((incident) => afterColon(incident.subject)))] : [];
  const incidents = group.map((incident) => incident.id);
  return [{ id, scope, subject, reason, regions, openedAt: at, incidents, quietSince: null, told: {} }];
}

function covers({ scope, subject: own, regions }: Alarm, subject: Subject): boolean {
  const other = scopeOf(subject);
  switch (scope) {
    case "global":
      return other === "global" || other === "dns" || other === "regions";
    case "dns":
      return other === "dns";
    case "regions":
      return other === "regions" && regions.includes(afterColon(subject));
    default:
      return subject === own;
  }
}

function scopeOf(subject: Subject): AlarmScope {
  if (subject === FAILOVER_SUBJECT) return "global";
  if (subject === BLIND_SUBJECT) return "blind";
  if (/^(region|claim|router):/.test(subject)) return "regions";
  if (subject.startsWith("dns:")) return "dns";
  if (subject.startsWith("burn-page:")) return "burn-page";
  if (subject.startsWith("burn-ticket:")) return "burn-ticket";
  return subject.startsWith("drill:") ? "drill" : "other";
}

function afterColon(subject: Subject): string {
  return subject.slice(subject.indexOf(":") + 1);
}
