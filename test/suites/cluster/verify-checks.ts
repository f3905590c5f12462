// `monitor verify` and `monitor discover` against real API servers with real controllers, and kubelets by hand: what conforms,
// and each kind of drift, made one at a time and taken back.
import { readFileSync } from "node:fs";
import { until } from "../../support/until.ts";
import type { ApiClient } from "./api.ts";
import { type Ended, expectEnd, monitor } from "./command.ts";
import { objectsIn } from "./crds.ts";
import { actAsKubelet, bringToRest, giveAddress, reportPods, standingPods } from "./kubelet.ts";
import { objectsOfFile } from "./manifests.ts";
import type { RealClusters } from "./servers.ts";
import { MEMBERS, NAME, NAMESPACE, regionAt, TOPOLOGY, writeTopology } from "./topology.ts";

const [AWS, GCP] = MEMBERS;
const CORE = `/api/v1/namespaces/${NAMESPACE}`;
const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${NAME}`;
const SETTLE_MS_MAX = 30_000;

export async function applyPlain(clusters: RealClusters): Promise<void> {
  for (const name of MEMBERS) {
    const { api } = clusters.at(name);
    for (const object of objectsOfFile(`plain/${name}.yaml`)) await api.apply(object);
    await bringToRest(api, TOPOLOGY, regionAt(name));
  }
}

export function verify(
  clusters: RealClusters,
  words: readonly string[],
  kubeconfig = clusters.kubeconfigAs("admin"),
): Promise<Ended> {
  const file = writeTopology(clusters.folder);
  return monitor(kubeconfig, ["verify", "--topology", file, "--without-claims", ...words]);
}

const PLAIN = ["--via", "plain"] as const;

export async function checkConforms(clusters: RealClusters): Promise<string> {
  expectEnd("before anything was applied", await verify(clusters, PLAIN), 1, "CL-MISSING");
  await applyPlain(clusters);
  const ended = await verify(clusters, PLAIN);
  expectEnd("after the apply", ended, 0, "3 of 3 ready", "2 of 2 ready", "3 ready endpoints", "2 in us-east-1");
  return ended.stdout.trimEnd().split("\n").at(-1) ?? "";
}

/** The printed role, bound to a user who may do nothing else. */
export async function checkRole(clusters: RealClusters): Promise<void> {
  const kubeconfig = clusters.kubeconfigAs("verifier");
  expectEnd("without a role", await verify(clusters, PLAIN, kubeconfig), 4, "CL-RBAC", 'User "verifier" cannot');
  const { stdout } = await monitor(kubeconfig, [
    "verify",
    "--topology",
    writeTopology(clusters.folder),
    ...PLAIN,
    "--cluster-role",
  ]);
  for (const name of MEMBERS) {
    const { api } = clusters.at(name);
    for (const role of objectsIn(stdout)) {
      await api.apply(role);
      await api.apply({
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRoleBinding",
        metadata: { name: "verifier" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name },
        subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "verifier" }],
      });
    }
  }
  expectEnd("with the printed role", await verify(clusters, PLAIN, kubeconfig), 0, "2 in us-east-1");
}

interface Drift {
  readonly name: string;
  readonly make: (api: ApiClient) => Promise<unknown>;
  readonly code: number;
  readonly finding: string | RegExp;
}

const container = (field: string): string => `/spec/template/spec/containers/0/${field}`;
const set = (path: string, value: unknown): object => ({ op: "replace", path, value });

/** Each at the first member; the whole of it is applied again afterwards. */
export const DRIFTS: readonly Drift[] = [
  {
    name: "another image, whose rollout is under way",
    make: (api) => api.patch(DEPLOYMENT, "json", [set(container("image"), "ghcr.io/your-org/multicloud-demo:0.9.0")]),
    code: 1,
    finding: "CL-IMAGE",
  },
  {
    name: "another number of replicas",
    make: (api) => api.patch(DEPLOYMENT, "json", [set("/spec/replicas", 2)]),
    code: 1,
    finding: /it wants 2 Pods, expected 3\n +error CL-REPLICAS/,
  },
  {
    name: "a probe that somebody loosened",
    make: (api) => api.patch(DEPLOYMENT, "json", [set(container("livenessProbe/failureThreshold"), 30)]),
    code: 1,
    finding: /livenessProbe\.failureThreshold is 30, expected 3\n(.*\n)+ +error CL-DRIFT/,
  },
  {
    name: "another region in the ConfigMap",
    make: (api) => api.patch(`${CORE}/configmaps/${NAME}`, "merge", { data: { REGION: "unset" } }),
    code: 1,
    finding: "REGION=unset, expected us-east-1",
  },
  {
    name: "a Service that leads nowhere",
    make: async (api) => {
      await api.patch(`${CORE}/services/${NAME}`, "merge", { spec: { selector: { app: "nobody" } } });
      await until("the endpoints are gone", async () => (await endpoints(api)) === 0, SETTLE_MS_MAX);
    },
    code: 1,
    finding: "CL-ENDPOINTS",
  },
  {
    name: "a NetworkPolicy that is gone",
    make: (api) =>
      api.remove(`/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/networkpolicies/${NAME}-default-deny`),
    code: 1,
    finding: "CL-MISSING",
  },
  {
    name: "a label of the namespace that is gone",
    make: (api) =>
      api.patch(`/api/v1/namespaces/${NAMESPACE}`, "merge", {
        metadata: { labels: { "pod-security.kubernetes.io/enforce": null } },
      }),
    code: 1,
    finding: /metadata\.labels\."pod-security\.kubernetes\.io\/enforce" is not there.*\n +error CL-DRIFT/,
  },
  {
    name: "Pods that crash",
    make: async (api) => {
      await reportPods(api, TOPOLOGY, { ready: false, waits: "CrashLoopBackOff" });
      await until("the endpoints are not ready", async () => (await endpoints(api)) === 0, SETTLE_MS_MAX);
    },
    code: 1,
    finding: "container app waits: CrashLoopBackOff",
  },
  {
    name: "nodes of another region",
    make: (api) =>
      api.patch("/api/v1/nodes/node-1", "merge", { metadata: { labels: { "topology.kubernetes.io/region": "eu-1" } } }),
    code: 0,
    finding: "CL-NODE-REGION: node node-1 is in eu-1, expected us-east-1",
  },
  {
    name: "a quota that refuses Pods",
    make: async (api) => {
      await api.patch(`${CORE}/resourcequotas/${NAME}`, "merge", { spec: { hard: { pods: "1" } } });
      for (const pod of await standingPods(api, TOPOLOGY))
        await api.remove(`${CORE}/pods/${pod.metadata.name}?gracePeriodSeconds=0`);
      const failing = async (): Promise<boolean> =>
        JSON.stringify((await api.get(DEPLOYMENT))["status"]).includes("ReplicaFailure");
      await until("the Deployment says that Pods are refused", failing, SETTLE_MS_MAX);
    },
    code: 1,
    finding: /exceeded quota: multicloud-demo, .*\n +error CL-PODS-REFUSED/,
  },
];

export async function checkDrift(clusters: RealClusters, { make, code, finding }: Drift): Promise<void> {
  const { api } = clusters.at(AWS);
  try {
    await make(api);
    expectEnd("with the drift", await verify(clusters, PLAIN), code, finding, `${GCP} (region ${GCP}): conforms`);
  } finally {
    await reset(api);
  }
  expectEnd("after it was taken back", await verify(clusters, PLAIN), 0, `${AWS} (region ${AWS}): conforms`);
}

/** By the manifests, as people would, and what kubelets and the cloud say. */
async function reset(api: ApiClient): Promise<void> {
  for (const object of objectsOfFile(`plain/${AWS}.yaml`)) {
    const known = await api.ask("GET", `${CORE}/services/${NAME}`);
    // Server-side apply keeps map entries that another field manager has set.
    if (object.kind === "Service" && known.code === 200)
      await api.patch(`${CORE}/services/${NAME}`, "merge", { spec: { selector: null } });
    await api.apply(object);
  }
  await bringToRest(api, TOPOLOGY, regionAt(AWS));
}

async function endpoints(api: ApiClient): Promise<number> {
  const slices = await api.list(`/apis/discovery.k8s.io/v1/namespaces/${NAMESPACE}/endpointslices`);
  const all = slices.flatMap((slice) => (slice["endpoints"] ?? []) as readonly { conditions: { ready?: boolean } }[]);
  return all.filter(({ conditions }) => conditions.ready === true).length;
}

export async function checkClosed(clusters: RealClusters): Promise<void> {
  const wrong = clusters.kubeconfigWith("wrong", "no-such-token");
  expectEnd("with a token of nobody's", await verify(clusters, PLAIN, wrong), 4, "CL-CREDENTIALS", "HTTP 401");
  const aws = clusters.at(AWS);
  await aws.stopServer();
  try {
    const ended = await verify(clusters, PLAIN);
    expectEnd("with an API server that is down", ended, 4, "CL-UNREACHABLE", `${GCP} (region ${GCP}): conforms`);
  } finally {
    await aws.startServer();
  }
  await actAsKubelet(aws.api, TOPOLOGY);
  expectEnd("when it is back", await verify(clusters, PLAIN), 0);
}

export async function checkDiscover(clusters: RealClusters): Promise<void> {
  const file = writeTopology(clusters.folder);
  const discover = (...words: readonly string[]): Promise<Ended> =>
    monitor(clusters.kubeconfigAs("admin"), ["discover", "--topology", file, ...words]);
  expectEnd("without load balancers", await discover(), 4);
  const [service] = objectsOfFile("loadbalancer/service.yaml");
  if (service === undefined) throw new Error("no Service in manifests/loadbalancer");
  const path = `${CORE}/services/${service.metadata.name}`;
  for (const name of MEMBERS) await clusters.at(name).api.apply(service);
  expectEnd("before the cloud gave addresses", await discover(), 4, "pending");
  await giveAddress(clusters.at(AWS).api, path, "192.0.2.10");
  await giveAddress(clusters.at(GCP).api, path, "198.51.100.77");
  expectEnd("with another address", await discover(), 1, /aws-us-east-1 +same/, "+ addresses: [198.51.100.77]");
  expectEnd("told to write", await discover("--yes"), 0);
  if (!readFileSync(file, "utf8").includes("addresses: [198.51.100.77]")) throw new Error("the file was not written");
  expectEnd("afterwards", await discover(), 0, /gcp-europe-west1 +same/);
  for (const name of MEMBERS) await clusters.at(name).api.remove(path);
}
