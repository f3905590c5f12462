// The Deployment of the service, as every rendering carries it: only replicas, and REGION and CLUSTER where they are not in
// a ConfigMap, differ from cluster to cluster (see `cluster-change.ts`).
import type { Topology } from "../topology/topology.ts";
import type { KubeObject, Manifest, RegionBy } from "./manifest.ts";
import {
  CONTAINER,
  CONTAINER_PORT,
  imageTag,
  labelsOf,
  namespaceOf,
  PORT_NAME,
  selectorOf,
  UNSET,
  versionLabel,
} from "./names.ts";

/** What a cluster without a change of its own would run. */
const REPLICAS_DEFAULT = 2;
/**
 * After SIGTERM `/readyz` fails while connections are still accepted: the time for load balancers to notice. Readiness takes
 * up to two periods and a timeout (8 s), then the news has to reach every node; see `loadbalancer.ts` for slower ones.
 */
const DRAIN_DELAY_MS = 15_000;
/** Then requests in flight may take so long. */
const DRAIN_TIMEOUT_MS = 10_000;
/** Kubernetes' SIGKILL comes that much after the service should have gone by itself. */
const GRACE_MARGIN_SECONDS = 15;
const GRACE_SECONDS = (DRAIN_DELAY_MS + DRAIN_TIMEOUT_MS) / 1000 + GRACE_MARGIN_SECONDS;
/** The user of the image, which has no name for Kubernetes to check. */
const USER_ID = 65_532;

/** The variables that say where a Pod runs; each cluster has its own value. */
export const PLACE_VARIABLES = ["REGION", "CLUSTER"] as const;

export type PlaceVariable = (typeof PLACE_VARIABLES)[number];

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
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: selectorOf(topology) },
      template: podTemplate(topology, regionBy),
    },
  };
  return { object, notes: notesFor(regionBy) };
}

function podTemplate(topology: Topology, regionBy: RegionBy): unknown {
  const { name } = topology.service;
  return {
    metadata: {
      labels: { ...labelsOf(topology), ...versionLabel(topology) },
      annotations: { "proxy.istio.io/config": `terminationDrainDuration: ${GRACE_SECONDS - 5}s\n` },
    },
    spec: {
      serviceAccountName: name,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: GRACE_SECONDS,
      nodeSelector: { "kubernetes.io/os": "linux" },
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER_ID,
        runAsGroup: USER_ID,
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
    },
  };
}

function container(topology: Topology, regionBy: RegionBy): unknown {
  return {
    name: CONTAINER,
    image: topology.service.image,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: PORT_NAME, containerPort: CONTAINER_PORT, protocol: "TCP" }],
    env: variables(topology, regionBy),
    startupProbe: probe("/healthz", { periodSeconds: 1, failureThreshold: 30 }),
    readinessProbe: probe("/readyz", { periodSeconds: 3, failureThreshold: 2 }),
    livenessProbe: probe("/healthz", { periodSeconds: 10, failureThreshold: 3 }),
    resources: { requests: { cpu: "50m", memory: "96Mi" }, limits: { memory: "192Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
}

function variables(topology: Topology, regionBy: RegionBy): readonly unknown[] {
  const tag = imageTag(topology.service.image);
  const place = PLACE_VARIABLES.map((key) =>
    regionBy === "env"
      ? { name: key, value: UNSET }
      : { name: key, valueFrom: { configMapKeyRef: { name: topology.service.name, key } } },
  );
  return [
    ...place,
    { name: "POD_IP", valueFrom: { fieldRef: { fieldPath: "status.podIP" } } },
    ...(tag === null ? [] : [{ name: "VERSION", value: tag }]),
    { name: "PORT", value: String(CONTAINER_PORT) },
    { name: "DRAIN_DELAY_MS", value: String(DRAIN_DELAY_MS) },
    { name: "DRAIN_TIMEOUT_MS", value: String(DRAIN_TIMEOUT_MS) },
  ];
}

function probe(path: string, times: { readonly periodSeconds: number; readonly failureThreshold: number }): unknown {
  return { httpGet: { path, port: PORT_NAME }, timeoutSeconds: 2, ...times };
}

function notesFor(regionBy: RegionBy): Readonly<Record<string, string>> {
  const pod = "/spec/template/spec";
  const app = `${pod}/containers/0`;
  return {
    "/spec/replicas": "Each cluster has its own number; this one would hold where none is given.",
    "/spec/strategy": "A rollout never has fewer ready Pods than it started with.",
    "/spec/template/metadata/annotations":
      "For meshes: the sidecar must still be there while the service takes its leave, or it cuts requests in flight.",
    [`${pod}/automountServiceAccountToken`]: "The service never speaks to the Kubernetes API.",
    [`${pod}/terminationGracePeriodSeconds`]: `DRAIN_DELAY_MS + DRAIN_TIMEOUT_MS + ${GRACE_MARGIN_SECONDS} s. No preStop: the image has no shell to sleep in, and needs none, because after SIGTERM the service itself fails /readyz and goes on accepting for DRAIN_DELAY_MS.`,
    [`${pod}/securityContext/runAsUser`]: "The user of the image.",
    [`${pod}/topologySpreadConstraints`]:
      "ScheduleAnyway: a Pod in a crowded zone serves, a Pod that cannot be placed does not. pod-template-hash (Kubernetes 1.27 and later): a rollout does not count the Pods that it replaces.",
    [`${app}/env/0`]:
      regionBy === "env"
        ? `Each cluster replaces this value by its own. "${UNSET}" in an answer of the service means that none did.`
        : "Each cluster has its own ConfigMap. By key and not by position: whoever adds a variable here cannot move another one's value under REGION. Pods read it when they start.",
    [`${app}/startupProbe`]: "Until it passes, the other two wait.",
    [`${app}/readinessProbe`]: "Fails from SIGTERM on, so the Pod leaves the Service before it stops accepting.",
    [`${app}/livenessProbe`]: "Another path than readiness: a Pod that drains must not be restarted for it.",
    [`${app}/resources`]: "No CPU limit: throttling would show as latency that no user's distance explains.",
  };
}
