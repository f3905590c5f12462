// Rules about what Route 53 looks at before it answers with a record: nothing, the wrong thing, or the very name that it decides.
import { isEndpointCheck } from "../policy/health-check.ts";
import { askedGroup, isWithin } from "../policy/name-lookup.ts";
import { valuesOf } from "../policy/record-set.ts";
import type { Rule, Sighting } from "./rule.ts";
import { wordList } from "./rule.ts";
import type { Scene } from "./scene.ts";
import {
  aliasedGroup,
  checkOf,
  evaluatesTarget,
  groupKey,
  groupOf,
  isWatched,
  type RecordGroup,
  type ZoneCheck,
  type ZoneRecord,
  zoneSighting,
  type ZoneView,
} from "./zone-view.ts";

export const ZONE_HEALTH_RULES: readonly Rule[] = [
  {
    id: "R53-SELF-REF",
    severity: "error",
    wrong: "A health check resolves the very name that it decides, so it looks at whatever is answered at the moment.",
    evidence:
      "a check without an address, or a child of a calculated one, whose name is the record's or leads to it by aliases, CNAMEs or a wildcard; of a topology, an endpoint with the service's own name",
    fix: "Give the check the address of the endpoint, or the name of that region alone.",
    source: "Route 53 API Reference, HealthCheckConfig FullyQualifiedDomainName and ResourceRecordSet HealthCheckId",
    sightings: (scene) => [...scene.topologySelfReferences, ...eachRecord(scene, selfReferences)],
  },
  {
    id: "R53-PRIMARY-ALWAYS-HEALTHY",
    severity: "error",
    wrong: "A primary is an alias without health, so it is always answered and nothing ever fails over.",
    evidence: "an alias with Failover PRIMARY, EvaluateTargetHealth false and no HealthCheckId",
    fix: "Set EvaluateTargetHealth on the alias, or give the record a health check.",
    source: "Route 53 Developer Guide, How Amazon Route 53 chooses records when health checking is configured",
    sightings: (scene) => eachRecord(scene, primaryAlwaysHealthy),
  },
  {
    id: "R53-ALIAS-NO-ETH",
    severity: "warning",
    wrong: "An alias does not evaluate its target's health, so its branch is kept even when all of it is dead.",
    evidence:
      "EvaluateTargetHealth false on a routed alias, or on one below another alias; an error without a health check. Not of CloudFront, which has none",
    fix: "Set EvaluateTargetHealth to true.",
    source: "Route 53 Developer Guide, How health checks work in complex Amazon Route 53 configurations",
    sightings: (scene) => eachRecord(scene, aliasesBlindly),
  },
  {
    id: "R53-LEAF-NO-HC",
    severity: "warning",
    wrong: "A record without a health check stands among records that have one, and is always taken for healthy.",
    evidence:
      "members of one group with and without HealthCheckId, or a group without any below an alias that evaluates health",
    fix: "Give it a health check, or let its alias evaluate the target's health.",
    source: "Route 53 Developer Guide, How health checks work in complex Amazon Route 53 configurations",
    sightings: (scene) => eachGroup(scene, uncheckedMembers),
  },
  {
    id: "R53-SECONDARY-NO-HC",
    severity: "note",
    wrong: "A secondary without health is answered blindly once the primary is unhealthy.",
    evidence: "Failover SECONDARY with neither a health check nor an alias that evaluates health",
    fix: "Give it a health check to be told when the standby is dead; Route 53 then answers the primary while both are.",
    source: "Route 53 API Reference, ResourceRecordSet Failover",
    sightings: (scene) => eachGroup(scene, uncheckedSecondaries),
  },
  {
    id: "R53-SHARED-HC",
    severity: "error",
    wrong: "The primary and the secondary have the same health check, so both fail together and nothing fails over.",
    evidence: "the same HealthCheckId on both records of a failover pair",
    fix: "Make a health check of its own for each endpoint.",
    source: "AWS Trusted Advisor b73EEdD790, Amazon Route 53 Failover Resource Record Sets",
    sightings: (scene) => eachGroup(scene, sharedChecks),
  },
  {
    id: "R53-HC-DELETED",
    severity: "error",
    wrong: "A record names a health check that does not exist, and what is answered then cannot be predicted.",
    evidence:
      "a HealthCheckId that the API does not know, or that is not in the file of list-health-checks beside the records",
    fix: "Make the check again and give the record its id.",
    source:
      "AWS Trusted Advisor Cb877eB72b; Route 53 Developer Guide, Updating or deleting health checks when DNS failover is configured",
    sightings: (scene) => eachRecord(scene, missingCheck),
  },
  {
    id: "R53-HC-WRONG-ENDPOINT",
    severity: "warning",
    wrong:
      "A health check looks at something else than what its record answers, and Route 53 never looks at the record's own value.",
    evidence:
      "the check's address, else what its checkers or this zone resolve its name to, is none of the record's values",
    fix: "Let the check look at the record's address, or at a name that leads to it.",
    source: "Route 53 Developer Guide, Values specific for failover records, Health check",
    sightings: (scene) => eachRecord(scene, wrongEndpoint),
  },
];

export function eachRecord(
  { zones }: Scene,
  see: (view: ZoneView, record: ZoneRecord) => readonly Sighting[],
): readonly Sighting[] {
  return zones.flatMap((view) => view.records.flatMap((record) => see(view, record)));
}

export function eachGroup(
  { zones }: Scene,
  see: (view: ZoneView, group: RecordGroup) => readonly Sighting[],
): readonly Sighting[] {
  return zones.flatMap((view) => view.groups.flatMap((group) => see(view, group)));
}

/** Names that are looked at by resolving them; of a calculated check its children's. */
function resolvedNames(view: ZoneView, one: ZoneCheck): readonly string[] {
  const { check, unknown } = one;
  if (check.type === "CALCULATED")
    return check.children.flatMap((id) => {
      const child = view.checkById.get(id);
      return child === undefined || child.check.type === "CALCULATED" ? [] : resolvedNames(view, child);
    });
  const byName = isEndpointCheck(check) && check.ipAddress === null && !unknown.has("IPAddress");
  return byName && check.host !== null ? [check.host.toLowerCase().replace(/\.$/, "")] : [];
}

function selfReferences(view: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const check = checkOf(view, one);
  if (check === null) return [];
  const names = resolvedNames(view, check);
  const found = names.find((name) => leadsTo(view, name, one));
  if (found === undefined) return [];
  const how = found === one.record.name ? "the name of this record" : "which leads to this record";
  return [zoneSighting(one, `${check.subject} resolves ${found}, ${how}, and has no address of its own`)];
}

/** Aliases and CNAMEs that are followed one after another. */
const DESCENT_MAX = 16;

/** Does a question for the name come to records of the group of this one? */
function leadsTo(view: ZoneView, start: string, { record }: ZoneRecord): boolean {
  let names: ReadonlySet<string> = new Set([start]);
  const seen = new Set<string>();
  for (let depth = 0; depth < DESCENT_MAX && names.size > 0; depth += 1) {
    if (names.has(record.name)) return true;
    for (const name of names) seen.add(name);
    names = new Set([...names].flatMap((name) => nextNames(view, name)).filter((name) => !seen.has(name)));
  }
  return false;
}

function nextNames(view: ZoneView, name: string): readonly string[] {
  const members = (["A", "AAAA", "CNAME"] as const).flatMap((type) => groupOf(view, type, name)?.members ?? []);
  if (members.length === 0 && isWithin(name, view.zone.name)) return wildcardOver(view, name);
  return members.flatMap((one) => {
    const { record } = one;
    if (record.type === "CNAME") return valuesOf(record).map((value) => value.toLowerCase().replace(/\.$/, ""));
    return aliasedGroup(view, one)?.name ?? [];
  });
}

/** The name with the asterisk that answers for a name which has no addresses of its own. */
function wildcardOver({ zone }: ZoneView, name: string): readonly string[] {
  const owners = (["A", "AAAA"] as const).map((type) => askedGroup(zone, name, type)?.[0]?.name);
  return owners.filter((owner): owner is string => owner !== undefined && owner !== name);
}

function primaryAlwaysHealthy(_: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const { routing, target } = one.record;
  const primary = routing.routing === "failover" && routing.role === "PRIMARY" && target.kind === "alias";
  return primary && !isWatched(one)
    ? [zoneSighting(one, "the primary is an alias without EvaluateTargetHealth and without a health check")]
    : [];
}

/** The zone of CloudFront's names, whose health cannot be evaluated (API Reference, AliasTarget). */
const CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2";

function aliasesBlindly(view: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const { record } = one;
  const { target, routing } = record;
  if (target.kind !== "alias" || evaluatesTarget(one) || target.hostedZoneId === CLOUDFRONT_ZONE) return [];
  if (primaryAlwaysHealthy(view, one).length > 0) return [];
  // A page of last resort in somebody else's hands is what a secondary often is; that it is blind is told of it as one.
  if (routing.routing === "failover" && routing.role === "SECONDARY" && aliasedGroup(view, one) === null) return [];
  const inTree = view.evaluated.has(groupKey(record.type, record.name));
  if (routing.routing === "simple" && !inTree) return [];
  const only = record.healthCheckId === null && !one.unknown.has("HealthCheckId");
  const message = `EvaluateTargetHealth is false, so ${target.name} is answered whatever its health`;
  return [only ? zoneSighting(one, `${message}, and there is no health check`, "error") : zoneSighting(one, message)];
}

/** A pair has rules of its own, and a blind alias is told as one. */
function uncheckedMembers(view: ZoneView, { members, routing, type, name }: RecordGroup): readonly Sighting[] {
  if (routing === "failover" || routing === "simple") return [];
  const watched = members.filter((one) => isWatched(one));
  const blind = members.filter((one) => !isWatched(one) && one.record.target.kind === "values");
  const weightless = (one: ZoneRecord): boolean =>
    one.record.routing.routing === "weighted" && one.record.routing.weight === 0;
  const inTree = watched.length === 0 && !members.every(weightless) && view.evaluated.has(groupKey(type, name));
  if (watched.length === 0 && !inTree) return [];
  const beside = inTree
    ? "and an alias evaluates its health: that branch is always healthy"
    : `beside ${wordList(watched.map(({ record }) => record.setIdentifier ?? record.name))}, which ${watched.length === 1 ? "has" : "have"} one`;
  return blind.map((one) => zoneSighting(one, `no health check, ${beside}`));
}

function uncheckedSecondaries(_: ZoneView, { members, routing }: RecordGroup): readonly Sighting[] {
  if (routing !== "failover") return [];
  return members
    .filter(({ record }) => record.routing.routing === "failover" && record.routing.role === "SECONDARY")
    .filter((one) => !isWatched(one))
    .map((one) => zoneSighting(one, "the secondary has neither a health check nor an alias that evaluates health"));
}

function sharedChecks(_: ZoneView, { members, routing }: RecordGroup): readonly Sighting[] {
  if (routing !== "failover") return [];
  return members.flatMap((one, index) => {
    const id = one.record.healthCheckId;
    const other = members.slice(0, index).find(({ record }) => record.healthCheckId === id);
    return id === null || other === undefined || one.unknown.has("HealthCheckId")
      ? []
      : [
          zoneSighting(
            one,
            `health check ${id} is that of ${other.record.setIdentifier ?? "the other record"} as well`,
          ),
        ];
  });
}

function missingCheck(view: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const id = one.record.healthCheckId;
  if (id === null) return [];
  if (view.snapshot?.missingHealthChecks.includes(id) === true)
    return [zoneSighting(one, `health check ${id} does not exist`)];
  return view.allChecks && view.origin !== "topology" && !view.checkById.has(id)
    ? [zoneSighting(one, `health check ${id} is not among the ${view.checks.length} that are listed`)]
    : [];
}

function wrongEndpoint(view: ZoneView, one: ZoneRecord): readonly Sighting[] {
  const found = checkOf(view, one);
  const answered = answeredValues(view, one);
  if (found === null || answered === null || found.unknown.has("IPAddress") || !isEndpointCheck(found.check)) return [];
  const { ipAddress, host } = found.check;
  const looksAt = ipAddress === null ? resolvedHere(view, one, host) : [ipAddress];
  const family = looksAt.filter((address) => address.includes(":") === (one.record.type === "AAAA"));
  if (family.length === 0 || family.some((address) => answered.includes(address))) return [];
  const by = ipAddress === null ? ` by the name ${host ?? ""}` : "";
  return [
    zoneSighting(one, `${found.subject} looks at ${wordList(family)}${by}, the record answers ${wordList(answered)}`),
  ];
}

/** Of an alias those of its group; null: not to be known. */
function answeredValues(view: ZoneView, one: ZoneRecord): readonly string[] | null {
  const { type } = one.record;
  if ((type !== "A" && type !== "AAAA") || one.unknown.has("ResourceRecords")) return null;
  const members = one.record.target.kind === "values" ? [one] : (aliasedGroup(view, one)?.members ?? []);
  const plain = members.every(
    ({ record, unknown }) => record.target.kind === "values" && !unknown.has("ResourceRecords"),
  );
  return members.length > 0 && plain ? members.flatMap(({ record }) => valuesOf(record)) : null;
}

/** What the checkers said the name resolves to, else what the zone itself has for it; empty: nobody knows. */
function resolvedHere(view: ZoneView, { record }: ZoneRecord, host: string | null): readonly string[] {
  const observations = view.snapshot?.observations[record.healthCheckId ?? ""] ?? [];
  const seen = observations.flatMap(
    ({ StatusReport: report }) => /Resolved IP: ([0-9a-fA-F.:]+[0-9a-fA-F])/.exec(report?.Status ?? "")?.[1] ?? [],
  );
  if (seen.length > 0) return [...new Set(seen)];
  const name = host?.toLowerCase().replace(/\.$/, "") ?? "";
  const group = groupOf(view, "A", name);
  if (group === null || group.routing !== "simple" || name === record.name) return [];
  return group.members.flatMap((one) => valuesOf(one.record));
}
