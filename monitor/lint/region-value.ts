// Which region the Pods of one cluster will claim, wherever the value comes from: a literal, or a key of a ConfigMap, which is
// the way that no insertion of another variable can break.
import { type Path, valueAt } from "../topology/path.ts";
import { objectOfTemplate } from "../verify/federation-member.ts";
import { listAt, textAt } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import type { FederatedObject, Scene } from "./scene.ts";
import { appContainer, beside, containersOf, REGION_VARIABLE, variablesOf } from "./workload.ts";

export interface ClaimedRegion {
  readonly value: string;
  /** Where it stands, in which object. */
  readonly view: MemberView;
  readonly path: Path;
}

/** Null: the app is told nothing, or in a way that cannot be read here (a field of the Pod, another file's ConfigMap). */
export function claimedRegion(view: MemberView, scene: Scene): ClaimedRegion | null {
  const container = appContainer(view.value, scene.topology?.value.service.name ?? null);
  if (container === null) return null;
  const variable = variablesOf(container).findLast(({ name }) => name === REGION_VARIABLE);
  if (variable === undefined) {
    const sources = listAt(container.value, ["envFrom"]).map((from) => textAt(from, ["configMapRef", "name"]));
    return sources.map((name) => keyOfConfigMap(view, name, REGION_VARIABLE, scene)).find((it) => it !== null) ?? null;
  }
  if (variable.value !== null) return { value: variable.value, view, path: [...variable.path, "value"] };
  const key = valueAt(view.value, [...variable.path, "valueFrom", "configMapKeyRef"]);
  return keyOfConfigMap(view, textAt(key, ["name"]), textAt(key, ["key"]), scene);
}

/** Whether the app is told its region at all. */
export function isTold(view: MemberView, scene: Scene): boolean {
  const container = appContainer(view.value, scene.topology?.value.service.name ?? null);
  if (container === null) return false;
  const named = variablesOf(container).some(({ name }) => name === REGION_VARIABLE);
  return named || listAt(container.value, ["envFrom"]).length > 0;
}

function keyOfConfigMap(view: MemberView, name: string, key: string, scene: Scene): ClaimedRegion | null {
  const map = beside(view, scene.views).find((other) => other.kind === "ConfigMap" && other.name === name);
  if (map === undefined || valueAt(map.value, ["data", key]) === undefined) return null;
  return { value: textAt(map.value, ["data", key]), view: map, path: ["data", key] };
}

export function placedApps(scene: Scene): readonly MemberView[] {
  return scene.federated
    .flatMap(({ views }) => views)
    .filter(({ cluster, value }) => cluster !== null && hasPods(value));
}

function hasPods(value: unknown): boolean {
  return containersOf(value).length > 0;
}

/** By the topology; null where it does not know the cluster. */
export function regionOfCluster(cluster: string | null, { topology }: Scene): string | null {
  return topology?.value.regions.find((region) => region.cluster.context === cluster)?.region ?? null;
}

export function templateOf(object: FederatedObject): unknown {
  const template = objectOfTemplate(object.value, object.kind);
  return template.ok ? template.value.object : null;
}
