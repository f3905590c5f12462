// Is the Deployment what the topology says, and has its controller brought it about? Words of a rollout under way are told from
// those of one that is stuck, because only the first get better by waiting.
import { textAt, type ValueMap } from "../topology/loose-value.ts";
import { valueAt } from "../topology/path.ts";
import type { Region, Topology } from "../topology/topology.ts";
import type { Remark } from "./judged.ts";
import { appContainer, conditionAt } from "./pods.ts";

/** Paths of the Deployment that have a rule of their own. */
export function isDeploymentsOwn(path: string): boolean {
  return path === "spec.replicas" || /^spec\.template\.spec\.containers\[\d+\]\.image$/.test(path);
}

export interface Rollout {
  readonly wanted: number;
  readonly ready: number;
  readonly updated: number;
  /** Old ones included. */
  readonly all: number;
}

export function rolloutOf(deployment: ValueMap): Rollout {
  const count = (key: string): number => numberAt(deployment, ["status", key]);
  const wanted = valueAt(deployment, ["spec", "replicas"]);
  return {
    wanted: typeof wanted === "number" ? wanted : 1,
    ready: count("readyReplicas"),
    updated: count("updatedReplicas"),
    all: count("replicas"),
  };
}

export function deploymentWords(deployment: ValueMap): string {
  const { wanted, ready } = rolloutOf(deployment);
  return `${ready} of ${wanted} ready, image ${imageOf(deployment)}`;
}

function imageOf(deployment: ValueMap): string {
  return textAt(appContainer(valueAt(deployment, ["spec", "template", "spec"])), ["image"]);
}

export function judgeDeployment(deployment: ValueMap, { service }: Topology, { cluster }: Region): readonly Remark[] {
  const found: Remark[] = [];
  const image = imageOf(deployment);
  if (image !== service.image)
    found.push({ rule: "CL-IMAGE", message: `its image is ${image || "none"}, expected ${service.image}` });
  const { wanted } = rolloutOf(deployment);
  if (wanted !== cluster.replicas)
    found.push({ rule: "CL-REPLICAS", message: `it wants ${wanted} Pods, expected ${cluster.replicas}` });
  return [...found, ...rolloutRemarks(deployment)];
}

function rolloutRemarks(deployment: ValueMap): readonly Remark[] {
  const [failure, progress] = [conditionAt(deployment, "ReplicaFailure"), conditionAt(deployment, "Progressing")];
  const refused: readonly Remark[] =
    failure?.["status"] === "True" ? [{ rule: "CL-PODS-REFUSED", message: textAt(failure, ["message"]) }] : [];
  const generation = numberAt(deployment, ["metadata", "generation"]);
  const observed = numberAt(deployment, ["status", "observedGeneration"]);
  if (observed < generation) {
    const message = `its controller has seen generation ${observed}, and there is ${generation}`;
    return [...refused, { rule: "CL-ROLLOUT", message }];
  }
  const { wanted, ready, updated, all } = rolloutOf(deployment);
  const counts = `${ready} of ${wanted} ready, ${updated} of them new`;
  if (progress?.["status"] === "False")
    return [...refused, { rule: "CL-STUCK", message: `${counts}: ${textAt(progress, ["message"])}` }];
  if (ready >= wanted && updated >= wanted && all <= wanted) return refused;
  if (textAt(progress, ["reason"]) === "NewReplicaSetAvailable" && updated >= wanted && refused.length === 0)
    return [{ rule: "CL-UNREADY", message: `${ready} of ${wanted} ready, and the rollout is over` }];
  return [
    ...refused,
    {
      rule: "CL-ROLLOUT",
      message: valueAt(deployment, ["spec", "paused"]) === true ? `${counts}; it is paused` : counts,
    },
  ];
}

function numberAt(object: ValueMap, path: readonly string[]): number {
  const value = valueAt(object, path);
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
