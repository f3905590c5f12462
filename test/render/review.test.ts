// What a reviewer of production manifests looks for, object by object, in what a cluster gets.
import { describe, expect, test } from "vitest";
import { valueAt } from "../../monitor/topology/path.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { type ClusterObjects, filesOf, objectsIn, plainObjects, textOf } from "./effective.ts";
import { EVERY_OPTION } from "./topologies.ts";

const NAME = "multicloud-demo";
const POD = ["spec", "template", "spec"];
const CONTAINER = [...POD, "containers", 0];
const LABELS = ["metadata", "labels"];

function clusterOf(topology: Topology): ClusterObjects {
  return plainObjects(filesOf(topology), "aws-us-east-1");
}

const objects = clusterOf(EXAMPLE);
const deployment = objects[`Deployment/${NAME}`];
const withImage = (image: string): unknown =>
  clusterOf({ ...EXAMPLE, service: { ...EXAMPLE.service, image } })[`Deployment/${NAME}`];

describe("labels", () => {
  const RECOMMENDED = ["name", "instance", "component", "part-of", "managed-by"].map(
    (key) => `app.kubernetes.io/${key}`,
  );
  const inNamespace = Object.entries(objects).filter(([key]) => !key.startsWith("Namespace/"));

  test.each(inNamespace)("%s has all that Kubernetes recommends", (_key, object) => {
    expect(Object.keys(valueAt(object, LABELS) as object)).toEqual(expect.arrayContaining(RECOMMENDED));
  });

  test("the Pods have them too, and the version", () => {
    const labels = valueAt(deployment, ["spec", "template", ...LABELS]) as object;
    expect(Object.keys(labels)).toEqual(expect.arrayContaining([...RECOMMENDED, "app.kubernetes.io/version"]));
    expect(valueAt(deployment, LABELS)).toMatchObject({ "app.kubernetes.io/version": "1.0.0" });
  });

  test("none is KubeFed's own, which it sets itself", () => {
    const keys = Object.values(objects).flatMap((object) => Object.keys(valueAt(object, LABELS) as object));
    expect(keys.filter((key) => key.includes("kubefed"))).toEqual([]);
  });

  test("another version changes no selector", () => {
    const next = clusterOf({ ...EXAMPLE, service: { ...EXAMPLE.service, image: "demo:2.0.0" } });
    const selectors = (all: ClusterObjects): unknown =>
      Object.values(all).flatMap((object) => [
        valueAt(object, ["spec", "selector"]),
        valueAt(object, ["spec", "podSelector"]),
        valueAt(object, [...POD, "topologySpreadConstraints"]),
      ]);
    expect(selectors(next)).toEqual(selectors(objects));
    expect(JSON.stringify(selectors(objects))).not.toContain("version");
  });
});

describe("the namespace", () => {
  test("is restricted in all three ways, and injected by one label alone", () => {
    const labels = valueAt(objects[`Namespace/${NAME}`], LABELS) as Readonly<Record<string, string>>;
    for (const mode of ["enforce", "audit", "warn"])
      expect(labels[`pod-security.kubernetes.io/${mode}`]).toBe("restricted");
    expect(labels["istio-injection"]).toBe("enabled");
    expect(labels["istio.io/rev"]).toBeUndefined();
  });

  test("denies everything both ways first; the service itself calls nobody but names and its mesh", () => {
    expect(valueAt(objects[`NetworkPolicy/${NAME}-default-deny`], ["spec"])).toEqual({
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    const egress = valueAt(objects[`NetworkPolicy/${NAME}`], ["spec", "egress"]) as readonly unknown[];
    const ports = egress.map((rule) => valueAt(rule, ["ports"]));
    expect(ports).toEqual([
      [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
      ],
      [{ protocol: "TCP", port: 15_012 }],
    ]);
    for (const rule of egress) expect(valueAt(rule, ["to", 0])).toBeDefined();
  });
});

describe("the Pods", () => {
  const env = valueAt(deployment, [...CONTAINER, "env"]) as readonly { readonly name: string }[];
  const fieldOf = (name: string): unknown =>
    valueAt(
      env.find((one) => one.name === name),
      ["valueFrom", "fieldRef", "fieldPath"],
    );

  test("know their own name, address and node", () => {
    const fields = ["POD_IP", "POD_NAME", "NODE_NAME"].map(fieldOf);
    expect(fields).toEqual(["status.podIP", "metadata.name", "spec.nodeName"]);
  });

  test("are told a cloud only where the topology knows one", () => {
    expect(env.map(({ name }) => name)).not.toContain("CLOUD");
    const told = clusterOf(EVERY_OPTION);
    expect(valueAt(told[`ConfigMap/${NAME}`], ["data", "CLOUD"])).toBe("aws");
  });

  test("write to one bounded place and nowhere else", () => {
    expect(valueAt(deployment, [...CONTAINER, "securityContext", "readOnlyRootFilesystem"])).toBe(true);
    const [mount] = valueAt(deployment, [...CONTAINER, "volumeMounts"]) as readonly unknown[];
    const [volume] = valueAt(deployment, [...POD, "volumes"]) as readonly unknown[];
    expect(mount).toEqual({ name: valueAt(volume, ["name"]), mountPath: "/tmp" });
    expect(valueAt(volume, ["emptyDir", "sizeLimit"])).toBe("64Mi");
    const { runAsUser, fsGroup } = valueAt(deployment, [...POD, "securityContext"]) as Readonly<Record<string, number>>;
    expect(fsGroup).toBe(runAsUser);
  });

  test("fit the restricted level: no privilege, no capability, no root, no token", () => {
    expect(valueAt(deployment, [...CONTAINER, "securityContext"])).toMatchObject({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(valueAt(deployment, [...POD, "securityContext"])).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(valueAt(deployment, [...POD, "automountServiceAccountToken"])).toBe(false);
    expect(valueAt(objects[`ServiceAccount/${NAME}`], ["automountServiceAccountToken"])).toBe(false);
    expect(valueAt(deployment, [...POD, "enableServiceLinks"])).toBe(false);
  });

  test("are asked three ways, and readiness by a path of its own", () => {
    const paths = ["startupProbe", "livenessProbe", "readinessProbe"].map((probe) => {
      const asked = valueAt(deployment, [...CONTAINER, probe]);
      for (const bound of ["timeoutSeconds", "periodSeconds", "failureThreshold"])
        expect(valueAt(asked, [bound])).toBeGreaterThan(0);
      return valueAt(asked, ["httpGet", "path"]);
    });
    expect(paths).toEqual(["/livez", "/livez", "/readyz"]);
  });

  test("can be drained only where somebody made the Secret for it", () => {
    const variables = valueAt(deployment, [...CONTAINER, "env"]) as readonly unknown[];
    expect(variables.at(-1)).toEqual({
      name: "DRAIN_TOKEN",
      valueFrom: { secretKeyRef: { name: `${NAME}-drain`, key: "token", optional: true } },
    });
  });

  test("run on Linux nodes, spread over zones and nodes, and a rollout never counts the old ones", () => {
    expect(valueAt(deployment, [...POD, "nodeSelector"])).toEqual({ "kubernetes.io/os": "linux" });
    const spread = valueAt(deployment, [...POD, "topologySpreadConstraints"]) as readonly unknown[];
    expect(spread.map((one) => valueAt(one, ["topologyKey"]))).toEqual([
      "topology.kubernetes.io/zone",
      "kubernetes.io/hostname",
    ]);
    for (const one of spread) expect(valueAt(one, ["matchLabelKeys"])).toEqual(["pod-template-hash"]);
    const rolling = { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };
    expect(valueAt(deployment, ["spec", "strategy"])).toMatchObject(rolling);
  });

  test("name a pull secret and a priority class only where the topology does", () => {
    expect(valueAt(deployment, [...POD, "imagePullSecrets"])).toBeUndefined();
    expect(valueAt(deployment, [...POD, "priorityClassName"])).toBeUndefined();
    const optional = clusterOf(EVERY_OPTION)[`Deployment/${NAME}`];
    expect(valueAt(optional, [...POD, "imagePullSecrets"])).toEqual([{ name: "ghcr" }]);
    expect(valueAt(optional, [...POD, "priorityClassName"])).toBe("production");
  });
});

describe("an image by digest", () => {
  const digest = `sha256:${"ab".repeat(32)}`;

  test.each([
    { image: `ghcr.io/your-org/multicloud-demo:1.0.0@${digest}`, version: "1.0.0" },
    { image: `ghcr.io/your-org/multicloud-demo@${digest}`, version: undefined },
  ])("runs as it is written, with the version of its tag: $version", ({ image, version }) => {
    const rendered = withImage(image);
    expect(valueAt(rendered, [...CONTAINER, "image"])).toBe(image);
    expect(valueAt(rendered, [...CONTAINER, "imagePullPolicy"])).toBe("IfNotPresent");
    expect(valueAt(rendered, ["spec", "template", ...LABELS, "app.kubernetes.io/version"])).toBe(version);
    const env = valueAt(rendered, [...CONTAINER, "env"]) as readonly { name: string; value?: string }[];
    // Without a tag the VERSION that was built into the image stands.
    expect(env.find(({ name }) => name === "VERSION")?.value).toBe(version);
  });
});

test("the Service speaks HTTP to a named port, inside the cluster only", () => {
  expect(valueAt(objects[`Service/${NAME}`], ["spec"])).toMatchObject({
    type: "ClusterIP",
    ports: [{ name: "http", port: 80, targetPort: "http", protocol: "TCP", appProtocol: "http" }],
  });
});

test("a node is drained one Pod at a time, also of Pods that serve nobody", () => {
  expect(valueAt(objects[`PodDisruptionBudget/${NAME}`], ["spec"])).toMatchObject({
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  });
});

test("every kind that KubeFed's chart lacks is enabled by a CRD and a FederatedTypeConfig of the right name", () => {
  const types = objectsIn(textOf(filesOf(EXAMPLE), "kubefed-types.yaml"));
  const named = types.map((object) => [valueAt(object, ["kind"]), valueAt(object, ["metadata", "name"])]);
  const both = (plural: string, group: string): unknown[] => [
    ["CustomResourceDefinition", `federated${plural}.types.kubefed.io`],
    ["FederatedTypeConfig", `${plural}${group}`],
  ];
  expect(named).toEqual([
    ...both("resourcequotas", ""),
    ...both("limitranges", ""),
    ...both("poddisruptionbudgets", ".policy"),
    ...both("networkpolicies", ".networking.k8s.io"),
  ]);
  expect(valueAt(types[1], ["spec", "targetType"])).toEqual({
    version: "v1",
    kind: "ResourceQuota",
    pluralName: "resourcequotas",
    scope: "Namespaced",
  });
});
