// Rules about namespaces: what is outside of a federated one goes nowhere, and what is inside of one shares its fate.
import { valueAt } from "../topology/path.ts";
import { SYSTEM_NAMESPACES } from "../verify/federation.ts";
import { mapAt, textAt } from "../verify/federation-value.ts";
import { type Rule, sightingAt, type Sighting } from "./rule.ts";
import { namespaceAround, type Scene } from "./scene.ts";

const NAME = ["metadata", "name"];

export const NAMESPACE_RULES: readonly Rule[] = [
  {
    id: "KF-NO-FEDERATED-NAMESPACE",
    severity: "error",
    wrong:
      "There is no FederatedNamespace around the object: it goes nowhere, and its reason is NamespaceNotFederated.",
    fix: "Add a FederatedNamespace with the name of the namespace, in that namespace.",
    source: "kubefed v0.10.0 ComputeNamespacedPlacement; measured",
    sightings: unfederated,
  },
  {
    id: "KF-NAMESPACE-NAME",
    severity: "error",
    wrong: "A FederatedNamespace whose name is not that of its namespace is ignored.",
    fix: "Give both the same name.",
    source: "kubefed v0.10.0 pkg/controller/sync/accessor.go, event InvalidName",
    sightings: (scene) =>
      federatedNamespaces(scene)
        .filter(({ namespace, name }) => namespace !== name)
        .map(({ object }) =>
          sightingAt(object, NAME, `name "${object.name}" is not the namespace "${object.namespace}" that it is in`),
        ),
  },
  {
    id: "KF-SYSTEM-NAMESPACE",
    severity: "error",
    wrong: "KubeFed never federates a system namespace.",
    fix: "Move the objects into a namespace of their own.",
    source: "kubefed v0.10.0 pkg/controller/sync/accessor.go isSystemNamespace",
    sightings: (scene) =>
      federatedNamespaces(scene)
        .filter(({ name }) => SYSTEM_NAMESPACES.includes(name))
        .map(({ object }) => sightingAt(object, NAME, `"${object.name}" is a system namespace, which KubeFed ignores`)),
  },
  {
    id: "KF-HOST-NAMESPACE-MISSING",
    severity: "warning",
    wrong: "A FederatedNamespace lives inside of the namespace on the host, which is not among the sources.",
    fix: "Put a plain Namespace of that name first into the file.",
    source: 'measured: "namespaces not found"',
    sightings: (scene) =>
      federatedNamespaces(scene)
        .filter(({ namespace }) => namespace !== "" && hostNamespaceIndex(scene, namespace) < 0)
        .map(({ object }) =>
          sightingAt(object, [], `no Namespace ${object.namespace} for the host is among the sources`),
        ),
  },
  {
    id: "KF-HOST-NAMESPACE-LATE",
    severity: "error",
    wrong: "The host's Namespace comes after an object inside of it, so the first apply fails.",
    fix: "Move the Namespace to the top of the file.",
    source: "kubectl apply goes through a file in its order",
    sightings: lateNamespaces,
  },
  {
    id: "KF-LABEL-HOST-ONLY",
    severity: "error",
    wrong:
      "Labels of the host's Namespace are not copied to members, and those put on a member by hand are gone after 10 s.",
    fix: "Put the label under the FederatedNamespace's spec.template.metadata.labels.",
    source: "measured; kubefed v0.10.0 pkg/controller/sync/dispatch/retain.go retains no labels",
    sightings: hostOnlyLabels,
  },
  {
    id: "KF-DELETED-WITH-NAMESPACE",
    severity: "note",
    wrong: "A plain LoadBalancer Service in a federated namespace is deleted with it, and its address is lost.",
    fix: "Keep it in mind: never take a cluster out of the FederatedNamespace's placement to drain it.",
    source: "measured: deleting a federated namespace deletes what is inside of it in each member",
    sightings: (scene) =>
      scene.views
        .filter(({ kind, cluster, among }) => kind === "Service" && cluster === null && among === 0)
        .filter(({ value, origin }) => textAt(value, ["spec", "type"]) === "LoadBalancer" && origin.kind === "Service")
        .filter(({ namespace }) => namespaceAround(scene, namespace) !== null)
        .map(({ origin }) => sightingAt(origin, NAME, `it goes with the federated namespace ${origin.namespace}`)),
  },
];

function federatedNamespaces({ federated }: Scene): Scene["federated"] {
  return federated.filter(({ kind }) => kind.kind === "Namespace");
}

function hostNamespaceIndex({ objects }: Scene, name: string): number {
  return objects.findIndex((object) => object.kind === "Namespace" && object.name === name);
}

function unfederated(scene: Scene): readonly Sighting[] {
  return scene.federated
    .filter(({ kind, namespace }) => kind.namespaced && namespaceAround(scene, namespace) === null)
    .map(({ object, namespace }) => {
      const where =
        namespace === "" ? "it says no namespace" : `there is no FederatedNamespace ${namespace}/${namespace}`;
      return sightingAt(object, ["metadata", "namespace"], `${where}, so this goes to no cluster`);
    });
}

/** Inside of one file: in which order files are applied is not known here. */
function lateNamespaces(scene: Scene): readonly Sighting[] {
  return scene.objects.flatMap((object, index) => {
    if (object.kind !== "Namespace") return [];
    const { file } = object.placeOf([]);
    const first = scene.objects
      .slice(0, index)
      .find(({ namespace, placeOf }) => namespace === object.name && placeOf([]).file === file);
    if (first === undefined) return [];
    return [sightingAt(object, [], `${first.subject} stands before it, in line ${first.placeOf([]).line}`)];
  });
}

/** Only labels that make something happen: names and versions on the host are nobody's loss. */
const EFFECTIVE_LABEL = /^(istio-injection|istio\.io\/|pod-security\.kubernetes\.io\/)/;

function hostOnlyLabels(scene: Scene): readonly Sighting[] {
  return scene.objects.flatMap((object) => {
    const around = object.kind === "Namespace" ? namespaceAround(scene, object.name) : null;
    if (around === null) return [];
    const federated = mapAt(around.value, ["spec", "template", "metadata", "labels"]);
    return Object.keys(mapAt(object.value, ["metadata", "labels"]))
      .filter(
        (label) =>
          EFFECTIVE_LABEL.test(label) && federated[label] !== valueAt(object.value, ["metadata", "labels", label]),
      )
      .map((label) =>
        sightingAt(object, ["metadata", "labels", label], `${label} is not in the template of ${around.subject}`),
      );
  });
}
