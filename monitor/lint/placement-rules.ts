// Rules about where KubeFed puts an object. A placement that selects nothing is no error to KubeFed: it deletes what is in the
// members and reports Propagation=True.
import { nearestWord } from "../topology/nearest.ts";
import { valueAt } from "../topology/path.ts";
import { selectorProblem } from "../verify/federation-placement.ts";
import { isList, isMap, listAt, textAt } from "../verify/federation-value.ts";
import { type Rule, sightingAt, type Sighting, wordList } from "./rule.ts";
import { type FederatedObject, namespaceAround, type Scene } from "./scene.ts";

const PLACEMENT = ["spec", "placement"];
const CLUSTERS = [...PLACEMENT, "clusters"];
const SELECTOR = [...PLACEMENT, "clusterSelector"];
const SOURCE = "kubefed v0.10.0 pkg/controller/util/placement.go; measured";

export const PLACEMENT_RULES: readonly Rule[] = [
  {
    id: "KF-PLACEMENT-MISSING",
    severity: "error",
    wrong: "The object has no placement, which selects no cluster: it goes nowhere, and Propagation is True.",
    fix: "List the clusters under spec.placement.clusters.",
    source: SOURCE,
    sightings: (scene) => scene.federated.flatMap(placementMissing),
  },
  {
    id: "KF-PLACEMENT-EMPTY",
    severity: "error",
    wrong: "The list of clusters is empty: the object is deleted from every member, and Propagation is True.",
    fix: "List the clusters, or delete the object itself if that is what you want.",
    source: SOURCE,
    sightings: (scene) => scene.federated.flatMap(placementEmpty),
  },
  {
    id: "KF-PLACEMENT-BOTH",
    severity: "error",
    wrong: "Beside a list of clusters, even an empty one, the clusterSelector is ignored.",
    fix: "Keep one of spec.placement.clusters and spec.placement.clusterSelector.",
    source: SOURCE,
    sightings: (scene) => scene.federated.flatMap(placementBoth),
  },
  {
    id: "KF-PLACEMENT-UNKNOWN-CLUSTER",
    severity: "error",
    wrong: "A name in the placement is no cluster: KubeFed drops it without a word.",
    fix: "Use the names of `kubectl get kubefedclusters`, which are the contexts of the topology.",
    source: SOURCE,
    sightings: placementUnknown,
  },
  {
    id: "KF-PLACEMENT-OUTSIDE-NAMESPACE",
    severity: "error",
    wrong: "A cluster of the placement is not in that of the FederatedNamespace, so the object is not put there.",
    fix: "Add the cluster to the FederatedNamespace's placement, or take it out here.",
    source: "kubefed v0.10.0 ComputeNamespacedPlacement; measured",
    sightings: (scene) => scene.federated.flatMap((object) => outsideNamespace(object, scene)),
  },
  {
    id: "KF-SELECTOR-INVALID",
    severity: "error",
    wrong:
      "The clusterSelector cannot be read: ComputePlacementFailed, for everything in a FederatedNamespace with it.",
    fix: "Use In or NotIn with values, Exists or DoesNotExist without.",
    source: "apimachinery pkg/apis/meta/v1/helpers.go LabelSelectorAsSelector",
    sightings: (scene) => scene.federated.flatMap(selectorInvalid),
  },
  {
    id: "KF-SELECTOR-NONE",
    severity: "error",
    wrong: "The clusterSelector matches no KubeFedCluster: the object goes nowhere, and Propagation is True.",
    fix: "Use labels that the KubeFedCluster objects have.",
    source: SOURCE,
    sightings: selectorNone,
  },
];

function placementMissing(object: FederatedObject): readonly Sighting[] {
  const placement = valueAt(object.value, PLACEMENT) ?? null;
  const filled = isMap(placement) && ["clusters", "clusterSelector"].some((key) => (placement[key] ?? null) !== null);
  if (filled || (placement !== null && !isMap(placement))) return [];
  const message =
    placement === null ? "spec.placement is missing" : "spec.placement has no clusters and no clusterSelector";
  return [sightingAt(object.object, PLACEMENT, `${message}, so this goes to no cluster`)];
}

function placementEmpty(object: FederatedObject): readonly Sighting[] {
  const clusters = valueAt(object.value, CLUSTERS);
  if (!isList(clusters) || clusters.length > 0) return [];
  return [sightingAt(object.object, CLUSTERS, "spec.placement.clusters is empty, so KubeFed deletes this everywhere")];
}

function placementBoth(object: FederatedObject): readonly Sighting[] {
  const both = [CLUSTERS, SELECTOR].every((path) => (valueAt(object.value, path) ?? null) !== null);
  if (!both) return [];
  return [sightingAt(object.object, SELECTOR, "spec.placement has clusters too, so this clusterSelector is ignored")];
}

function placementUnknown({ federated, clusters }: Scene): readonly Sighting[] {
  if (clusters === null) return [];
  return federated.flatMap((object) =>
    listAt(object.value, CLUSTERS).flatMap((cluster, index) => {
      const name = textAt(cluster, ["name"]);
      if (clusters.includes(name)) return [];
      const message = `"${name}" is no known cluster (${wordList(clusters)})${meant(name, clusters)}`;
      return [sightingAt(object.object, [...CLUSTERS, index, "name"], message)];
    }),
  );
}

export function meant(name: string, known: readonly string[]): string {
  const near = nearestWord(name, known);
  return near === null ? "" : `, did you mean "${near}"?`;
}

function outsideNamespace(object: FederatedObject, scene: Scene): readonly Sighting[] {
  const around = object.kind.namespaced ? namespaceAround(scene, object.namespace) : null;
  if (around === null || around.placed.length === 0) return [];
  const outside = object.placed.filter((name) => !around.placed.includes(name));
  return outside.map((name) => {
    const index = listAt(object.value, CLUSTERS).findIndex((cluster) => textAt(cluster, ["name"]) === name);
    const message = `"${name}" is not in the placement of ${around.subject} (${wordList(around.placed)})`;
    return sightingAt(object.object, index < 0 ? SELECTOR : [...CLUSTERS, index, "name"], message);
  });
}

function selectorInvalid(object: FederatedObject): readonly Sighting[] {
  const selector = valueAt(object.value, SELECTOR) ?? null;
  const unused = (valueAt(object.value, CLUSTERS) ?? null) !== null;
  const problem = selector === null || unused ? null : selectorProblem(selector);
  return problem === null ? [] : [sightingAt(object.object, SELECTOR, problem)];
}

/** Only where labels are at hand. */
function selectorNone({ federated, objects }: Scene): readonly Sighting[] {
  if (!objects.some(({ kind }) => kind === "KubeFedCluster")) return [];
  return federated.flatMap((object) => {
    const selector = valueAt(object.value, SELECTOR) ?? null;
    const used = selector !== null && (valueAt(object.value, CLUSTERS) ?? null) === null;
    if (!used || object.placed.length > 0 || selectorProblem(selector) !== null) return [];
    return [sightingAt(object.object, SELECTOR, "no KubeFedCluster in these sources has such labels")];
  });
}
