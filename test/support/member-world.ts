// What the API server of a member cluster, and that of a federation's host, hold when all is well: everything as it is
// rendered, and beside it what controllers, kubelets and the API server itself add. Shapes are those of the Kubernetes API
// reference, KubeFed v0.10 and Karmada v1.18; nothing here was recorded from a running cluster.
import { istioObjects, hostObjects, keyOfObject, memberObjects, SLICES } from "../../monitor/clusters/wish.ts";
import type { RegionBy } from "../../monitor/render/manifest.ts";
import type { Region, Topology } from "../../monitor/topology/topology.ts";
import type { StoredObject } from "./kube-server.ts";

/** By key, as wishes name kinds: "deployments.apps". */
export type Shelf = Record<string, StoredObject[]>;

type Loose = Record<string, unknown>;
const AT = "2026-11-28T12:00:00Z";

export function podName(topology: Topology, index: number): string {
  return `${topology.service.name}-7d9c5b6f4d-${"abcdefgh"[index] ?? index}`;
}

export function podAddress(region: Region, index: number): string {
  return `10.${region.id.length}.0.${index + 10}`;
}

export function memberShelf(topology: Topology, region: Region, regionBy: RegionBy = "configmap"): Shelf {
  const shelf: Shelf = {};
  for (const object of memberObjects(topology, region, regionBy) as unknown as StoredObject[])
    add(shelf, settled(object));
  const pods = Array.from({ length: region.cluster.replicas }, (_, index) => pod(shelf, topology, region, index));
  shelf["pods"] = pods;
  shelf[SLICES] = [slice(topology, pods)];
  shelf["nodes"] = pods.map((_, index) => node(region, index));
  for (const object of istioObjects(topology) as unknown as StoredObject[]) add(shelf, object);
  return shelf;
}

export function hostShelf(topology: Topology, via: "kubefed" | "karmada"): Shelf {
  const shelf: Shelf = {};
  for (const object of hostObjects(topology, via, "configmap") as unknown as StoredObject[])
    add(shelf, via === "kubefed" ? propagated(object, topology) : withGeneration(object));
  const ready = {
    conditions: [{ type: "Ready", status: "True", reason: "ClusterReady", message: "/healthz responded with ok" }],
  };
  const joined = topology.regions.map(({ cluster }) => ({ metadata: { name: cluster.context }, status: ready }));
  if (via === "kubefed")
    shelf["kubefedclusters.core.kubefed.io"] = joined.map((one) => ({
      apiVersion: "core.kubefed.io/v1beta1",
      kind: "KubeFedCluster",
      ...one,
    }));
  else {
    shelf["clusters.cluster.karmada.io"] = joined.map((one) => ({
      apiVersion: "cluster.karmada.io/v1alpha1",
      kind: "Cluster",
      ...one,
    }));
    shelf["resourcebindings.work.karmada.io"] = Object.values(shelf)
      .flat()
      .filter(({ apiVersion, kind }) => !/karmada/.test(apiVersion) && kind !== "Namespace")
      .map((object) => binding(object, topology));
  }
  return shelf;
}

function add(shelf: Shelf, object: StoredObject): void {
  const key = keyOfObject(object as unknown as Loose);
  shelf[key] = [...(shelf[key] ?? []), object];
}

function withGeneration(object: StoredObject): StoredObject {
  return { ...object, metadata: { ...object.metadata, generation: 1, uid: "5f3e", creationTimestamp: AT } };
}

/** With the statuses and defaults of a cluster that has come to rest. */
function settled(written: StoredObject): StoredObject {
  const object = withGeneration(written);
  const spec = (object.spec ?? {}) as Loose;
  switch (object.kind) {
    case "Namespace":
      return { ...object, status: { phase: "Active" } };
    case "Deployment": {
      const count = spec["replicas"];
      const conditions = [
        {
          type: "Available",
          status: "True",
          reason: "MinimumReplicasAvailable",
          message: "Deployment has minimum availability.",
        },
        {
          type: "Progressing",
          status: "True",
          reason: "NewReplicaSetAvailable",
          message: "ReplicaSet has successfully progressed.",
        },
      ];
      const status = {
        observedGeneration: 1,
        replicas: count,
        updatedReplicas: count,
        readyReplicas: count,
        availableReplicas: count,
        conditions,
      };
      return { ...object, status };
    }
    case "Service":
      return {
        ...object,
        spec: { ...spec, clusterIP: "10.96.12.7", clusterIPs: ["10.96.12.7"], sessionAffinity: "None" },
        status: { loadBalancer: {} },
      };
    case "ResourceQuota":
      return { ...object, status: { hard: spec["hard"], used: { pods: "3", "requests.cpu": "150m" } } };
    default:
      return object;
  }
}

function pod(shelf: Shelf, topology: Topology, region: Region, index: number): StoredObject {
  const spec: unknown = shelf["deployments.apps"]?.[0]?.spec;
  const { template } = spec as { template: { metadata: Loose; spec: { containers: Loose[] } } };
  const address = podAddress(region, index);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: podName(topology, index), ...template.metadata },
    spec: {
      ...template.spec,
      nodeName: nodeName(index),
      initContainers: [{ name: "istio-proxy", image: "istio/proxyv2:1.30.3", restartPolicy: "Always" }],
    },
    status: {
      phase: "Running",
      podIP: address,
      podIPs: [{ ip: address }],
      conditions: [
        { type: "PodScheduled", status: "True" },
        { type: "Ready", status: "True" },
      ],
      containerStatuses: [{ name: "app", ready: true, restartCount: 0, state: { running: { startedAt: AT } } }],
    },
  };
}

function nodeName(index: number): string {
  return `node-${index + 1}`;
}

function node(region: Region, index: number): StoredObject {
  const labels = {
    "topology.kubernetes.io/region": region.region,
    "topology.kubernetes.io/zone": `${region.region}-a`,
  };
  return { apiVersion: "v1", kind: "Node", metadata: { name: nodeName(index), labels } };
}

function slice(topology: Topology, pods: readonly StoredObject[]): StoredObject {
  const { name } = topology.service;
  const endpoints = pods.map(({ metadata, status }) => ({
    addresses: [(status as { podIP: string }).podIP],
    conditions: { ready: true, serving: true, terminating: false },
    targetRef: { kind: "Pod", name: metadata.name },
  }));
  const metadata = { name: `${name}-x7k2p`, labels: { "kubernetes.io/service-name": name } };
  return { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", metadata, endpoints } as StoredObject;
}

function propagated(written: StoredObject, topology: Topology): StoredObject {
  const object = withGeneration(written);
  if (object.kind === "Namespace") return object;
  const clusters = topology.regions.map(({ cluster }) => ({ name: cluster.context }));
  const conditions = [{ type: "Propagation", status: "True", lastTransitionTime: AT, lastUpdateTime: AT }];
  return { ...object, status: { observedGeneration: 1, conditions, clusters } };
}

function binding({ apiVersion, kind, metadata }: StoredObject, topology: Topology): StoredObject {
  const aggregatedStatus = topology.regions.map(({ cluster }) => ({
    clusterName: cluster.context,
    applied: true,
    health: "Healthy",
  }));
  const conditions = [
    { type: "Scheduled", status: "True", reason: "Success" },
    { type: "FullyApplied", status: "True", reason: "FullyAppliedSuccess" },
  ];
  return {
    apiVersion: "work.karmada.io/v1alpha2",
    kind: "ResourceBinding",
    metadata: { name: `${metadata.name}-${kind.toLowerCase()}` },
    spec: { resource: { apiVersion, kind, name: metadata.name } },
    status: { conditions, aggregatedStatus },
  };
}
