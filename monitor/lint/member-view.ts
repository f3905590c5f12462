// What one member cluster would get of one object, with the way back to where each of its values was written. Rules about
// native objects look at these, so that they see the template and the overrides together, as the cluster does.
import type { Place } from "../model/finding.ts";
import { type Path, valueAt } from "../topology/path.ts";
import type { FederatedKind } from "../verify/federation-kinds.ts";
import { objectOfTemplate, withManagedLabel } from "../verify/federation-member.ts";
import { applyOverrides, pathTokens } from "../verify/federation-patch.ts";
import { textAt, type ValueMap, isMap } from "../verify/federation-value.ts";
import type { ManifestObject } from "./manifest.ts";
import type { OverrideEntry } from "./override-entry.ts";

export interface MemberView {
  readonly origin: ManifestObject;
  readonly value: ValueMap;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Null: a plain object, or a federated one that is placed nowhere. */
  readonly cluster: string | null;
  /** How many clusters the object is placed in. */
  readonly among: number;
  readonly placeOf: (path: Path) => Place;
}

/** A plain object is what whatever cluster it is applied to gets. */
export function plainView(origin: ManifestObject): MemberView {
  const { value, apiVersion, kind, namespace, name, placeOf } = origin;
  return { origin, value, apiVersion, kind, namespace, name, cluster: null, among: 0, placeOf };
}

/** One for each cluster; a cluster whose overrides fail gets nothing and has none. */
export function federatedViews(
  origin: ManifestObject,
  kind: FederatedKind,
  placed: readonly string[],
  entries: readonly OverrideEntry[],
): readonly MemberView[] {
  const template = objectOfTemplate(origin.value, kind);
  if (!template.ok) return [];
  const clusters: readonly (string | null)[] = placed.length === 0 ? [null] : placed;
  return clusters.flatMap((cluster) => {
    const own = entries.filter((entry) => entry.cluster === cluster).flatMap(({ items }) => items);
    const overrides = own.flatMap(({ override }) => (override === null ? [] : [override]));
    const patched = overrides.length === 0 ? null : applyOverrides(template.value.object, overrides);
    if (patched !== null && !patched.ok) return [];
    const value = withManagedLabel(patched === null ? template.value.object : patched.value);
    if (!isMap(value)) return [];
    const [namespace, name] = [textAt(value, ["metadata", "namespace"]), textAt(value, ["metadata", "name"])];
    const head = { origin, value, apiVersion: textAt(value, ["apiVersion"]), kind: kind.kind, namespace, name };
    const placeOf = (path: Path): Place => origin.placeOf(pathInSource(path, own, value));
    return [{ ...head, cluster, among: placed.length, placeOf }];
  });
}

/** The latest override that set the value or something around it, else the template. */
function pathInSource(path: Path, items: OverrideEntry["items"], value: unknown): Path {
  for (const { override, path: written } of items.toReversed()) {
    const tokens = override === null || override.op === "remove" ? null : pathTokens(override.path);
    if (tokens === null || tokens.length > path.length) continue;
    if (!tokens.every((token, index) => sameStep(token, path, index, value))) continue;
    return [...written, "value", ...path.slice(tokens.length)];
  }
  return ["spec", "template", ...path];
}

/** "-" is the last item of its list. */
function sameStep(token: string, path: Path, index: number, value: unknown): boolean {
  if (token !== "-") return token === String(path[index]);
  const list = valueAt(value, path.slice(0, index));
  return Array.isArray(list) && path[index] === list.length - 1;
}
