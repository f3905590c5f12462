// Each lever on clusters by itself: what it leaves where, and every reason for which it does not even begin.
import { beforeEach, describe, expect, test } from "vitest";
import { makeLever } from "../../monitor/lever/make-lever.ts";
import { makeReach } from "../../monitor/lever/reach.ts";
import type { PatchStep } from "../../monitor/node/kube-api.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { valueAtPointer } from "../support/json-patch.ts";
import {
  CHANGES,
  CLUSTER,
  type Clusters,
  clustersOfTest,
  DEPLOYMENTS,
  drop,
  FEDERATED,
  ISTIO,
  KARMADA,
  KUBEFED,
  leverFor,
  NAME,
  NAMESPACE,
  OVERRIDES,
  POLICY,
  PREFERENCES,
  PROPAGATIONS,
  put,
  RULE,
  undoIn,
  VIRTUAL_SERVICES,
} from "./clusters.ts";

let clusters: Clusters;
beforeEach(async () => {
  clusters = await clustersOfTest();
});

describe("KubeFed's override", () => {
  const edit = (...steps: readonly PatchStep[]): void => clusters.edit(FEDERATED, NAME, ...steps);
  const overrides = (): unknown => valueAtPointer(clusters.host.take(FEDERATED, NAMESPACE, NAME), "/spec/overrides");
  const PAUSED = { path: "/spec/paused", value: true };

  test.each([
    ["its number", [], "nothing", `${CHANGES}/0`],
    ["an override without replicas", [put(CHANGES, [PAUSED])], "path", `${CHANGES}/1`],
    ["no override for the cluster", [drop("/spec/overrides/0")], "entry", "/spec/overrides/1/clusterOverrides/0"],
    ["an empty list", [put("/spec/overrides", [])], "entry", `${CHANGES}/0`],
    ["no list", [drop("/spec/overrides")], "list", `${CHANGES}/0`],
  ])("is put back where there was %s", async (_, steps, added, place) => {
    edit(...steps);
    const untouched = clusters.snapshot();
    const lever = leverFor(KUBEFED);
    const undo = undoIn(await lever.plan());
    expect(undo).toMatchObject({ added });
    expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
    const object = clusters.host.take(FEDERATED, NAMESPACE, NAME);
    expect(valueAtPointer(object, place)).toEqual({ path: "/spec/replicas", value: 0 });
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
    expect(clusters.snapshot()).toEqual(untouched);
  });

  test("leaves what others added beside it in the meantime", async () => {
    edit(drop("/spec/overrides"));
    const lever = leverFor(KUBEFED);
    const undo = undoIn(await lever.plan());
    await lever.apply(undo);
    edit(put(`${CHANGES}/-`, PAUSED));
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
    expect(overrides()).toEqual([{ clusterName: CLUSTER, clusterOverrides: [PAUSED] }]);
  });

  const ofReplicas = (value: number): object => ({ path: "/spec/replicas", value });
  test.each([
    [
      "no such placement",
      [put("/spec/placement/clusters", [{ name: "another" }])],
      `it is not placed in ${CLUSTER}, so an override there does nothing`,
    ],
    [
      "replicas retained and no override",
      [put("/spec/retainReplicas", true), put(CHANGES, [PAUSED])],
      `it has retainReplicas and no override of /spec/replicas for ${CLUSTER}: 0 would stay there for good`,
    ],
    [
      "0 already",
      [put(CHANGES, [ofReplicas(0)])],
      `its override of /spec/replicas for ${CLUSTER} is 0 already: left by a drill?`,
    ],
    [
      "an override that removes",
      [put(CHANGES, [{ op: "remove", path: "/spec/replicas" }])],
      `its override of /spec/replicas for ${CLUSTER} is no number that could be put back`,
    ],
    [
      "two overrides for one cluster",
      [put("/spec/overrides/-", { clusterName: CLUSTER, clusterOverrides: [] })],
      `it has two overrides for ${CLUSTER}`,
    ],
    [
      "one path twice",
      [put(CHANGES, [ofReplicas(1), ofReplicas(2)])],
      `its override for ${CLUSTER} has /spec/replicas twice`,
    ],
    [
      "overrides in another shape",
      [put("/spec/overrides", { "aws-us-east-1": 3 })],
      "its overrides are not as KubeFed writes them",
    ],
    [
      "a generation that KubeFed has not seen",
      [put("/metadata/generation", 9)],
      "KubeFed has not yet seen generation 9 of it: does its controller run?",
    ],
    [
      "a cluster that KubeFed does not reach",
      [put("/status/clusters/0/status", "ClusterNotReady")],
      `KubeFed says ClusterNotReady of ${CLUSTER}, so nothing would reach it`,
    ],
    [
      "another cluster that fails",
      [put("/status/conditions", [{ type: "Propagation", status: "False", reason: "CheckClusters" }])],
      "its condition Propagation is False (CheckClusters)",
    ],
    [
      "its deletion under way",
      [put("/metadata/deletionTimestamp", "2026-11-28T12:00:00Z")],
      "FederatedDeployment multicloud-demo is being deleted",
    ],
  ])("is refused with %s", async (_, steps, sentence) => {
    edit(...steps);
    expect(await leverFor(KUBEFED).plan()).toEqual({ kind: "refused", why: [sentence] });
  });

  test("is refused with a preference that decides on replicas", async () => {
    const preference = { apiVersion: "scheduling.kubefed.io/v1alpha1", kind: "ReplicaSchedulingPreference" };
    clusters.host.put(PREFERENCES, NAMESPACE, { ...preference, metadata: { name: NAME }, spec: { totalReplicas: 6 } });
    expect(await leverFor(KUBEFED).plan()).toEqual({
      kind: "refused",
      why: [
        "ReplicaSchedulingPreference multicloud-demo/multicloud-demo decides on replicas and would revert the override",
      ],
    });
  });

  test("is refused where it cannot be known whether a preference decides", async () => {
    clusters.host.forbidPath = (path) => path.includes("replicaschedulingpreferences");
    expect(await leverFor(KUBEFED).plan()).toMatchObject({
      why: [
        expect.stringMatching(/^whether a ReplicaSchedulingPreference would revert the override is not known: .*403/),
      ],
    });
  });

  test("is refused where the topology does not say where the host is", async () => {
    const lever = makeLever(KUBEFED, { topology: EXAMPLE, worldPort: null }, makeReach({}));
    expect(await lever.plan()).toEqual({
      kind: "refused",
      why: ["the topology does not say by which context the federation's control plane is reached: federation.context"],
    });
  });

  test("is refused on a cluster without KubeFed", async () => {
    clusters.host.kinds.delete(FEDERATED);
    expect(await leverFor(KUBEFED).plan()).toMatchObject({ why: [expect.stringContaining("404 page not found")] });
  });
});

describe("Karmada's override", () => {
  const PLAINTEXT = `${RULE}/overriders/plaintext`;
  const retain = "resourcetemplate.karmada.io/retain-replicas";

  test.each([
    [
      "no rule for the cluster",
      OVERRIDES,
      [drop(RULE)],
      `no OverridePolicy sets /spec/replicas for ${CLUSTER}: \`monitor render karmada\` makes one`,
    ],
    [
      "a rule for several clusters",
      OVERRIDES,
      [put(`${RULE}/targetCluster/clusterNames/-`, "another")],
      `the rule in ${POLICY} is not for ${CLUSTER} alone: 0 would stop other clusters too`,
    ],
    [
      "a rule for clusters by label",
      OVERRIDES,
      [put(`${RULE}/targetCluster`, { labelSelector: {} })],
      `the rule in ${POLICY} is not for ${CLUSTER} alone: 0 would stop other clusters too`,
    ],
    [
      "a rule that removes",
      OVERRIDES,
      [put(PLAINTEXT, [{ path: "/spec/replicas", operator: "remove" }])],
      `the rule in ${POLICY} does not replace /spec/replicas by a number that could be put back`,
    ],
    [
      "0 already",
      OVERRIDES,
      [put(`${PLAINTEXT}/0/value`, 0)],
      `the rule in ${POLICY} is at 0 already: left by a drill?`,
    ],
    [
      "replicas that members retain",
      DEPLOYMENTS,
      [put(`/metadata/labels/${retain.replace("/", "~1")}`, "true")],
      `Deployment multicloud-demo/multicloud-demo has ${retain}: members keep their own replicas, whatever the override says`,
    ],
    [
      "dispatching suspended",
      PROPAGATIONS,
      [put("/spec/suspension", { dispatching: true })],
      `PropagationPolicy multicloud-demo/multicloud-demo is suspended for ${CLUSTER}, so nothing would reach it`,
    ],
    [
      "dispatching suspended for the cluster",
      PROPAGATIONS,
      [put("/spec/suspension", { dispatchingOnClusters: { clusterNames: [CLUSTER] } })],
      `PropagationPolicy multicloud-demo/multicloud-demo is suspended for ${CLUSTER}, so nothing would reach it`,
    ],
  ])("is refused with %s", async (_, kind, steps, sentence) => {
    clusters.edit(kind, kind === OVERRIDES ? POLICY : NAME, ...steps);
    expect(await leverFor(KARMADA).plan()).toEqual({ kind: "refused", why: [sentence] });
  });

  test("is refused where policies may be listed and the one not read, as the drill would have to", async () => {
    clusters.host.forbidPath = (path) => path.endsWith(`/overridepolicies/${POLICY}`);
    expect(await leverFor(KARMADA).plan()).toMatchObject({
      why: [expect.stringContaining('cannot get resource "overridepolicies"')],
    });
  });

  test("is refused with a second policy that sets the same", async () => {
    const policy = clusters.host.take(OVERRIDES, NAMESPACE, POLICY);
    if (policy === null) throw new Error("no OverridePolicy");
    clusters.host.put(OVERRIDES, NAMESPACE, { ...policy, metadata: { ...policy.metadata, name: "second" } });
    expect(await leverFor(KARMADA).plan()).toEqual({
      kind: "refused",
      why: [`${POLICY} and second both set /spec/replicas for ${CLUSTER}: which one wins is not said`],
    });
  });
});

describe("Istio's fault", () => {
  test("is also put into the object of an older Istio", async () => {
    const old = VIRTUAL_SERVICES.replace("/v1/", "/v1beta1/");
    const object = clusters.member.take(VIRTUAL_SERVICES, NAMESPACE, NAME);
    if (object === null) throw new Error("no VirtualService");
    clusters.member.kinds.delete(VIRTUAL_SERVICES);
    clusters.member.kinds.add(old);
    clusters.member.put(old, NAMESPACE, object);
    const lever = leverFor(ISTIO);
    const undo = undoIn(await lever.plan());
    expect(await lever.apply(undo)).toMatchObject({ kind: "done" });
    expect(await lever.rollback(undo)).toMatchObject({ kind: "done" });
  });

  const HEALTH = { match: [{ uri: { exact: "/healthz" } }], route: [] };
  test.each([
    [
      "no rule for the health path alone",
      [drop("/spec/http/0")],
      "VirtualService multicloud-demo has no rule for /healthz alone, and a fault in another one would hit users: `monitor render istio` makes one",
    ],
    [
      "a rule that is for more than the health path",
      [put("/spec/http/0/match/-", { uri: { prefix: "/" } })],
      "VirtualService multicloud-demo has no rule for /healthz alone, and a fault in another one would hit users: `monitor render istio` makes one",
    ],
    [
      "two rules for it",
      [put("/spec/http/-", HEALTH)],
      "VirtualService multicloud-demo has several rules for /healthz",
    ],
    [
      "a fault already",
      [put("/spec/http/0/fault", { abort: {} })],
      "the rule for /healthz of VirtualService multicloud-demo has a fault already: left by a drill?",
    ],
    [
      "a rule for everything before it",
      [put("/spec/http/0", { route: [] })],
      "rule 0 of VirtualService multicloud-demo comes first and matches every path",
    ],
    [
      "KubeFed as its keeper",
      [put("/metadata/labels/kubefed.io~1managed", "true")],
      "KubeFed manages VirtualService multicloud-demo and would take the fault out again",
    ],
  ])("is refused with %s", async (_, steps, sentence) => {
    clusters.edit(VIRTUAL_SERVICES, NAME, ...steps);
    expect(await leverFor(ISTIO).plan()).toEqual({ kind: "refused", why: [sentence] });
  });
});
