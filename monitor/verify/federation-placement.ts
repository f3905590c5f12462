// Into which clusters KubeFed puts an object: `clusters` if it is there at all, else `clusterSelector`, and for namespaced
// kinds only where the FederatedNamespace goes too [SRC kubefed:pkg/controller/util/placement.go].
import type { Parsed } from "../problem.ts";
import { valueAt } from "../topology/path.ts";
import { isList, isMap, listAt, mapAt, textAt } from "./federation-value.ts";

export interface NamedCluster {
  readonly name: string;
  /** Of its KubeFedCluster object. */
  readonly labels: Readonly<Record<string, string>>;
}

/** Names in the order of `clusters`. A name that is no cluster is dropped without a word, as KubeFed does. */
export function placementOf(object: unknown, clusters: readonly NamedCluster[]): Parsed<readonly string[]> {
  const placement = valueAt(object, ["spec", "placement"]) ?? {};
  if (!isMap(placement)) return refuse("spec.placement is no mapping");
  const listed = placement["clusters"] ?? null;
  if (listed === null) return selected(placement["clusterSelector"] ?? null, clusters);
  if (!isList(listed)) return refuse("spec.placement.clusters is no list");
  const names = new Set(listed.map((cluster) => textAt(cluster, ["name"])));
  return { ok: true, value: clusters.map(({ name }) => name).filter((name) => names.has(name)) };
}

/** `namespace` is the FederatedNamespace around the object; null: there is none, and so the object goes nowhere. */
export function namespacedPlacement(
  object: unknown,
  namespace: unknown,
  clusters: readonly NamedCluster[],
): Parsed<readonly string[]> {
  const own = placementOf(object, clusters);
  if (!own.ok) return own;
  if (namespace === null) return { ok: true, value: [] };
  const outer = placementOf(namespace, clusters);
  return outer.ok ? { ok: true, value: own.value.filter((name) => outer.value.includes(name)) } : outer;
}

/** No selector matches nothing, an empty one everything [SRC apimachinery:pkg/apis/meta/v1/helpers.go]. */
function selected(selector: unknown, clusters: readonly NamedCluster[]): Parsed<readonly string[]> {
  if (selector === null) return { ok: true, value: [] };
  const problem = selectorProblem(selector);
  if (problem !== null) return refuse(problem);
  return { ok: true, value: clusters.filter(({ labels }) => matches(selector, labels)).map(({ name }) => name) };
}

/** Null: KubeFed can read it. */
export function selectorProblem(selector: unknown): string | null {
  if (!isMap(selector)) return "spec.placement.clusterSelector is no mapping";
  for (const expression of listAt(selector, ["matchExpressions"])) {
    const operator = textAt(expression, ["operator"]);
    const count = listAt(expression, ["values"]).length;
    if (!["In", "NotIn", "Exists", "DoesNotExist"].includes(operator))
      return `"${operator}" is not a valid label selector operator`;
    if (operator.endsWith("In") && count === 0) return `for '${operator}' operator, values set can't be empty`;
    if (!operator.endsWith("In") && count > 0) return `values set must be empty for ${operator}`;
  }
  return null;
}

function matches(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const equal = Object.entries(mapAt(selector, ["matchLabels"])).every(([key, value]) => labels[key] === value);
  return equal && listAt(selector, ["matchExpressions"]).every((expression) => fits(expression, labels));
}

function fits(expression: unknown, labels: Readonly<Record<string, string>>): boolean {
  const key = textAt(expression, ["key"]);
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  const listed = value !== undefined && listAt(expression, ["values"]).includes(value);
  switch (textAt(expression, ["operator"])) {
    case "In":
      return listed;
    case "NotIn":
      return !listed;
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}

function refuse(message: string): Parsed<never> {
  return { ok: false, problems: [{ message }] };
}
