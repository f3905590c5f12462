// A federation of stand-ins: a host with KubeFed's and Karmada's objects as they are rendered and as their controllers leave
// them, and one member with Istio's. Shapes and statuses are the recorded ones of KubeFed v0.10 and Karmada v1.18.
import { onTestFinished, vi } from "vitest";
import { parseAllDocuments } from "yaml";
import type { LeverWish } from "../../monitor/drill/lever-wish.ts";
import type { Lever, LeverPlan } from "../../monitor/lever/lever.ts";
import { makeLever } from "../../monitor/lever/make-lever.ts";
import { makeReach } from "../../monitor/lever/reach.ts";
import type { Undo } from "../../monitor/lever/undo.ts";
import { renderIstio } from "../../monitor/render/istio.ts";
import { renderKarmada } from "../../monitor/render/karmada.ts";
import { renderKubefed } from "../../monitor/render/kubefed.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import type { PatchStep } from "../../monitor/node/kube-api.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";
import { applyPatch } from "../support/json-patch.ts";
import { type KubeServer, startKubeServer, type StoredObject, writeKubeconfig } from "../support/kube-server.ts";

export const HOST = "federation-host";
export const TOPOLOGY: Topology = { ...EXAMPLE, federation: { context: HOST } };
export const NAMESPACE = EXAMPLE.service.name;
export const NAME = EXAMPLE.service.name;
export const CLUSTER = AWS.cluster.context;

export const POLICY = `${NAME}-deployment`;
export const KUBEFED: LeverWish = { lever: "kubefed-replicas", region: AWS.id };
export const KARMADA: LeverWish = { lever: "karmada-replicas", region: AWS.id };
export const ISTIO: LeverWish = { lever: "istio-abort", region: AWS.id, httpStatus: 503, percent: 100 };

/** The first entries are those of the drill's cluster: it is the topology's first. */
export const CHANGES = "/spec/overrides/0/clusterOverrides";
export const RULE = "/spec/overrideRules/0";

export const put = (path: string, value: unknown): PatchStep => ({ op: "add", path, value });
export const drop = (path: string): PatchStep => ({ op: "remove", path });

export function leverFor(wish: LeverWish): Lever {
  return makeLever(wish, { topology: TOPOLOGY, worldPort: null }, makeReach({}));
}

export function undoIn(plan: LeverPlan): Undo {
  if (plan.kind !== "ready") throw new Error(plan.why.join("\n"));
  return plan.undo;
}

export const FEDERATED = "types.kubefed.io/v1beta1/federateddeployments";
export const PREFERENCES = "scheduling.kubefed.io/v1alpha1/replicaschedulingpreferences";
export const OVERRIDES = "policy.karmada.io/v1alpha1/overridepolicies";
export const PROPAGATIONS = "policy.karmada.io/v1alpha1/propagationpolicies";
export const DEPLOYMENTS = "apps/v1/deployments";
export const VIRTUAL_SERVICES = "networking.istio.io/v1/virtualservices";

const KINDS: Readonly<Record<string, string>> = {
  FederatedDeployment: FEDERATED,
  OverridePolicy: OVERRIDES,
  PropagationPolicy: PROPAGATIONS,
  Deployment: DEPLOYMENTS,
  VirtualService: VIRTUAL_SERVICES,
};

export interface Clusters {
  readonly host: KubeServer;
  readonly member: KubeServer;
  /** Every object of both, without what only counts writes. */
  snapshot(): unknown;
  /** Somebody else's edit of an object, wherever it is. */
  edit(kindPath: string, name: string, ...steps: readonly PatchStep[]): void;
  close(): Promise<void>;
}

/** Gone with the test that runs. */
export async function clustersOfTest(): Promise<Clusters> {
  const clusters = await openClusters();
  onTestFinished(async () => {
    await clusters.close();
    vi.unstubAllEnvs();
  });
  return clusters;
}

export async function openClusters(): Promise<Clusters> {
  const host = await startKubeServer([FEDERATED, PREFERENCES, OVERRIDES, PROPAGATIONS, DEPLOYMENTS]);
  const member = await startKubeServer([VIRTUAL_SERVICES, DEPLOYMENTS]);
  vi.stubEnv("KUBECONFIG", writeKubeconfig({ [HOST]: host.url, [CLUSTER]: member.url }));
  const files = [renderKubefed(TOPOLOGY, "configmap"), renderKarmada(TOPOLOGY, "configmap")].flat();
  for (const object of files.flatMap(({ text }) => objectsIn(text))) store(host, object);
  for (const object of renderIstio(TOPOLOGY).flatMap(({ text }) => objectsIn(text))) store(member, object);
  const homes = [host, member];
  return {
    host,
    member,
    snapshot: () => homes.map((home) => home.all().map(({ metadata, ...rest }) => ({ ...rest, name: metadata.name }))),
    edit: (kindPath, name, ...steps) => {
      const home = homes.find((one) => one.take(kindPath, NAMESPACE, name) !== null);
      const object = home?.take(kindPath, NAMESPACE, name) ?? null;
      if (home === undefined || object === null) throw new Error(`no ${kindPath} ${name}`);
      home.put(kindPath, NAMESPACE, applyPatch(object, steps));
    },
    close: async () => {
      await Promise.all(homes.map((home) => home.close()));
    },
  };
}

function objectsIn(text: string): readonly StoredObject[] {
  return parseAllDocuments(text).map((document) => document.toJS() as StoredObject);
}

function store(server: KubeServer, object: StoredObject): void {
  const kindPath = KINDS[object.kind];
  if (kindPath === undefined) return;
  server.put(kindPath, NAMESPACE, settled({ ...object, metadata: { ...object.metadata, generation: 1 } }));
}

/** As KubeFed leaves a FederatedDeployment that has reached all members. */
function settled(object: StoredObject): StoredObject {
  if (object.kind !== "FederatedDeployment") return object;
  const clusters = TOPOLOGY.regions.map(({ cluster }) => ({ name: cluster.context }));
  const conditions = [{ type: "Propagation", status: "True", lastTransitionTime: "2026-11-28T12:00:00Z" }];
  return { ...object, status: { observedGeneration: 1, conditions, clusters } };
}
