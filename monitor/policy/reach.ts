// Everything in a zone that can have a say in one answer, whatever the health: what has to be watched, and for how long a
// cache may hold on to an old answer.
import { ALIAS_TTL_SECONDS } from "./constants.ts";
import type { HealthCheck } from "./health-check.ts";
import { askedGroup, groupAt, staysInZone } from "./name-lookup.ts";
import { normalName, type RecordSet, type RecordType, type Zone } from "./record-set.ts";

/** The record sets at the name and at every name that aliases and CNAMEs lead to within the zone; each once. */
export function recordsBehind(zone: Zone, name: string, type: RecordType): readonly RecordSet[] {
  const found = new Set<RecordSet>(askedGroup(zone, name, type));
  // A set that grows while it is walked: each record of the zone comes at most once.
  for (const record of found) for (const next of stepFrom(zone, record, type)) found.add(next);
  return [...found];
}

function stepFrom(zone: Zone, record: RecordSet, type: RecordType): readonly RecordSet[] {
  const { target } = record;
  if (target.kind === "alias") return staysInZone(zone, target) ? groupAt(zone, target.name, record.type) : [];
  return record.type === "CNAME"
    ? target.values.flatMap((value) => askedGroup(zone, normalName(value), type) ?? [])
    : [];
}

/** The health checks of those records and the children of calculated ones, in the zone's order. */
export function checksBehind(zone: Zone, name: string, type: RecordType): readonly HealthCheck[] {
  const named = new Set(recordsBehind(zone, name, type).map((record) => record.healthCheckId));
  const parents = zone.healthChecks.filter((check) => named.has(check.id));
  const children = new Set(parents.flatMap((check) => (check.type === "CALCULATED" ? check.children : [])));
  return zone.healthChecks.filter((check) => named.has(check.id) || children.has(check.id));
}

/** The longest that a cache may hold an answer; 0 where the zone has none. */
export function ttlSecondsBehind(zone: Zone, name: string, type: RecordType): number {
  return Math.max(
    0,
    ...recordsBehind(zone, name, type).map(({ target }) =>
      target.kind === "values" ? target.ttlSeconds : staysInZone(zone, target) ? 0 : ALIAS_TTL_SECONDS,
    ),
  );
}
