// KubeFed v0.10's own controller-manager between the real API servers: its CRDs and type configs as its chart has them, members
// joined by its own kubefedctl. It runs beside its host, so its webhooks, which run in it, are left out.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { until } from "../../support/until.ts";
import { freePort } from "../name-server.ts";
import type { ApiClient } from "./api.ts";
import { installCrds, objectsIn, sourceTexts } from "./crds.ts";
import { findGo } from "./go.ts";
import { objectsOfFile } from "./manifests.ts";
import { type Program, startProgram } from "./program.ts";
import type { RealClusters } from "./servers.ts";
import { HOST, MEMBERS } from "./topology.ts";

const SYSTEM = "kube-federation-system";
const JOIN_MS_MAX = 60_000;
const READY_MS_MAX = 90_000;
const TYPE_CONFIGS = "charts/kubefed/templates/federatedtypeconfig.yaml";

export interface KubeFed {
  readonly program: Program;
  stop(): Promise<void>;
}

export async function startKubeFed(path: string, clusters: RealClusters): Promise<KubeFed> {
  const { api } = clusters.at(HOST);
  await install(api);
  const kubeconfig = clusters.kubeconfigAs("admin");
  for (const name of MEMBERS) await join(path, kubeconfig, name);
  const [healthz, metrics] = [await freePort(), await freePort()];
  const program = startProgram(path, clusters.folder, "kubefed-controller-manager", [
    "controller-manager",
    `--kubeconfig=${kubeconfig}`,
    `--kubefed-namespace=${SYSTEM}`,
    `--healthz-addr=127.0.0.1:${healthz}`,
    `--metrics-addr=127.0.0.1:${metrics}`,
    "--v=1",
  ]);
  try {
    for (const name of MEMBERS)
      await until(
        `${name} is ready in KubeFed`,
        async () => {
          program.expectRunning();
          return isReady(api, name);
        },
        READY_MS_MAX,
      );
  } catch (thrown) {
    await program.stop();
    throw thrown;
  }
  return { program, stop: () => program.stop() };
}

async function install(api: ApiClient): Promise<void> {
  const go = findGo();
  if (go === null) throw new Error("there is no Go here any more");
  await api.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: SYSTEM } });
  await installCrds(api, await sourceTexts(go, "kubefed"));
  const configs = (await sourceTexts(go, "kubefed", [TYPE_CONFIGS])).flatMap(objectsIn);
  const own = objectsOfFile("kubefed-types.yaml");
  // With a slow machine's patience: what the chart has waits for no leader.
  await api.apply({
    apiVersion: "core.kubefed.io/v1beta1",
    kind: "KubeFedConfig",
    metadata: { name: "kubefed", namespace: SYSTEM },
    spec: CONFIG,
  });
  for (const object of [...configs, ...own]) {
    const isConfig = object.kind === "FederatedTypeConfig";
    await api.apply(isConfig ? { ...object, metadata: { ...object.metadata, namespace: SYSTEM } } : object);
  }
}

/** The chart's defaults. */
const CONFIG = {
  scope: "Cluster",
  controllerDuration: { availableDelay: "20s", unavailableDelay: "60s", cacheSyncTimeout: "5m" },
  leaderElect: { leaseDuration: "15s", renewDeadline: "10s", retryPeriod: "5s", resourceLock: "configmaps" },
  clusterHealthCheck: { period: "10s", failureThreshold: 3, successThreshold: 1, timeout: "3s" },
  syncController: { maxConcurrentReconciles: 1, adoptResources: "Enabled" },
  statusController: { maxConcurrentReconciles: 1 },
  featureGates: [
    { name: "PushReconciler", configuration: "Enabled" },
    { name: "SchedulerPreferences", configuration: "Enabled" },
    { name: "RawResourceStatusCollection", configuration: "Disabled" },
  ],
};

async function join(path: string, kubeconfig: string, name: string): Promise<void> {
  await promisify(execFile)(
    path,
    [
      "kubefedctl",
      "join",
      name,
      `--cluster-context=${name}`,
      `--host-cluster-context=${HOST}`,
      `--kubefed-namespace=${SYSTEM}`,
      `--kubeconfig=${kubeconfig}`,
    ],
    { timeout: JOIN_MS_MAX },
  );
}

async function isReady(api: ApiClient, name: string): Promise<boolean> {
  const { body } = await api.ask("GET", `/apis/core.kubefed.io/v1beta1/namespaces/${SYSTEM}/kubefedclusters/${name}`);
  const { conditions = [] } = (body["status"] ?? {}) as {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}
