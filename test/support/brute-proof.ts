// The promises of a zone, looked at in every single state: slow and obvious, to compare the prover with. It follows each answer
// of the evaluator down the zone's own records; that a leaf is dead it works out from the checks alone.
import type { AnswerChoice, Asker } from "../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../monitor/policy/evaluator.ts";
import type { HealthView } from "../../monitor/policy/health-check.ts";
import type { RecordSet, Zone } from "../../monitor/policy/record-set.ts";

export const HARMS = ["no-stranding", "always-answers", "fail-open-only-when-all-down", "fails-open"] as const;
export type HarmKind = (typeof HARMS)[number];

/** Keys of the health view that may be either way. */
export function freeKeys(zone: Zone, name: string): readonly string[] {
  const keys = new Set<string>();
  for (const record of recordsFrom(zone, name)) {
    const id = record.healthCheckId;
    if (id !== null) for (const key of keysOfCheck(zone, id)) keys.add(key);
    const { target } = record;
    if (target.kind === "alias" && target.hostedZoneId === "ELB" && target.evaluateTargetHealth)
      keys.add(`target:${target.name}`);
  }
  return [...keys];
}

function keysOfCheck(zone: Zone, id: string): readonly string[] {
  const check = zone.healthChecks.find((one) => one.id === id);
  if (check === undefined) return [`missing:${id}`];
  if (check.disabled) return [];
  return check.type === "CALCULATED" ? check.children.flatMap((child) => keysOfCheck(zone, child)) : [id];
}

/** Those that lead nowhere as well. */
export function recordsFrom(zone: Zone, name: string): readonly RecordSet[] {
  return zone.recordSets
    .filter((record) => record.name === name)
    .flatMap((record) => {
      const { target } = record;
      const inside = target.kind === "alias" && target.hostedZoneId !== "ELB";
      return inside ? [record, ...recordsFrom(zone, target.name)] : [record];
    });
}

/** Every way down to values or to a name outside. */
export function routesFrom(zone: Zone, name: string): readonly (readonly RecordSet[])[] {
  return zone.recordSets
    .filter((record) => record.name === name)
    .flatMap((record) => {
      const { target } = record;
      if (target.kind === "values" || target.hostedZoneId === "ELB") return [[record]];
      return routesFrom(zone, target.name).map((rest) => [record, ...rest]);
    });
}

/** The minimal sets of failed keys that do the harm, as sorted lists. */
export function bruteCuts(zone: Zone, name: string, asker: Asker, harm: HarmKind): readonly (readonly string[])[] {
  const routes = routesFrom(zone, name);
  const keys = freeKeys(zone, name).toSorted();
  const harmful = Array.from({ length: 2 ** keys.length }, (_, state) =>
    keys.filter((__, bit) => (state >> bit) % 2 === 1),
  ).filter((down) => isHarmed(zone, name, asker, routes, keys, down, harm));
  return harmful.filter(
    (down) => !harmful.some((other) => other.length < down.length && other.every((key) => down.includes(key))),
  );
}

function isHarmed(
  zone: Zone,
  name: string,
  asker: Asker,
  routes: readonly (readonly RecordSet[])[],
  keys: readonly string[],
  down: readonly string[],
  harm: HarmKind,
): boolean {
  const view: HealthView = Object.fromEntries(
    keys.map((key) => {
      const inverted = zone.healthChecks.find((check) => check.id === key)?.inverted ?? false;
      return [key, down.includes(key) === inverted ? "healthy" : "unhealthy"];
    }),
  );
  const { acceptable, mayBeEmpty, kind } = expectedAnswer(zone, { name, type: "A", asker }, view);
  const lives = routes.some((route) => !isDead(zone, route, down));
  const opens = acceptable.some((choice) => choice.failOpen);
  switch (harm) {
    case "always-answers":
      return mayBeEmpty || kind !== "answer";
    case "fails-open":
      return opens;
    case "fail-open-only-when-all-down":
      return opens && lives;
    case "no-stranding":
      return (
        lives && acceptable.some((choice) => routes.some((route) => gives(route, choice) && isDead(zone, route, down)))
      );
  }
}

/** Is this way the one that the choice took, or one of several that answer together? */
function gives(route: readonly RecordSet[], choice: AnswerChoice): boolean {
  const last = route.at(-1);
  if (last === undefined) return false;
  const ids = route.flatMap((record) => record.setIdentifier ?? []);
  const path = last.routing.routing === "multivalue" && choice.setIdentifier === null ? ids.slice(0, -1) : ids;
  const together = last.routing.routing === "multivalue" && path.length > choice.path.length ? path.slice(0, -1) : path;
  if (together.join("/") !== choice.path.join("/")) return false;
  return last.target.kind === "alias"
    ? choice.alias === last.target.name
    : choice.alias === null && last.target.values.every((value) => choice.values.includes(value));
}

/** By the nearest record upward, from the leaf, that something watches. */
function isDead(zone: Zone, route: readonly RecordSet[], down: readonly string[]): boolean {
  for (const { healthCheckId: id, target } of route.toReversed()) {
    const verdicts: boolean[] = [];
    if (id !== null && canFail(zone, id)) verdicts.push(isWell(zone, id, down));
    if (target.kind === "alias" && target.hostedZoneId === "ELB" && target.evaluateTargetHealth)
      verdicts.push(!down.includes(`target:${target.name}`));
    if (verdicts.length > 0) return verdicts.includes(false);
  }
  return false;
}

/** Is there a state of its keys in which it is unhealthy? A check that is gone says nothing. */
function canFail(zone: Zone, id: string): boolean {
  if (!zone.healthChecks.some((check) => check.id === id)) return false;
  const keys = keysOfCheck(zone, id);
  return Array.from({ length: 2 ** keys.length }, (_, state) =>
    keys.filter((__, bit) => (state >> bit) % 2 === 1),
  ).some((down) => !isWell(zone, id, down));
}

function isWell(zone: Zone, id: string, down: readonly string[]): boolean {
  const check = zone.healthChecks.find((one) => one.id === id);
  if (check === undefined) return !down.includes(`missing:${id}`);
  if (check.disabled) return !check.inverted;
  if (check.type !== "CALCULATED") return !down.includes(id);
  const well = check.children.filter((child) => isWell(zone, child, down)).length >= check.healthThreshold;
  return check.inverted ? !well : well;
}
