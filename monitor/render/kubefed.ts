// The manifests for a KubeFed host cluster: each object as template, placement and overrides. KubeFed v0.10 reports
// Propagation=True for several mistakes (an override for an unknown cluster, a replaced key that does not exist, an empty
// placement), so placement and overrides come from the same list of clusters and every path is looked up first.
import type { Topology } from "../topology/topology.ts";
import { baseManifests, changesOf, clusterChanges } from "./cluster-change.ts";
import {
  type KubeObject,
  type Manifest,
  type Notes,
  notesUnder,
  type RegionBy,
  type RenderedFile,
} from "./manifest.ts";
import { namespaceOf } from "./names.ts";
import { TYPES_FILE } from "./kubefed-types.ts";
import { namespace } from "./surroundings.ts";
import { yamlText } from "./yaml-text.ts";

const FILE = "kubefed-manifests.yaml";
export const FEDERATED_API = "types.kubefed.io/v1beta1";

export function renderKubefed(topology: Topology, regionBy: RegionBy): readonly RenderedFile[] {
  const flag = regionBy === "configmap" ? "" : ` --region-by ${regionBy}`;
  const federated = baseManifests(topology, regionBy).map((manifest) => federate(topology, manifest, regionBy));
  const manifests = [hostNamespace(topology), ...federated];
  return [{ path: FILE, text: yamlText(`kubefed${flag}`, intro(topology), manifests) }];
}

function intro(topology: Topology): string {
  const name = namespaceOf(topology);
  return `For the host cluster of KubeFed v0.10 (archived: for new set-ups see karmada/ and argocd/). Members must have joined under exactly the names in the placements.
  kubectl --context HOST apply -f manifests/${TYPES_FILE}      # first, and again when it has changed
  kubectl --context HOST apply -f manifests/${FILE}

Deleting this file also deletes the namespace ${name} in every member, and what was put there by hand with it: load balancers, Istio objects.
Members are brought back to what stands here within 10 s, "kubectl rollout restart" included: to restart Pods, change the Pod template. Labels on members hold only from a template; annotations of a template never arrive, so there are none (those of the Pod template do).`;
}

/** KubeFed's own object lives in the namespace, so the host needs it too, even where it is no member. */
function hostNamespace(topology: Topology): Manifest {
  const { object } = namespace(topology);
  const note = "On the host. Its labels reach no member: those are in the template below.";
  return {
    object: { apiVersion: "v1", kind: "Namespace", metadata: { name: object.metadata.name } },
    notes: { "": note },
  };
}

function federate(topology: Topology, { object, notes }: Manifest, regionBy: RegionBy): Manifest {
  const { apiVersion: _version, kind, metadata, ...body } = object;
  const { name, labels } = metadata;
  const overrides = overridesOf(topology, object, regionBy);
  return {
    object: {
      apiVersion: FEDERATED_API,
      kind: `Federated${kind}`,
      metadata: { name, namespace: namespaceOf(topology) },
      spec: {
        placement: { clusters: topology.regions.map(({ cluster }) => ({ name: cluster.context })) },
        template: { ...(labels === undefined ? {} : { metadata: { labels } }), ...body },
        ...(overrides.length === 0 ? {} : { overrides }),
      },
    },
    notes: { ...notesUnder("/spec/template", templateNotes(notes)), ...federationNotes(object, notes) },
  };
}

function overridesOf(topology: Topology, object: KubeObject, regionBy: RegionBy): readonly object[] {
  return topology.regions.flatMap((region) => {
    const changes = changesOf(clusterChanges(topology, region, regionBy), object);
    const clusterOverrides = changes.map(({ path, value }) => ({ path, value }));
    return changes.length === 0 ? [] : [{ clusterName: region.cluster.context, clusterOverrides }];
  });
}

/** A note on the whole object stands above the federated one. */
function templateNotes(notes: Notes = {}): Notes {
  return Object.fromEntries(Object.entries(notes).filter(([path]) => path !== ""));
}

function federationNotes(object: KubeObject, notes: Notes = {}): Notes {
  const whole = notes[""] === undefined ? {} : { "": notes[""] };
  if (object.kind !== "Namespace") return whole;
  const note = "No other object reaches a cluster that is not in this placement.";
  return { ...whole, "/spec/placement": note };
}
