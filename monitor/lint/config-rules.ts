// Rules about what a container reads from ConfigMaps: the federation host looks neither into the Pod template nor at what else
// a cluster gets, so a ConfigMap that is renamed, or placed elsewhere, is first missed by the kubelets of the members.
import { nearestWord } from "../topology/nearest.ts";
import { type Path, valueAt } from "../topology/path.ts";
import { listAt, mapAt, textAt } from "../verify/federation-value.ts";
import type { MemberView } from "./member-view.ts";
import { type Rule, sightingIn, type Sighting } from "./rule.ts";
import type { Scene } from "./scene.ts";
import { beside, containersOf, workloads } from "./workload.ts";

export const CONFIG_RULES: readonly Rule[] = [
  {
    id: "K8S-CONFIG-MISSING",
    severity: "error",
    wrong: "A container reads a ConfigMap, or a key of one, that its cluster does not get.",
    fix: "Correct the name or the key, or place the ConfigMap wherever its readers are.",
    source: "Kubernetes documentation, Configure a Pod to Use a ConfigMap",
    sightings: (scene) => workloads(scene).flatMap((view) => missingConfig(view, scene)),
  },
];

/** Every namespace gets these from Kubernetes and from Istio. */
const GIVEN = new Set(["kube-root-ca.crt", "istio-ca-root-cert"]);

const OUTCOME = "its Pods stay in CreateContainerConfigError while Propagation is True";

interface ConfigReference {
  readonly name: string;
  /** Null: all keys, whichever there are. */
  readonly key: string | null;
  readonly path: Path;
}

/** Nothing can be said where the sources have no ConfigMap of the namespace: they may all be in another file. */
function missingConfig(view: MemberView, scene: Scene): readonly Sighting[] {
  const maps = scene.views.filter(({ kind, namespace }) => kind === "ConfigMap" && namespace === view.namespace);
  if (maps.length === 0) return [];
  return references(view).flatMap((reference) => {
    const problem = problemOf(reference, view, maps);
    if (problem === null) return [];
    return [sightingIn(view, [...reference.path, problem.field], `${problem.message}; ${OUTCOME}`)];
  });
}

/** Those that a container cannot start without. */
function references(view: MemberView): readonly ConfigReference[] {
  return containersOf(view.value)
    .flatMap(({ value, path }) => [
      ...listAt(value, ["env"]).map((_, index) => [...path, "env", index, "valueFrom", "configMapKeyRef"]),
      ...listAt(value, ["envFrom"]).map((_, index) => [...path, "envFrom", index, "configMapRef"]),
    ])
    .filter((path) => valueAt(view.value, [...path, "optional"]) !== true)
    .map((path) => {
      const key = path.at(-1) === "configMapKeyRef" ? textAt(view.value, [...path, "key"]) : null;
      return { name: textAt(view.value, [...path, "name"]), key, path };
    })
    .filter(({ name, key }) => name !== "" && key !== "" && !GIVEN.has(name));
}

interface Problem {
  readonly field: "name" | "key";
  readonly message: string;
}

function problemOf({ name, key }: ConfigReference, view: MemberView, maps: readonly MemberView[]): Problem | null {
  const near = beside(view, maps);
  const own = near.filter((map) => map.name === name);
  if (own.length === 0) {
    const elsewhere = maps.some((map) => map.name === name);
    const hint = elsewhere ? "" : meant(name, new Set(near.map((map) => map.name)));
    const where = elsewhere ? "is in other clusters, not in this one" : "is not among the sources";
    return { field: "name", message: `ConfigMap ${name} ${where}${hint}` };
  }
  if (key === null || own.some(({ value }) => valueAt(value, ["data", key]) !== undefined)) return null;
  const keys = new Set(own.flatMap(({ value }) => Object.keys(mapAt(value, ["data"]))));
  return { field: "key", message: `ConfigMap ${name} has no key ${key}${meant(key, keys)}` };
}

function meant(word: string, words: ReadonlySet<string>): string {
  const nearest = nearestWord(word, [...words]);
  return nearest === null ? "" : `, perhaps \`${nearest}\` is meant`;
}
