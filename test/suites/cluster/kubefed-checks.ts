// The rendered manifests through a real KubeFed into two real members: what arrives there, what `verify --via kubefed` says of
// it and of the slips that KubeFed itself passes over, and the lever on replicas from end to end.
import { isDeepStrictEqual } from "node:util";
import { until } from "../../support/until.ts";
import { expectSame } from "../checks.ts";
import type { ApiClient } from "./api.ts";
import { expectEnd } from "./command.ts";
import { actAsKubelet, bringToRest, endPods } from "./kubelet.ts";
import { brokenOff, restore } from "./lever-checks.ts";
import { allow, LEVER_CASES } from "./lever-cases.ts";
import { objectsOfFile } from "./manifests.ts";
import type { RealClusters } from "./servers.ts";
import { HOST, MEMBERS, NAME, NAMESPACE, regionAt, TOPOLOGY } from "./topology.ts";
import { verify } from "./verify-checks.ts";

const [AWS, GCP] = MEMBERS;
const FEDERATED = `/apis/types.kubefed.io/v1beta1/namespaces/${NAMESPACE}`;
const FEDERATED_DEPLOYMENT = `${FEDERATED}/federateddeployments/${NAME}`;
const DEPLOYMENT = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${NAME}`;
const CONFIG_MAP = `/api/v1/namespaces/${NAMESPACE}/configmaps/${NAME}`;
/** It looks again after ten seconds, and new types take it twenty. */
const SETTLE_MS_MAX = 90_000;
const VIA = ["--via", "kubefed"] as const;

/** Nothing of the service is left, in any cluster. */
export async function emptyClusters(clusters: RealClusters): Promise<void> {
  for (const name of [HOST, ...MEMBERS]) {
    const { api } = clusters.at(name);
    await api.remove(`/api/v1/namespaces/${NAMESPACE}`);
  }
  for (const name of [HOST, ...MEMBERS]) {
    const { api } = clusters.at(name);
    const isGone = async (): Promise<boolean> => {
      await endPods(api, TOPOLOGY);
      return (await api.ask("GET", `/api/v1/namespaces/${NAMESPACE}`)).code === 404;
    };
    await until(`${name} has no namespace ${NAMESPACE}`, isGone, SETTLE_MS_MAX);
  }
}

export async function checkPropagation(clusters: RealClusters): Promise<string> {
  const { api } = clusters.at(HOST);
  expectEnd("before the apply", await verify(clusters, VIA), 1, "CL-MISSING");
  const began = performance.now();
  for (const object of objectsOfFile("kubefed-manifests.yaml")) await api.apply(object);
  for (const name of MEMBERS)
    await until(`the Deployment is in ${name}`, () => isThere(clusters.at(name).api, DEPLOYMENT), SETTLE_MS_MAX);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  for (const name of MEMBERS) {
    const { api: member } = clusters.at(name);
    await bringToRest(member, TOPOLOGY, regionAt(name));
    const { data } = await member.get(CONFIG_MAP);
    expectSame(`REGION in ${name}`, (data as { readonly REGION: string }).REGION, regionAt(name).region);
  }
  await untilVerified(clusters, 0);
  return `in both members after ${seconds} s`;
}

/** KubeFed reports by and by; what it says in the end is what counts. */
async function untilVerified(clusters: RealClusters, code: number): Promise<void> {
  const ends = async (): Promise<boolean> => (await verify(clusters, VIA)).code === code;
  await until("verify comes to rest", ends, SETTLE_MS_MAX).catch(() => {});
  const ended = await verify(clusters, VIA);
  expectEnd(
    "through KubeFed",
    ended,
    code,
    `${HOST} (the federation's host): conforms`,
    "3 of 3 ready",
    "2 of 2 ready",
  );
}

export async function checkLever(clusters: RealClusters): Promise<string> {
  const [given] = LEVER_CASES;
  if (given === undefined) throw new Error("there is no case of the KubeFed lever");
  const [host, member] = [clusters.at(HOST).api, clusters.at(AWS).api];
  const before = (await host.get(FEDERATED_DEPLOYMENT))["spec"];
  await allow(host, given.rights);
  const began = performance.now();
  const { state } = await brokenOff(clusters, given);
  await until(
    `KubeFed stops the Pods in ${AWS}`,
    async () => {
      await endPods(member, TOPOLOGY);
      return (await podsWanted(member)) === 0;
    },
    SETTLE_MS_MAX,
  );
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  await endPods(member, TOPOLOGY);
  await until(
    "nobody answers there",
    async () => (await verify(clusters, VIA)).stdout.includes("CL-REPLICAS"),
    SETTLE_MS_MAX,
  );
  expectSame(`replicas in ${GCP}`, await podsWanted(clusters.at(GCP).api), regionAt(GCP).cluster.replicas);
  expectEnd("the restore", await restore(clusters, state), 0);
  expectEnd("the second restore", await restore(clusters, state), 0, "Nothing is left");
  expectSame("what stands on the host", (await host.get(FEDERATED_DEPLOYMENT))["spec"], before);
  await until(`KubeFed brings the Pods back to ${AWS}`, async () => (await podsWanted(member)) === 3, SETTLE_MS_MAX);
  await actAsKubelet(member, TOPOLOGY);
  await untilVerified(clusters, 0);
  return `the member wanted no Pods ${seconds} s after the pull`;
}

/** The slip that KubeFed passes over: Propagation stays True, and the member runs the template's value. */
export async function checkSlip(clusters: RealClusters): Promise<void> {
  const host = clusters.at(HOST).api;
  const path = `${FEDERATED}/federatedconfigmaps/${NAME}`;
  const { spec } = await host.get(path);
  const index = (spec as { readonly overrides: readonly { readonly clusterName: string }[] }).overrides.findIndex(
    ({ clusterName }) => clusterName === GCP,
  );
  await host.patch(path, "json", [
    { op: "replace", path: `/spec/overrides/${index}/clusterName`, value: "gcp-europe-west-1" },
  ]);
  const member = clusters.at(GCP).api;
  const region = async (): Promise<string> =>
    ((await member.get(CONFIG_MAP))["data"] as { readonly REGION: string }).REGION;
  await until(
    "the member has the template's REGION",
    async () => (await region()) !== regionAt(GCP).region,
    SETTLE_MS_MAX,
  );
  const says = JSON.stringify((await host.get(path))["status"]);
  if (!/"type":"Propagation"/.test(says) || !/"status":"True"/.test(says))
    throw new Error(`expected that KubeFed says Propagation=True all the same, found ${says}`);
  expectEnd(
    "with the slip",
    await verify(clusters, VIA),
    1,
    "error FED-OVERRIDE",
    "REGION=unset, expected europe-west1",
  );
  await host.patch(path, "json", [{ op: "replace", path: "/spec", value: spec }]);
  await until("the member has its own REGION", async () => (await region()) === regionAt(GCP).region, SETTLE_MS_MAX);
  await untilVerified(clusters, 0);
}

/** What is changed in a member is undone; what is changed there and taken from KubeFed stays, and is found. */
export async function checkMemberDrift(clusters: RealClusters): Promise<string> {
  const member = clusters.at(AWS).api;
  const began = performance.now();
  await member.patch(DEPLOYMENT, "merge", { spec: { minReadySeconds: 1 } });
  expectEnd("with a member's own change", await verify(clusters, VIA), 1, "spec.minReadySeconds is 1");
  const isUndone = async (): Promise<boolean> =>
    isDeepStrictEqual(
      ((await member.get(DEPLOYMENT))["spec"] as { readonly minReadySeconds: number }).minReadySeconds,
      5,
    );
  await until("KubeFed undoes it", isUndone, SETTLE_MS_MAX);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  await member.patch(DEPLOYMENT, "merge", {
    metadata: { labels: { "kubefed.io/managed": "false" } },
    spec: { replicas: 1 },
  });
  const host = clusters.at(HOST).api;
  const isSaid = async (): Promise<boolean> =>
    JSON.stringify((await host.get(FEDERATED_DEPLOYMENT))["status"]).includes("ManagedLabelFalse");
  await until("KubeFed says that it is not its own", isSaid, SETTLE_MS_MAX);
  const ended = await verify(clusters, VIA);
  expectEnd(
    "taken from KubeFed",
    ended,
    1,
    /ManagedLabelFalse[^\n]*\n +error FED-FAILED/,
    "it wants 1 Pods, expected 3",
  );
  await member.patch(DEPLOYMENT, "merge", { metadata: { labels: { "kubefed.io/managed": "true" } } });
  await until("KubeFed has it again", async () => (await podsWanted(member)) === 3, SETTLE_MS_MAX);
  await actAsKubelet(member, TOPOLOGY);
  await untilVerified(clusters, 0);
  return `undone after ${seconds} s`;
}

/** The condition Ready disappears, and comes back with the server. */
export async function checkMemberGone(clusters: RealClusters): Promise<string> {
  const cluster = clusters.at(GCP);
  const began = performance.now();
  await cluster.stopServer();
  try {
    const isOffline = async (): Promise<boolean> =>
      (await verify(clusters, VIA)).stdout.includes("it is not ready: Offline");
    await until("verify says that KubeFed calls it offline", isOffline, SETTLE_MS_MAX);
    const ended = await verify(clusters, VIA);
    expectEnd(
      "with a member gone",
      ended,
      1,
      "error FED-CLUSTER",
      "CL-UNREACHABLE",
      `${AWS} (region ${AWS}): conforms`,
    );
  } finally {
    await cluster.startServer();
  }
  const seconds = Math.round((performance.now() - began) / 1000);
  await untilVerified(clusters, 0);
  return `offline after ${seconds} s`;
}

async function isThere(api: ApiClient, path: string): Promise<boolean> {
  return (await api.ask("GET", path)).code === 200;
}

async function podsWanted(api: ApiClient): Promise<number> {
  return ((await api.get(DEPLOYMENT))["spec"] as { readonly replicas: number }).replicas;
}
