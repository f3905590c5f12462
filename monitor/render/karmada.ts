// The same for Karmada, KubeFed's heir: plain objects for the Karmada API server, one policy that says where they go, and
// one override policy for what differs.
import type { Topology } from "../topology/topology.ts";
import { baseManifests, changesOf, clusterChanges } from "./cluster-change.ts";
import type { KubeObject, Manifest, RegionBy, RenderedFile } from "./manifest.ts";
import { namespaceOf } from "./names.ts";
import { yamlText } from "./yaml-text.ts";

const POLICY_API = "policy.karmada.io/v1alpha1";
const FOLDER = "karmada";

const INTRO = `For the Karmada API server (v1.18), whose clusters must have the names of the topology's contexts:
  kubectl --kubeconfig karmada-apiserver.config apply -f manifests/karmada/

In the order of the file names: overrides that come after the propagation find Pods that have already read another region.`;

export function renderKarmada(topology: Topology, regionBy: RegionBy): readonly RenderedFile[] {
  const command = regionBy === "configmap" ? "karmada" : `karmada --region-by ${regionBy}`;
  const base = baseManifests(topology, regionBy);
  const file = (name: string, manifests: readonly Manifest[]): RenderedFile => ({
    path: `${FOLDER}/${name}`,
    text: yamlText(command, INTRO, manifests),
  });
  // kubectl applies a folder by file name: the namespace must come before what lives in it, and the overrides before the
  // policy that sends objects out. The other way round a member could start Pods with the region unset, and nothing would
  // restart them when their ConfigMap is put right.
  return [
    file("1-objects.yaml", base),
    file("2-overrides.yaml", overrides(topology, base, regionBy)),
    file("3-propagation.yaml", [propagation(topology, base)]),
  ];
}

/** Namespaces are not selected: Karmada brings every namespace to every member by itself. */
function propagation(topology: Topology, base: readonly Manifest[]): Manifest {
  const objects = base.map(({ object }) => object).filter(({ kind }) => kind !== "Namespace");
  return {
    object: {
      apiVersion: POLICY_API,
      kind: "PropagationPolicy",
      metadata: { name: topology.service.name, namespace: namespaceOf(topology) },
      spec: {
        resourceSelectors: objects.map(selectorFor),
        conflictResolution: "Abort",
        placement: {
          clusterAffinity: { clusterNames: topology.regions.map(({ cluster }) => cluster.context) },
          replicaScheduling: { replicaSchedulingType: "Duplicated" },
        },
      },
    },
    notes: {
      "/spec/resourceSelectors": "The namespace is missing because Karmada brings it to every member by itself.",
      "/spec/conflictResolution": "Overwrite, when these objects are to be taken over from KubeFed.",
      "/spec/placement/replicaScheduling":
        "Every cluster runs its own full number. Without the type Karmada would divide one number among them.",
    },
  };
}

function overrides(topology: Topology, base: readonly Manifest[], regionBy: RegionBy): readonly Manifest[] {
  return base.flatMap(({ object }) => {
    const overrideRules = topology.regions.flatMap((region) => {
      const changes = changesOf(clusterChanges(topology, region, regionBy), object);
      const plaintext = changes.map(({ path, value }) => ({ path, operator: "replace", value }));
      const targetCluster = { clusterNames: [region.cluster.context] };
      return changes.length === 0 ? [] : [{ targetCluster, overriders: { plaintext } }];
    });
    if (overrideRules.length === 0) return [];
    const name = `${object.metadata.name}-${object.kind.toLowerCase()}`;
    const metadata = { name, namespace: namespaceOf(topology) };
    const spec = { resourceSelectors: [selectorFor(object)], overrideRules };
    return [{ object: { apiVersion: POLICY_API, kind: "OverridePolicy", metadata, spec } }];
  });
}

function selectorFor({ apiVersion, kind, metadata }: KubeObject): object {
  return { apiVersion, kind, name: metadata.name };
}
