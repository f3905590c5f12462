// The Deployment of the service, as every rendering carries it: only replicas, and REGION, CLUSTER and CLOUD where they are
// not in a ConfigMap, differ from cluster to cluster (see `cluster-change.ts`).
import type { Topology } from "../topology/topology.ts";
import { cpuText, memoryText, SIDECAR_AMOUNTS } from "./amounts.ts";
import { container, containerNotes, GRACE_NOTE, GRACE_SECONDS, TEMPORARY } from "./container.ts";
import { type KubeObject, type Manifest, type Notes, notesUnder, pointer, type RegionBy } from "./manifest.ts";
import { labelsOf, namespaceOf, selectorOf, versionLabel } from "./names.ts";

/** What a cluster without a change of its own would run. */
export const REPLICAS_DEFAULT = 2;
/** Pods that a rollout has more than the replicas. */
export const SURGE_MAX = 1;
/** The user of the image, which has no name for Kubernetes to check. */
const USER_ID = 65_532;

export function deployment(topology: Topology, regionBy: RegionBy): Manifest {
  const { name } = topology.service;
  const object: KubeObject = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: namespaceOf(topology), labels: { ...labelsOf(topology), ...versionLabel(topology) } },
    spec: {
      replicas: REPLICAS_DEFAULT,
      revisionHistoryLimit: 3,
      minReadySeconds: 5,
      progressDeadlineSeconds: 300,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: SURGE_MAX } },
      selector: { matchLabels: selectorOf(topology) },
      template: podTemplate(topology, regionBy),
    },
  };
  return { object, notes: notesFor(topology, regionBy) };
}

function podTemplate(topology: Topology, regionBy: RegionBy): unknown {
  const { name, imagePullSecret, priorityClass } = topology.service;
  return {
    metadata: {
      labels: { ...labelsOf(topology), ...versionLabel(topology) },
      annotations: sidecarAnnotations(),
    },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      ...(imagePullSecret === undefined ? {} : { imagePullSecrets: [{ name: imagePullSecret }] }),
      ...(priorityClass === undefined ? {} : { priorityClassName: priorityClass }),
      terminationGracePeriodSeconds: GRACE_SECONDS,
      nodeSelector: { "kubernetes.io/os": "linux" },
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER_ID,
        runAsGroup: USER_ID,
        fsGroup: USER_ID,
        seccompProfile: { type: "RuntimeDefault" },
      },
      topologySpreadConstraints: ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
        maxSkew: 1,
        topologyKey,
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: selectorOf(topology) },
        matchLabelKeys: ["pod-template-hash"],
      })),
      containers: [container(topology, regionBy)],
      volumes: [{ name: TEMPORARY.name, emptyDir: { sizeLimit: TEMPORARY.sizeLimit } }],
    },
  };
}

/** Istio's, for a sidecar; without one they do nothing. */
function sidecarAnnotations(): Readonly<Record<string, string>> {
  return {
    "proxy.istio.io/config": `terminationDrainDuration: ${GRACE_SECONDS - 5}s\n`,
    "sidecar.istio.io/proxyCPU": cpuText(SIDECAR_AMOUNTS.cpuRequest),
    "sidecar.istio.io/proxyMemory": memoryText(SIDECAR_AMOUNTS.memoryRequest),
    "sidecar.istio.io/proxyMemoryLimit": memoryText(SIDECAR_AMOUNTS.memoryLimit),
  };
}

function notesFor(topology: Topology, regionBy: RegionBy): Notes {
  const { service } = topology;
  const versioned = Object.keys(versionLabel(topology)).map((label): readonly [string, string] => [
    pointer("metadata", "labels", label),
    "Here and on the Pods alone, never in a selector: a selector cannot change, and a version does.",
  ]);
  const pod = "/spec/template/spec";
  return {
    ...Object.fromEntries(versioned),
    "/spec/replicas": "Each cluster has its own number; this one would hold where none is given.",
    "/spec/strategy": "A rollout never has fewer ready Pods than it started with.",
    "/spec/template/metadata/annotations":
      "For meshes: the sidecar must still be there while the service takes its leave, or it cuts requests in flight. Its size is the one that the ResourceQuota reckons with.",
    [`${pod}/automountServiceAccountToken`]: "The service never speaks to the Kubernetes API.",
    ...(service.imagePullSecret === undefined
      ? {}
      : { [`${pod}/imagePullSecrets`]: "Made by hand in this namespace of every cluster, before the Pods." }),
    ...(service.priorityClass === undefined
      ? {}
      : { [`${pod}/priorityClassName`]: "Where a cluster has no such PriorityClass it refuses the Pods." }),
    [`${pod}/terminationGracePeriodSeconds`]: GRACE_NOTE,
    [`${pod}/nodeSelector`]: "No architecture: the image is built for amd64 and arm64.",
    [`${pod}/securityContext/runAsUser`]: "The user of the image.",
    [`${pod}/topologySpreadConstraints`]:
      "ScheduleAnyway: a Pod in a crowded zone serves, a Pod that cannot be placed does not. pod-template-hash (Kubernetes 1.27 and later): a rollout does not count the Pods that it replaces.",
    ...notesUnder(`${pod}/containers/0`, containerNotes(topology, regionBy)),
    [`${pod}/volumes`]: "Whoever fills it is evicted, and not the node's other Pods.",
  };
}
