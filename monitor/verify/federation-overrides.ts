// Reads `spec.overrides` as KubeFed does: all of them at once, so that one wrong entry stops every cluster's overrides
// [SRC kubefed:pkg/controller/util/overrides.go, GetOverrides].
import type { Parsed } from "../problem.ts";
import { valueAt } from "../topology/path.ts";
import type { Override } from "./federation-patch.ts";
import { isList, isMap } from "./federation-value.ts";

/** As they are written; the same field by another spelling is not caught. */
export const FORBIDDEN_PATHS: readonly string[] = [
  "/metadata/namespace",
  "/metadata/name",
  "/metadata/generateName",
  "/kind",
];

export type OverridesByCluster = ReadonlyMap<string, readonly Override[]>;

export function readOverrides(object: unknown): Parsed<OverridesByCluster> {
  const byCluster = new Map<string, readonly Override[]>();
  const list = valueAt(object, ["spec", "overrides"]) ?? [];
  if (!isList(list)) return refuse("spec.overrides is no list");
  for (const item of list) {
    const cluster = isMap(item) ? (item["clusterName"] ?? "") : null;
    if (typeof cluster !== "string") return refuse("an entry of spec.overrides has no clusterName that is a text");
    if (byCluster.has(cluster)) return refuse(`cluster "${cluster}" appears more than once`);
    const overrides = readCluster(valueAt(item, ["clusterOverrides"]) ?? [], cluster);
    if (!overrides.ok) return overrides;
    byCluster.set(cluster, overrides.value);
  }
  return { ok: true, value: byCluster };
}

function readCluster(list: unknown, cluster: string): Parsed<readonly Override[]> {
  if (!isList(list)) return refuse(`clusterOverrides of "${cluster}" is no list`);
  const overrides: Override[] = [];
  for (const [index, item] of list.entries()) {
    const override = readOverride(item);
    if (override === null) return refuse(`override[${index}] for cluster "${cluster}" is no override`);
    if (FORBIDDEN_PATHS.includes(override.path))
      return refuse(`override[${index}] for cluster "${cluster}" has an invalid path: ${override.path}`);
    if (overrides.some(({ path }) => path === override.path))
      return refuse(`path "${override.path}" appears more than once for cluster "${cluster}"`);
    overrides.push(override);
  }
  return { ok: true, value: overrides };
}

/** `op` defaults to replace. Null: op or path is no text. */
export function readOverride(item: unknown): Override | null {
  if (!isMap(item)) return null;
  const { op = "", path = "", value } = item;
  if (typeof op !== "string" || typeof path !== "string") return null;
  return { op: op === "" ? "replace" : op, path, value };
}

function refuse(message: string): Parsed<never> {
  return { ok: false, problems: [{ message }] };
}
