// What a scheduler, kubelets and a cloud's load balancer would report, written by hand: no container runs here. Nodes are made,
// Pods that the real controllers made are bound to them, and their status is set by its subresource, as a kubelet does.
import { namespaceOf } from "../../../monitor/render/names.ts";
import type { Region, Topology } from "../../../monitor/topology/topology.ts";
import { until } from "../../support/until.ts";
import type { ApiClient, ApiObject } from "./api.ts";

const REST_MS_MAX = 60_000;

export function nodePath(index: number): string {
  return `node-${index + 1}`;
}

/** Nodes as the region's cloud labels them; those that are there stay. */
export async function makeNodes(api: ApiClient, region: string, count = 2): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    const labels = { "topology.kubernetes.io/region": region, "kubernetes.io/os": "linux" };
    await api.apply({ apiVersion: "v1", kind: "Node", metadata: { name: nodePath(index), labels } });
  }
}

export interface PodReport {
  readonly ready: boolean;
  /** Why the container waits; left out: it runs. */
  readonly waits?: string;
}

/** Binds each new Pod of the service and reports it ready, until the Deployment has what it wants. */
export async function actAsKubelet(api: ApiClient, topology: Topology): Promise<void> {
  const deployment = `/apis/apps/v1/namespaces/${namespaceOf(topology)}/deployments/${topology.service.name}`;
  await until(
    "the Deployment has come to rest",
    async () => {
      await endPods(api, topology);
      await reportPods(api, topology, { ready: true });
      return isAtRest(await api.get(deployment));
    },
    REST_MS_MAX,
  );
  await until(
    "the endpoints are those of the Pods",
    async () => (await readyAddresses(api, topology)) === (await standingPods(api, topology)).length,
    REST_MS_MAX,
  );
}

/** Of every Pod that does not yet say so. */
export async function reportPods(api: ApiClient, topology: Topology, report: PodReport): Promise<void> {
  for (const [index, pod] of (await standingPods(api, topology)).entries()) {
    if (!isBound(pod)) await bind(api, pod, nodePath(index % 2));
    if (!says(pod, report)) await reportPod(api, pod, report);
  }
}

/** Pods that are to go have gone: a kubelet confirms it when their containers have ended. */
export async function endPods(api: ApiClient, topology: Topology): Promise<void> {
  for (const pod of await podsOf(api, topology))
    if (pod.metadata["deletionTimestamp"] !== undefined) await api.remove(`${podPath(pod)}?gracePeriodSeconds=0`);
}

export async function standingPods(api: ApiClient, topology: Topology): Promise<readonly ApiObject[]> {
  return (await podsOf(api, topology)).filter(({ metadata }) => metadata["deletionTimestamp"] === undefined);
}

async function podsOf(api: ApiClient, topology: Topology): Promise<readonly ApiObject[]> {
  const selector = `labelSelector=app%3D${topology.service.name}`;
  const pods = await api.list(`/api/v1/namespaces/${namespaceOf(topology)}/pods?${selector}`);
  // The list's own items do not say what they are.
  return pods.map((pod) => ({ ...pod, apiVersion: "v1", kind: "Pod" }));
}

async function bind(api: ApiClient, pod: ApiObject, node: string): Promise<void> {
  const body = {
    apiVersion: "v1",
    kind: "Binding",
    metadata: { name: pod.metadata.name },
    target: { apiVersion: "v1", kind: "Node", name: node },
  };
  await api.ask("POST", `${podPath(pod)}/binding`, body);
}

let addresses = 0;

export async function reportPod(api: ApiClient, pod: ApiObject, { ready, waits }: PodReport): Promise<void> {
  const status = (pod["status"] ?? {}) as { readonly podIP?: string };
  const podIP = status.podIP ?? `10.200.${Math.floor((addresses += 1) / 250)}.${addresses % 250}`;
  const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
  const condition = (type: string, isTrue: boolean): object => ({
    type,
    status: isTrue ? "True" : "False",
    lastTransitionTime: at,
  });
  const state = waits === undefined ? { running: { startedAt: at } } : { waiting: { reason: waits } };
  const container = { name: "app", image: imageOf(pod), imageID: "", ready, started: ready, restartCount: 0, state };
  await api.patch(`${podPath(pod)}/status`, "merge", {
    status: {
      phase: "Running",
      podIP,
      podIPs: [{ ip: podIP }],
      startTime: at,
      conditions: [
        condition("PodScheduled", true),
        condition("Initialized", true),
        condition("ContainersReady", ready),
        condition("Ready", ready),
      ],
      containerStatuses: [container],
    },
  });
}

/** As a cloud's controller leaves a Service of type LoadBalancer. */
export async function giveAddress(api: ApiClient, service: string, ip: string): Promise<void> {
  await api.patch(`${service}/status`, "merge", { status: { loadBalancer: { ingress: [{ ip }] } } });
}

/** Everything that the region's cluster does when all is well, with the real controllers' part awaited. */
export async function bringToRest(api: ApiClient, topology: Topology, region: Region): Promise<void> {
  await makeNodes(api, region.region);
  await actAsKubelet(api, topology);
}

function podPath({ metadata }: ApiObject): string {
  return `/api/v1/namespaces/${metadata.namespace ?? ""}/pods/${metadata.name}`;
}

function isBound(pod: ApiObject): boolean {
  return ((pod["spec"] ?? {}) as { readonly nodeName?: string }).nodeName !== undefined;
}

function says(pod: ApiObject, { ready, waits }: PodReport): boolean {
  const { conditions = [], containerStatuses = [] } = (pod["status"] ?? {}) as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: { readonly reason: string } } }[];
  };
  const isReady = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  return isReady === ready && conditions.length > 1 && containerStatuses[0]?.state?.waiting?.reason === waits;
}

function imageOf(pod: ApiObject): string {
  const { containers } = pod["spec"] as { readonly containers: readonly { readonly image: string }[] };
  return containers[0]?.image ?? "";
}

function isAtRest(deployment: ApiObject): boolean {
  const { replicas } = deployment["spec"] as { readonly replicas: number };
  const status = (deployment["status"] ?? {}) as Readonly<Record<string, unknown>>;
  const has = (key: string): unknown => status[key] ?? 0;
  return (
    has("observedGeneration") === deployment.metadata["generation"] &&
    ["replicas", "updatedReplicas", "readyReplicas", "availableReplicas"].every((key) => has(key) === replicas)
  );
}

interface Slice {
  readonly endpoints?: readonly { readonly conditions: { readonly ready?: boolean } }[] | null;
}

async function readyAddresses(api: ApiClient, topology: Topology): Promise<number> {
  const selector = `labelSelector=kubernetes.io%2Fservice-name%3D${topology.service.name}`;
  const path = `/apis/discovery.k8s.io/v1/namespaces/${namespaceOf(topology)}/endpointslices?${selector}`;
  const slices = (await api.list(path)) as unknown as readonly Slice[];
  return slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready === true)
    .length;
}
