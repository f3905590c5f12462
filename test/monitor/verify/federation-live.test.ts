import { describe, expect, test } from "vitest";
import { type Federation, versionKey } from "../../../monitor/verify/federation-outcome.ts";
import {
  APP,
  AWS,
  BOTH,
  deployment,
  DEPLOYMENT_TEMPLATE,
  federated,
  federation,
  MANAGED,
  member,
  NAMESPACE,
  outcome,
  overrideOf,
  propagate,
} from "./federation-objects.ts";

const OK = { status: "True", reason: "" };
const CHECK = { status: "False", reason: "CheckClusters" };

describe("the object that is already there", () => {
  const live = (kind: string, rest: object, metadata: object = MANAGED): unknown => ({
    kind,
    metadata: { name: APP, namespace: APP, ...metadata },
    ...rest,
  });
  const withLive = (object: unknown, rest: Partial<Federation> = {}): Federation =>
    federation({ members: [member(AWS, { objects: [object] })], ...rest });

  test("keeps annotations, finalizers and resourceVersion, and loses labels and fields of its own", () => {
    const there = live(
      "Deployment",
      { spec: { replicas: 9, minReadySeconds: 5 } },
      {
        labels: { ...MANAGED.labels, "istio-injection": "enabled" },
        annotations: { a: "b" },
        finalizers: ["c/d"],
        resourceVersion: "7",
      },
    );
    const { object, action } = outcome(propagate([NAMESPACE, deployment()], withLive(there)), AWS);
    expect(action).toBe("update");
    expect(object).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: APP,
        namespace: APP,
        labels: { app: APP, "kubefed.io/managed": "true" },
        annotations: { a: "b" },
        finalizers: ["c/d"],
        resourceVersion: "7",
      },
      spec: DEPLOYMENT_TEMPLATE.spec,
    });
  });

  test.each([
    { name: "replicas are overwritten", spec: {}, replicas: 2 },
    { name: "retainReplicas keeps them", spec: { retainReplicas: true }, replicas: 9 },
    {
      name: "an override wins over retainReplicas",
      spec: { retainReplicas: true, overrides: [overrideOf(AWS, { path: "/spec/replicas", value: 0 })] },
      replicas: 0,
    },
  ])("$name", ({ spec, replicas }) => {
    const there = live("Deployment", { spec: { replicas: 9 } });
    const { object } = outcome(propagate([NAMESPACE, deployment(spec)], withLive(there)), AWS);
    expect(object).toMatchObject({ spec: { replicas } });
  });

  test("a Service keeps its addresses and node ports, by name, protocol and port", () => {
    const service = federated("Service", {
      template: {
        spec: {
          type: "NodePort",
          selector: { app: APP },
          ports: [
            { name: "http", port: 80 },
            { name: "x", port: 81 },
          ],
        },
      },
      placement: { clusters: BOTH },
    });
    const there = live("Service", {
      spec: {
        type: "LoadBalancer",
        selector: { app: "other" },
        clusterIP: "10.0.0.1",
        clusterIPs: ["10.0.0.1"],
        healthCheckNodePort: 30001,
        ports: [
          { name: "http", port: 80, nodePort: 30080 },
          { name: "x", port: 82, nodePort: 30082 },
        ],
      },
    });
    const { object } = outcome(propagate([NAMESPACE, service], withLive(there)), AWS);
    expect((object as { spec: object }).spec).toEqual({
      type: "NodePort",
      selector: { app: APP },
      clusterIP: "10.0.0.1",
      clusterIPs: ["10.0.0.1"],
      healthCheckNodePort: 30001,
      ports: [
        { name: "http", port: 80, nodePort: 30080 },
        { name: "x", port: 81 },
      ],
    });
  });

  test.each([
    { name: "keeps its secrets where the template has none", template: {}, secrets: [{ name: "made" }] },
    { name: "takes the template's", template: { secrets: [{ name: "mine" }] }, secrets: [{ name: "mine" }] },
  ])("a ServiceAccount $name", ({ template, secrets }) => {
    const account = federated("ServiceAccount", { template, placement: { clusters: BOTH } });
    const there = live("ServiceAccount", { secrets: [{ name: "made" }] });
    expect(outcome(propagate([NAMESPACE, account], withLive(there)), AWS).object).toMatchObject({ secrets });
  });

  test.each([
    { name: "is adopted", labels: {}, rest: {}, status: "", action: "update" },
    {
      name: "is left alone without adoption",
      labels: {},
      rest: { adoption: "skip" },
      status: "AlreadyExists",
      action: "none",
    },
    {
      name: "is left alone when it says so",
      labels: { "kubefed.io/managed": "false" },
      rest: {},
      status: "ManagedLabelFalse",
      action: "none",
    },
    {
      name: "is no match for a refusal",
      labels: MANAGED.labels,
      rest: { refusal: () => "may not be specified" },
      status: "UpdateFailed",
      action: "none",
    },
  ] as const)("$name", ({ labels, rest, status, action }) => {
    const there = live("Deployment", { spec: {} }, { labels });
    expect(outcome(propagate([NAMESPACE, deployment()], withLive(there, rest)), AWS)).toMatchObject({ status, action });
  });

  test("is another object's business under another name, kind or namespace", () => {
    const others = [
      live("Deployment", {}, { name: "other", ...MANAGED }),
      live("Deployment", {}, { namespace: "other", ...MANAGED }),
      live("Service", {}),
    ];
    const world = federation({ members: [member(AWS, { objects: others })] });
    expect(outcome(propagate([NAMESPACE, deployment()], world), AWS).action).toBe("create");
  });

  test("of no health check port keeps none", () => {
    const service = federated("Service", { template: { spec: {} }, placement: { clusters: BOTH } });
    const there = live("Service", { spec: { healthCheckNodePort: 0 } });
    const { object } = outcome(propagate([NAMESPACE, service], withLive(there)), AWS);
    expect(object).toMatchObject({ spec: {} });
    expect(JSON.stringify(object)).not.toContain("healthCheckNodePort");
  });

  test("stays as it is while its recorded version and its metadata are current", () => {
    const there = live(
      "Deployment",
      { spec: { replicas: 0 } },
      { labels: { app: APP, ...MANAGED.labels }, generation: 4 },
    );
    const recorded = { [versionKey(AWS, "Deployment", APP, APP)]: "gen:4" };
    expect(outcome(propagate([NAMESPACE, deployment()], withLive(there, { recorded })), AWS).action).toBe("keep");
    const labelled = live("Deployment", {}, { labels: { ...MANAGED.labels, mine: "1" }, generation: 4 });
    expect(outcome(propagate([NAMESPACE, deployment()], withLive(labelled, { recorded })), AWS).action).toBe("update");
    const older = { [versionKey(AWS, "Deployment", APP, APP)]: "gen:3" };
    expect(outcome(propagate([NAMESPACE, deployment()], withLive(there, { recorded: older })), AWS).action).toBe(
      "update",
    );
  });

  test("is deleted outside of the placement if it is managed, and otherwise not even seen", () => {
    const gone = deployment({ placement: { clusters: [] } });
    const found = propagate([NAMESPACE, gone], withLive(live("Deployment", {})));
    expect(found.members).toMatchObject([
      { cluster: AWS, status: "WaitingForRemoval", action: "delete", object: null },
    ]);
    expect(found.condition).toEqual(CHECK);
    expect(propagate([NAMESPACE, gone], withLive(live("Deployment", {}, { labels: {} }))).members).toEqual([]);
  });

  test("a host namespace outside of the placement only loses its label", () => {
    const nowhere = federated("Namespace", { placement: { clusters: [] } });
    const there = { kind: "Namespace", metadata: { name: APP, ...MANAGED } };
    const found = propagate([nowhere], withLive(there, { host: AWS }));
    expect(found).toMatchObject({ condition: OK, members: [{ action: "unlabel" }] });
    expect(propagate([nowhere], withLive(there))).toMatchObject({ members: [{ action: "delete" }] });
  });
});
