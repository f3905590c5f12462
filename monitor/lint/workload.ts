// What the rules ask of anything that has a Pod template: its containers, their variables, its labels.
import { type Path, valueAt } from "../topology/path.ts";
import { listAt, mapAt, textAt, type ValueMap } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import type { Scene } from "./scene.ts";

/** The variable by which the service knows its region. */
export const REGION_VARIABLE = "REGION";

export const POD_SPEC: Path = ["spec", "template", "spec"];
const WORKLOADS = new Set(["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"]);

export interface Container {
  readonly value: unknown;
  readonly name: string;
  readonly path: Path;
}

export interface Variable {
  readonly name: string;
  /** Null: not a literal. */
  readonly value: string | null;
  readonly path: Path;
}

export function workloads({ views }: Scene): readonly MemberView[] {
  return views.filter(({ kind }) => WORKLOADS.has(kind));
}

/** Containers first, then those that run before them. */
export function containersOf(object: unknown): readonly Container[] {
  return ["containers", "initContainers"].flatMap((field) => {
    const path = [...POD_SPEC, field];
    return listAt(object, path).map((value, index) => ({
      value,
      name: textAt(value, ["name"]),
      path: [...path, index],
    }));
  });
}

export function variablesOf({ value, path }: Container): readonly Variable[] {
  return listAt(value, ["env"]).map((item, index) => {
    const literal = valueAt(item, ["value"]);
    return {
      name: textAt(item, ["name"]),
      value: typeof literal === "string" ? literal : null,
      path: [...path, "env", index],
    };
  });
}

/** The container of the service: by its name, else the one that is told its region, else the first. */
export function appContainer(object: unknown, serviceName: string | null): Container | null {
  const containers = containersOf(object);
  const told = containers.find((one) => variablesOf(one).some(({ name }) => name === REGION_VARIABLE));
  return containers.find(({ name }) => name === serviceName) ?? told ?? containers[0] ?? null;
}

export function podLabels(object: unknown): ValueMap {
  return mapAt(object, ["spec", "template", "metadata", "labels"]);
}

export function selects(selector: ValueMap, labels: ValueMap): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** Those that a view lives beside: of its cluster and namespace; a plain object may live in any cluster. */
export function beside(view: MemberView, others: readonly MemberView[]): readonly MemberView[] {
  return others.filter(
    ({ cluster, namespace }) =>
      namespace === view.namespace && (cluster === view.cluster || cluster === null || view.cluster === null),
  );
}
