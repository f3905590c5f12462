// One record: is it healthy, what can it answer, and why. Both its own check and, if the alias says so, its target must be
// healthy (Developer Guide, "How health checks work in complex Amazon Route 53 configurations").
import type { Asker } from "./answer.ts";
import { type CheckHealth, type Checks, healthOfCheck } from "./check-health.ts";
import { ALIAS_TTL_SECONDS } from "./constants.ts";
import { aliasDraft, allDrafts, type Draft, emptyDraft, healthOf, type Outcomes, valuesDraft } from "./draft.ts";
import type { GroupExplanation } from "./explanation.ts";
import type { Health, HealthView } from "./health-check.ts";
import { askedGroup, groupAt, isWithin, staysInZone } from "./name-lookup.ts";
import { type AddressType, type AliasTarget, normalName, type RecordSet, type Zone } from "./record-set.ts";

/** What one walk knows, and what it counts on its way. */
export interface Scene {
  readonly zone: Zone;
  readonly checks: Checks;
  readonly type: AddressType;
  readonly asker: Asker;
  readonly view: HealthView;
  /** Walks a group; null where the walk is cut: a ring of aliases, too deep, too many. */
  readonly walkGroup: (name: string, group: readonly RecordSet[], trail: readonly string[]) => GroupWalk | null;
  /** Is told every key of the view that is needed and unknown, once for each place that needs it. */
  readonly needs: (key: string) => void;
}

export interface GroupWalk {
  readonly outcomes: Outcomes;
  readonly explanation: GroupExplanation;
}

export interface RecordWalk {
  readonly record: RecordSet;
  readonly outcomes: Outcomes;
  readonly why: readonly string[];
  readonly target: readonly string[];
  readonly leadsTo: GroupExplanation | null;
}

/** What lies behind a record, its own check aside. */
interface Target {
  readonly outcomes: Outcomes;
  readonly why: readonly string[];
  readonly leadsTo: GroupExplanation | null;
}

export function walkRecord(scene: Scene, record: RecordSet, trail: readonly string[]): RecordWalk {
  const check = checkOf(scene, record);
  const target = targetOf(scene, record, trail);
  return {
    record,
    outcomes: both(check.health, target.outcomes),
    why: [check.why, ...target.why],
    target: record.target.kind === "alias" ? [record.target.name] : record.target.values,
    leadsTo: target.leadsTo,
  };
}

function checkOf(scene: Scene, record: RecordSet): CheckHealth {
  if (record.healthCheckId === null) return { health: "healthy", why: "no health check", waitsFor: [] };
  const check = healthOfCheck(scene.checks, record.healthCheckId, scene.view);
  for (const key of check.waitsFor) scene.needs(key);
  return check;
}

/** Healthy when check and target are. Where the check fails or may fail, whatever the target has may be answered. */
function both(check: Health, target: Outcomes): Outcomes {
  return {
    healthy: check === "unhealthy" ? null : target.healthy,
    unhealthy: check === "healthy" ? target.unhealthy : allDrafts(target),
  };
}

function targetOf(scene: Scene, record: RecordSet, trail: readonly string[]): Target {
  const { target } = record;
  if (target.kind === "alias")
    return staysInZone(scene.zone, target) ? aliasInZone(scene, record, target, trail) : aliasOutside(scene, target);
  if (record.type === "CNAME") return cnameTarget(scene, target.values, target.ttlSeconds, trail);
  return always([valuesDraft(target.values, target.ttlSeconds)]);
}

function always(healthy: readonly Draft[], leadsTo: GroupExplanation | null = null): Target {
  return { outcomes: { healthy, unhealthy: null }, why: [], leadsTo };
}

/** The API refuses an alias to a name without records of its type; if there is one all the same, it has nothing to answer. */
function aliasInZone(scene: Scene, record: RecordSet, alias: AliasTarget, trail: readonly string[]): Target {
  const group = groupAt(scene.zone, alias.name, record.type);
  if (group.length === 0) {
    const drafts = [emptyDraft(`alias to ${alias.name}, which has no ${record.type} record`)];
    const outcomes = alias.evaluateTargetHealth
      ? { healthy: null, unhealthy: drafts }
      : { healthy: drafts, unhealthy: null };
    return { outcomes, why: [`alias target ${alias.name} has no ${record.type} record`], leadsTo: null };
  }
  const walk = scene.walkGroup(alias.name, group, trail);
  if (walk === null) {
    const drafts = [emptyDraft(`the alias to ${alias.name} leads in a ring or too deep`)];
    const outcomes = { healthy: drafts, unhealthy: alias.evaluateTargetHealth ? drafts : null };
    return { outcomes, why: [`alias target ${alias.name} is not followed: a ring, or too deep`], leadsTo: null };
  }
  const { outcomes, explanation } = walk;
  if (!alias.evaluateTargetHealth)
    return { ...always(allDrafts(outcomes), explanation), why: ["the target's health is not evaluated"] };
  return { outcomes, why: [`alias target ${alias.name} is ${healthOf(outcomes)}`], leadsTo: explanation };
}

/** Health that only AWS sees, unless somebody put it into the view. */
function aliasOutside(scene: Scene, alias: AliasTarget): Target {
  const drafts = [aliasDraft(alias.name, ALIAS_TTL_SECONDS)];
  if (!alias.evaluateTargetHealth) return { ...always(drafts), why: ["the target's health is not evaluated"] };
  const key = `target:${alias.name}`;
  const health = scene.view[key] ?? "unknown";
  if (health === "unknown") scene.needs(key);
  const outcomes = {
    healthy: health === "unhealthy" ? null : drafts,
    unhealthy: health === "healthy" ? null : drafts,
  };
  const words = health === "unknown" ? "of a health that we do not see" : health;
  return { outcomes, why: [`alias target ${alias.name} is ${words}`], leadsTo: null };
}

/** Route 53 answers the CNAME; whoever asked follows it, and no health goes back up. */
function cnameTarget(scene: Scene, values: readonly string[], ttlSeconds: number, trail: readonly string[]): Target {
  const name = normalName(values[0] ?? "");
  if (!isWithin(name, scene.zone.name)) return always([aliasDraft(name, ttlSeconds)]);
  const group = askedGroup(scene.zone, name, scene.type);
  if (group === null) return always([emptyDraft(`CNAME to ${name}, which has no ${scene.type} record`)]);
  const walk = scene.walkGroup(name, group, trail);
  if (walk === null) return always([emptyDraft(`the CNAME to ${name} leads in a ring or too deep`)]);
  const drafts = allDrafts(walk.outcomes).map((draft) => ({
    ...draft,
    ttlSeconds: Math.min(ttlSeconds, draft.ttlSeconds),
  }));
  return always(drafts, walk.explanation);
}
