// The container of the service: its image, what it is told, how it is asked whether it lives, what it may use and how it
// takes its leave.
import type { Topology } from "../topology/topology.ts";
import { cpuText, memoryText, SERVICE_AMOUNTS } from "./amounts.ts";
import type { Notes, RegionBy } from "./manifest.ts";
import { CONTAINER, CONTAINER_PORT, imageTag, PORT_NAME, UNSET } from "./names.ts";

/**
 * Before SIGTERM, while `/readyz` still passes: the news that the Pod goes reaches every node and every proxy, and nobody who
 * has not heard it is turned away.
 */
const PRE_STOP_SECONDS = 5;
/**
 * After SIGTERM `/readyz` fails while connections are still accepted: the time for load balancers that ask it to notice, up
 * to two periods and a timeout (8 s); see `loadbalancer.ts` for slower ones.
 */
const DRAIN_DELAY_MS = 15_000;
/** Then requests in flight may take so long. */
const DRAIN_TIMEOUT_MS = 10_000;
/** Kubernetes' SIGKILL comes that much after the service should have gone by itself. */
const GRACE_MARGIN_SECONDS = 15;
export const GRACE_SECONDS = PRE_STOP_SECONDS + (DRAIN_DELAY_MS + DRAIN_TIMEOUT_MS) / 1000 + GRACE_MARGIN_SECONDS;

/** The one place that the service may write to; where the volume is mounted. */
export const TEMPORARY = { name: "tmp", path: "/tmp", sizeLimit: "64Mi" } as const;

/** For a region without `cloud` where another has one: the service's own word for what it was not told. */
export const UNKNOWN_CLOUD = "unknown";

export type PlaceVariable = "REGION" | "CLUSTER" | "CLOUD";

/** The variables that say where a Pod runs; each cluster has its own value. */
export function placeVariables(topology: Topology): readonly PlaceVariable[] {
  const clouds = topology.regions.some(({ cloud }) => cloud !== undefined);
  return ["REGION", "CLUSTER", ...(clouds ? (["CLOUD"] as const) : [])];
}

export function container(topology: Topology, regionBy: RegionBy): unknown {
  const { cpuRequest, memoryRequest, memoryLimit } = SERVICE_AMOUNTS;
  return {
    name: CONTAINER,
    image: topology.service.image,
    imagePullPolicy: "IfNotPresent",
    ports: [{ name: PORT_NAME, containerPort: CONTAINER_PORT, protocol: "TCP" }],
    env: variables(topology, regionBy),
    startupProbe: probe("/livez", { periodSeconds: 1, failureThreshold: 30 }),
    readinessProbe: probe("/readyz", { periodSeconds: 3, failureThreshold: 2 }),
    livenessProbe: probe("/livez", { periodSeconds: 10, failureThreshold: 3 }),
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    resources: {
      requests: { cpu: cpuText(cpuRequest), memory: memoryText(memoryRequest) },
      limits: { memory: memoryText(memoryLimit) },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [{ name: TEMPORARY.name, mountPath: TEMPORARY.path }],
  };
}

function variables(topology: Topology, regionBy: RegionBy): readonly unknown[] {
  const tag = imageTag(topology.service.image);
  const place = placeVariables(topology).map((key) =>
    regionBy === "env"
      ? { name: key, value: UNSET }
      : { name: key, valueFrom: { configMapKeyRef: { name: topology.service.name, key } } },
  );
  return [
    ...place,
    fromPod("POD_IP", "status.podIP"),
    fromPod("POD_NAME", "metadata.name"),
    fromPod("NODE_NAME", "spec.nodeName"),
    ...(tag === null ? [] : [{ name: "VERSION", value: tag }]),
    { name: "PORT", value: String(CONTAINER_PORT) },
    { name: "DRAIN_DELAY_MS", value: String(DRAIN_DELAY_MS) },
    { name: "DRAIN_TIMEOUT_MS", value: String(DRAIN_TIMEOUT_MS) },
    {
      name: "DRAIN_TOKEN",
      valueFrom: { secretKeyRef: { name: `${topology.service.name}-drain`, key: "token", optional: true } },
    },
  ];
}

function fromPod(name: string, fieldPath: string): object {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

function probe(path: string, times: { readonly periodSeconds: number; readonly failureThreshold: number }): unknown {
  return { httpGet: { path, port: PORT_NAME }, timeoutSeconds: 2, ...times };
}

export function containerNotes(topology: Topology, regionBy: RegionBy): Notes {
  const podName = placeVariables(topology).length + 1;
  const drainToken = variables(topology, regionBy).length - 1;
  return {
    "/env/0":
      regionBy === "env"
        ? `Each cluster replaces this value by its own. "${UNSET}" in an answer of the service means that none did.`
        : "Each cluster has its own ConfigMap. By key and not by position: whoever adds a variable here cannot move another one's value under REGION. Pods read it when they start.",
    [`/env/${podName}`]: "Not read by our service: for one of yours that logs or traces by Pod and node.",
    [`/env/${drainToken}`]:
      "For drills that drain a region (POST /drain). A Secret of this name is made by hand; without it the path does not exist.",
    "/startupProbe": "Until it passes, the other two wait.",
    "/readinessProbe": "Fails from SIGTERM on, so the Pod leaves the Service before it stops accepting.",
    "/livenessProbe":
      "Another path than readiness, because a Pod that drains must not be restarted for it; and another one than /healthz, because a drill may turn that unhealthy.",
    "/lifecycle":
      "Before SIGTERM: every node and proxy hears that the Pod goes while it still takes whatever comes. The kubelet sleeps, from Kubernetes 1.30 on (older ones refuse the object), because the image has no shell. After SIGTERM the service itself fails /readyz and goes on accepting for DRAIN_DELAY_MS.",
    "/resources": "No CPU limit: throttling would show as latency that no user's distance explains.",
    "/volumeMounts": "The root is read-only.",
  };
}

export const GRACE_NOTE = `preStop + DRAIN_DELAY_MS + DRAIN_TIMEOUT_MS + ${GRACE_MARGIN_SECONDS} s.`;
