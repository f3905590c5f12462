// What stays the same in all trials of one simulation: the plan, the topology, the policy's answers, and who meets which
// fault at which instant.
import { expectedAnswer } from "../policy/evaluator.ts";
import { lookMaxMs } from "../policy/deadline.ts";
import type { Answer } from "../policy/answer.ts";
import { type EndpointCheck, type HealthView, isEndpointCheck } from "../policy/health-check.ts";
import type { AddressType } from "../policy/record-set.ts";
import type { Instant } from "../time.ts";
import { type JudgedZone, judgedZoneOf } from "../topology/judged-zone.ts";
import { publicVantages, type LocationHint, recordTypes, type Topology, type Vantage } from "../topology/topology.ts";
import { zoneOf } from "../topology/zone.ts";
import { policyTimingOf, questionOf } from "../verify/standing.ts";
import type { Chance } from "./chance.ts";
import { effectOf, type FaultEffect, isStanding } from "./fault-effect.ts";
import { regionOfWish } from "./lever-wish.ts";
import type { DrillPlan } from "./script.ts";

export interface Scene {
  readonly plan: DrillPlan;
  readonly topology: Topology;
  readonly judged: JudgedZone;
  readonly type: AddressType;
  /** Those of the zone that checkers look by, in its order. */
  readonly checks: readonly EndpointCheck[];
  /** What our own vantages' looks are stepped by, whatever zone is judged, as in a round; by region id. */
  readonly ownChecks: ReadonlyMap<string, EndpointCheck>;
  /** By region id. */
  readonly healthyView: HealthView;
  /** By vantage and the health checks that are unhealthy. */
  readonly answers: Map<string, Answer>;
}

/** When what happens in one trial. */
export interface TrialTimes {
  readonly startAt: Instant;
  readonly faultAt: Instant;
  readonly repairAt: Instant;
  readonly endAt: Instant;
}

/** One run of the drill in virtual time. */
export interface Trial {
  readonly scene: Scene;
  readonly times: TrialTimes;
  readonly chance: Chance;
}

export type Witness =
  | { readonly kind: "vantage"; readonly id: string }
  | { readonly kind: "checker"; readonly awsRegion: string };

/** Checker regions where a fault that a place meets is met as well; of the other places, none. */
const CHECKERS_NEAR: Readonly<Partial<Record<LocationHint, readonly string[]>>> = {
  enam: ["us-east-1"],
  wnam: ["us-west-1", "us-west-2"],
  sam: ["sa-east-1"],
  weur: ["eu-west-1"],
  apac: ["ap-northeast-1", "ap-southeast-1"],
  "apac-ne": ["ap-northeast-1"],
  "apac-se": ["ap-southeast-1"],
  oc: ["ap-southeast-2"],
};

export function makeScene(plan: DrillPlan, topology: Topology): Scene {
  const judged = judgedZoneOf(topology);
  return {
    plan,
    topology,
    judged,
    type: recordTypes(topology)[0] ?? "A",
    checks: judged.zone.healthChecks.filter(isEndpointCheck),
    ownChecks: new Map(zoneOf(topology).healthChecks.map((check) => [check.id, check])),
    healthyView: Object.fromEntries(topology.regions.map(({ id }) => [id, "healthy" as const])),
    answers: new Map(),
  };
}

export function trialTimes({ plan }: Scene, startAt: Instant): TrialTimes {
  const faultAt = startAt + plan.steadyWindowMs;
  const repairAt = faultAt + plan.faultMs;
  return { startAt, faultAt, repairAt, endAt: repairAt + plan.afterMs };
}

/** Null: this witness finds the region as it should be. */
export function effectAt({ scene, times }: Trial, region: string, witness: Witness, at: Instant): FaultEffect | null {
  if (at < times.faultAt || at >= times.repairAt) return null;
  const met = scene.plan.faults.find(
    (wish) =>
      regionOfWish(wish) === region &&
      isStanding(wish, at - times.faultAt) &&
      (wish.lever !== "gate" || meets(scene, wish.onlyFrom, witness)),
  );
  return met === undefined ? null : effectOf(met);
}

function meets({ topology }: Scene, onlyFrom: readonly string[], witness: Witness): boolean {
  if (onlyFrom.length === 0) return true;
  if (witness.kind === "vantage") return onlyFrom.includes(witness.id);
  // The checkers of the local world are nowhere near a vantage.
  if (topology.local) return false;
  return publicVantages(topology)
    .filter(({ id }) => onlyFrom.includes(id))
    .some(({ hint }) => CHECKERS_NEAR[hint]?.includes(witness.awsRegion) === true);
}

/** Longest look of a checker that can still fail. */
export function checkerLookMs({ topology }: Scene, { type }: EndpointCheck): number {
  return policyTimingOf(topology).lookMaxMs ?? lookMaxMs(type);
}

/** The health checks that look at one of these regions, in the zone's order. */
export function checksOf({ checks, judged }: Scene, regions: readonly string[]): readonly EndpointCheck[] {
  return checks.filter(({ id }) => regions.includes(judged.regionOfCheck[id] ?? ""));
}

/**
 * The policy's answer while the given health checks are unhealthy and all others healthy, also those that look at none of our
 * regions; the same question is worked out once.
 */
export function answerWhile(scene: Scene, vantage: Vantage, unhealthy: readonly string[]): Answer {
  const key = `${vantage.id} ${unhealthy.join(" ")}`;
  const known = scene.answers.get(key);
  if (known !== undefined) return known;
  const health: HealthView = Object.fromEntries(
    scene.checks.map(({ id }) => [id, unhealthy.includes(id) ? "unhealthy" : "healthy"] as const),
  );
  const answer = expectedAnswer(scene.judged.zone, questionOf(scene.topology, scene.type, vantage), health);
  scene.answers.set(key, answer);
  return answer;
}
