import { describe, expect, test } from "vitest";
import { expectPropagation, type Propagation } from "../../../monitor/verify/federation.ts";
import { enabledKinds } from "../../../monitor/verify/federation-kinds.ts";
import {
  APP,
  AWS,
  BOTH,
  deployment,
  DEPLOYMENT_TEMPLATE,
  federated,
  federation,
  GCP,
  MANAGED,
  member,
  NAMESPACE,
  outcome,
  overrideOf,
  propagate,
  statuses,
} from "./federation-objects.ts";

const OK = { status: "True", reason: "" };
const CHECK = { status: "False", reason: "CheckClusters" };

describe("placement", () => {
  const LABELLED = federation({
    members: [member(AWS, { labels: { cloud: "aws", tier: "1" } }), member(GCP, { labels: { cloud: "gcp" } })],
  });
  const selector = (matchExpressions: readonly object[]): object => ({ clusterSelector: { matchExpressions } });
  test.each([
    { name: "clusters are exactly those", placement: { clusters: [{ name: GCP }] }, where: [GCP] },
    {
      name: "beside clusters the selector is ignored",
      placement: { clusters: [{ name: GCP }], clusterSelector: {} },
      where: [GCP],
    },
    { name: "an empty list is nowhere", placement: { clusters: [] }, where: [] },
    { name: "an empty list with a selector is nowhere", placement: { clusters: [], clusterSelector: {} }, where: [] },
    { name: "an empty selector is everywhere", placement: { clusterSelector: {} }, where: [AWS, GCP] },
    {
      name: "a selector goes by labels",
      placement: { clusterSelector: { matchLabels: { cloud: "aws" } } },
      where: [AWS],
    },
    { name: "an empty placement is nowhere", placement: {}, where: [] },
    { name: "no placement is nowhere", placement: undefined, where: [] },
    {
      name: "an unknown name is dropped without a word",
      placement: { clusters: [{ name: "aws-us-east1" }, { name: AWS }] },
      where: [AWS],
    },
    { name: "In", placement: selector([{ key: "cloud", operator: "In", values: ["gcp", "x"] }]), where: [GCP] },
    { name: "NotIn", placement: selector([{ key: "tier", operator: "NotIn", values: ["1"] }]), where: [GCP] },
    { name: "Exists", placement: selector([{ key: "tier", operator: "Exists" }]), where: [AWS] },
    { name: "DoesNotExist", placement: selector([{ key: "tier", operator: "DoesNotExist" }]), where: [GCP] },
  ])("$name, and Propagation is True", ({ placement, where }) => {
    const found = propagate([NAMESPACE, deployment({ placement })], LABELLED);
    expect(found.condition).toEqual(OK);
    expect(found.members.map(({ cluster }) => cluster)).toEqual(where);
  });

  test.each([
    { name: "an operator that is none", expression: { key: "a", operator: "Equals", values: ["b"] } },
    { name: "In without values", expression: { key: "a", operator: "In" } },
    { name: "Exists with values", expression: { key: "a", operator: "Exists", values: ["b"] } },
  ])("$name is ComputePlacementFailed", ({ expression }) => {
    const found = propagate([NAMESPACE, deployment({ placement: selector([expression]) })]);
    expect(found).toMatchObject({ condition: { status: "False", reason: "ComputePlacementFailed" }, members: [] });
  });

  test("a namespaced object goes only where its FederatedNamespace goes", () => {
    const narrow = federated("Namespace", { placement: { clusters: [{ name: GCP }] } });
    expect(statuses(propagate([narrow, deployment()]))).toEqual({ [GCP]: "" });
  });

  test("without a FederatedNamespace it goes nowhere, as NamespaceNotFederated", () => {
    expect(propagate([deployment()])).toMatchObject({
      condition: { status: "False", reason: "NamespaceNotFederated" },
      members: [],
    });
  });

  test("a FederatedNamespace of another name is ignored, and no FederatedNamespace to others", () => {
    const misnamed = federated("Namespace", { placement: { clusters: BOTH } }, { name: "other" });
    const [first, second] = expectPropagation([misnamed, deployment()], federation());
    expect(first).toMatchObject({ condition: null, members: [] });
    expect(first?.ignored).toContain("must match the name of its containing namespace");
    expect(second?.condition?.reason).toBe("NamespaceNotFederated");
  });

  test.each(["default", "kube-system", "kube-public", "kube-federation-system"])("%s is never federated", (name) => {
    const system = federated("Namespace", { placement: { clusters: BOTH } }, { name, namespace: name });
    expect(propagate([system]).ignored).toContain("system namespace");
  });
});

describe("the object that a member gets", () => {
  test("is the template under the federated object's name, with the managed label", () => {
    const named = { ...DEPLOYMENT_TEMPLATE, metadata: { name: "x", namespace: "y", labels: { app: APP } } };
    const { object } = outcome(propagate([NAMESPACE, deployment({ template: named })]), AWS);
    expect(object).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: APP, namespace: APP, labels: { app: APP, "kubefed.io/managed": "true" } },
      spec: DEPLOYMENT_TEMPLATE.spec,
    });
  });

  test("of a namespace has no namespace, and needs no template", () => {
    expect(outcome(propagate([NAMESPACE]), GCP).object).toEqual({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: APP, labels: { "kubefed.io/managed": "true" } },
    });
  });

  test("has lost the template's annotations and finalizers, but not those of its Pods", () => {
    const template = {
      metadata: { annotations: { a: "b" }, finalizers: ["c/d"] },
      spec: { template: { metadata: { annotations: { restarted: "now" } } } },
    };
    const { object } = outcome(propagate([NAMESPACE, deployment({ template })]), AWS);
    expect(object).toMatchObject({ spec: template.spec });
    expect(Object.keys((object as { metadata: object }).metadata)).toEqual(["name", "namespace", "labels"]);
  });

  test("loses all labels when one of them is no text", () => {
    const template = { metadata: { labels: { app: APP, version: 1 } } };
    const { object } = outcome(propagate([NAMESPACE, deployment({ template })]), AWS);
    expect(object).toMatchObject({ metadata: { labels: { "kubefed.io/managed": "true" } } });
    expect(object).not.toMatchObject({ metadata: { labels: { app: APP } } });
  });

  test("says managed even where an override says otherwise", () => {
    const overrides = [overrideOf(AWS, { path: "/metadata/labels", value: { "kubefed.io/managed": "false" } })];
    const { object } = outcome(propagate([NAMESPACE, deployment({ overrides })]), AWS);
    expect(object).toMatchObject({ metadata: { labels: { "kubefed.io/managed": "true" } } });
  });

  test("cannot be computed from a template that is a text", () => {
    const found = propagate([NAMESPACE, deployment({ template: "x" })]);
    expect(statuses(found)).toEqual({ [AWS]: "ComputeResourceFailed", [GCP]: "ComputeResourceFailed" });
  });
});

describe("overrides", () => {
  const REGION = "/spec/template/spec/containers/0/env/0/value";
  const regionOf = (found: Propagation, cluster: string): unknown =>
    JSON.stringify(outcome(found, cluster).object).match(/"REGION","value":"([^"]*)"/)?.[1];

  test("reach their own cluster alone", () => {
    const overrides = [overrideOf(AWS, { path: REGION, value: "us-east-1" })];
    const found = propagate([NAMESPACE, deployment({ overrides })]);
    expect([regionOf(found, AWS), regionOf(found, GCP)]).toEqual(["us-east-1", "unset"]);
    expect(found.condition).toEqual(OK);
  });

  test("for a cluster that does not exist leave the template's value, and Propagation is True", () => {
    const overrides = [overrideOf("aws-us-east1", { path: REGION, value: "us-east-1" })];
    const found = propagate([NAMESPACE, deployment({ overrides })]);
    expect([regionOf(found, AWS), found.condition]).toEqual(["unset", OK]);
  });

  test.each([
    { name: "a cluster twice", overrides: [overrideOf(AWS), overrideOf(AWS)], says: "appears more than once" },
    {
      name: "a path twice",
      overrides: [overrideOf(AWS, { path: REGION, value: "a" }, { path: REGION, value: "b" })],
      says: "appears more than once for cluster",
    },
    {
      name: "a forbidden path",
      overrides: [overrideOf(AWS, { path: "/metadata/name", value: "a" })],
      says: "has an invalid path",
    },
    {
      name: "an override that is a text",
      overrides: [{ clusterName: AWS, clusterOverrides: ["x"] }],
      says: "no override",
    },
    { name: "an op that is no text", overrides: [overrideOf(AWS, { op: 1, path: "/spec" })], says: "no override" },
    { name: "a path that is no text", overrides: [overrideOf(AWS, { path: 1 })], says: "no override" },
    { name: "a cluster's name that is no text", overrides: [{ clusterName: 1 }], says: "no clusterName" },
    { name: "overrides that are no list", overrides: {}, says: "no list" },
  ])("$name stop every cluster", ({ overrides, says }) => {
    const found = propagate([NAMESPACE, deployment({ overrides })]);
    expect(statuses(found)).toEqual({ [AWS]: "ApplyOverridesFailed", [GCP]: "ApplyOverridesFailed" });
    expect(outcome(found, GCP).detail).toContain(says);
    expect(found.condition).toEqual(CHECK);
  });

  test("that miss their index stop their own cluster alone", () => {
    const overrides = [overrideOf(AWS, { path: "/spec/template/spec/containers/0/env/7/value", value: "x" })];
    const found = propagate([NAMESPACE, deployment({ overrides })]);
    expect(statuses(found)).toEqual({ [AWS]: "ApplyOverridesFailed", [GCP]: "" });
  });

  test("hit whatever variable stands at their index", () => {
    const template = structuredClone(DEPLOYMENT_TEMPLATE);
    template.spec.template.spec.containers[0]?.env.unshift({ name: "LOG_LEVEL", value: "info" });
    const overrides = [overrideOf(GCP, { path: REGION, value: "europe-west1" })];
    const found = propagate([NAMESPACE, deployment({ template, overrides })]);
    expect(JSON.stringify(outcome(found, GCP).object)).toContain('{"name":"LOG_LEVEL","value":"europe-west1"}');
    expect([regionOf(found, GCP), found.condition]).toEqual(["unset", OK]);
  });

  test("of single annotations fail until the member has some", () => {
    const overrides = [overrideOf(AWS, { op: "add", path: "/metadata/annotations/a", value: "b" })];
    const found = propagate([NAMESPACE, deployment({ overrides })]);
    expect(statuses(found)).toEqual({ [AWS]: "ApplyOverridesFailed", [GCP]: "" });
    const live = { kind: "Deployment", metadata: { name: APP, namespace: APP, annotations: { x: "y" }, ...MANAGED } };
    const later = federation({ members: [member(AWS, { objects: [live] })] });
    const { object } = outcome(propagate([NAMESPACE, deployment({ overrides })], later), AWS);
    expect(object).toMatchObject({ metadata: { annotations: { x: "y", a: "b" } } });
  });
});

describe("clusters that are not ready", () => {
  const half = federation({ members: [member(AWS, { ready: false }), member(GCP)] });

  test("are reported inside of the placement", () => {
    const found = propagate([NAMESPACE, deployment()], half);
    expect([statuses(found), found.condition]).toEqual([{ [AWS]: "ClusterNotReady", [GCP]: "" }, CHECK]);
  });

  test("are not looked at outside of it, so Propagation is True while the workload still runs there", () => {
    const there = { kind: "Deployment", metadata: { name: APP, namespace: APP, ...MANAGED } };
    const lost = federation({ members: [member(AWS, { ready: false, objects: [there] }), member(GCP)] });
    const found = propagate([NAMESPACE, deployment({ placement: { clusters: [{ name: GCP }] } })], lost);
    expect([statuses(found), found.condition]).toEqual([{ [GCP]: "" }, OK]);
  });
});

describe("kinds", () => {
  const config = (propagation: string): unknown => ({
    kind: "FederatedTypeConfig",
    spec: {
      propagation,
      targetType: { group: "policy", version: "v1", kind: "PodDisruptionBudget", scope: "Namespaced" },
      federatedType: { group: "types.kubefed.io", version: "v1beta1", kind: "FederatedPodDisruptionBudget" },
    },
  });
  const budget = federated("PodDisruptionBudget", { placement: { clusters: BOTH }, template: { spec: {} } });

  test("that nobody enabled go nowhere", () => {
    expect(expectPropagation([budget], federation())).toEqual([]);
    expect(enabledKinds([config("Disabled")]).map(({ kind }) => kind)).not.toContain("PodDisruptionBudget");
  });

  test("that a FederatedTypeConfig enables arrive", () => {
    const world = federation({ kinds: enabledKinds([config("Enabled")]) });
    expect(propagate([budget], world).condition?.reason).toBe("NamespaceNotFederated");
    expect(outcome(propagate([NAMESPACE, budget], world), AWS).object).toMatchObject({ apiVersion: "policy/v1" });
  });

  test.each(["ResourceQuota", "LimitRange"])("of the core group have no group before their version: %s", (kind) => {
    const core = {
      kind: "FederatedTypeConfig",
      metadata: { name: kind === "LimitRange" ? "limitranges" : "resourcequotas" },
      spec: {
        propagation: "Enabled",
        targetType: { version: "v1", kind, scope: "Namespaced" },
        federatedType: { group: "types.kubefed.io", version: "v1beta1", kind: `Federated${kind}` },
      },
    };
    const object = federated(kind, { placement: { clusters: BOTH }, template: { spec: {} } });
    const found = propagate([NAMESPACE, object], federation({ kinds: enabledKinds([core]) }));
    expect(outcome(found, AWS).object).toMatchObject({ apiVersion: "v1", kind });
  });
});
