// What a reviewer asks of the manifests, and of every silent failure of KubeFed whether it can happen here.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Bug } from "../../monitor/problem.ts";
import { variablePath } from "../../monitor/render/cluster-change.ts";
import { type KubeObject, pointerSteps, replaceAt } from "../../monitor/render/manifest.ts";
import { imageTag } from "../../monitor/render/names.ts";
import { renderFiles } from "../../monitor/render/render.ts";
import { yamlText } from "../../monitor/render/yaml-text.ts";
import { valueAt } from "../../monitor/topology/path.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { parseSettings } from "../../service/settings.ts";
import { parseIdentity } from "../../service/identity.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { ROOT } from "../support/source-files.ts";
import { filesOf, objectsIn, plainObjects, textOf } from "./effective.ts";
import { topologyOfClusters } from "./topologies.ts";

const topology = topologyOfClusters(4);
const files = filesOf(topology);
const contexts = topology.regions.map(({ cluster }) => cluster.context);
const federated = objectsIn(textOf(files, "kubefed-manifests.yaml"));
const deployment = plainObjects(files, "aws-us-east-1")["Deployment/multicloud-demo"];
const POD = ["spec", "template", "spec"];
const CONTAINER = [...POD, "containers", 0];

interface Override {
  readonly clusterName: string;
  readonly clusterOverrides: readonly { readonly path: string }[];
}

describe("for KubeFed", () => {
  const objects = federated.filter((object) => String(valueAt(object, ["kind"])).startsWith("Federated"));

  test("the host's namespace stands first, then the federated one of the same name inside of it", () => {
    const heads = federated
      .slice(0, 2)
      .map((object) => [valueAt(object, ["kind"]), valueAt(object, ["metadata", "name"])]);
    expect(heads).toEqual([
      ["Namespace", "multicloud-demo"],
      ["FederatedNamespace", "multicloud-demo"],
    ]);
    expect(valueAt(federated[1], ["metadata", "namespace"])).toBe("multicloud-demo");
  });

  test("every object names every cluster, and no object leaves the choice to a selector", () => {
    const placement = { clusters: contexts.map((name) => ({ name })) };
    expect(objects.map((object) => valueAt(object, ["spec", "placement"]))).toEqual(objects.map(() => placement));
  });

  test("no template has annotations or finalizers, which would be lost", () => {
    const metadata = objects.map((object) => Object.keys(valueAt(object, ["spec", "template", "metadata"]) as object));
    expect(metadata).toEqual(objects.map(() => ["labels"]));
  });

  test("each cluster has one entry of overrides, and each path exists in the template once", () => {
    for (const object of objects) {
      const overrides = (valueAt(object, ["spec", "overrides"]) ?? []) as readonly Override[];
      expect([[], contexts]).toContainEqual(overrides.map(({ clusterName }) => clusterName));
      for (const { clusterOverrides } of overrides) {
        const paths = clusterOverrides.map(({ path }) => path);
        expect(new Set(paths).size).toBe(paths.length);
        const missing = paths.filter(
          (path) => valueAt(object, ["spec", "template", ...pointerSteps(path)]) === undefined,
        );
        expect(missing).toEqual([]);
      }
    }
  });

  test("the region by env is found by name, wherever it stands", () => {
    const env = (...names: readonly string[]): unknown => ({
      name: "app",
      env: names.map((name) => ({ name, value: "" })),
    });
    const made = (...containers: readonly unknown[]): KubeObject => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "x" },
      spec: { template: { spec: { containers } } },
    });
    expect(variablePath(made(env("A", "REGION")), "app", "REGION")).toBe(
      "/spec/template/spec/containers/0/env/1/value",
    );
    expect(variablePath(made({ name: "first", env: [] }, env("REGION")), "app", "REGION")).toBe(
      "/spec/template/spec/containers/1/env/0/value",
    );
    expect(() => variablePath(made(env("A")), "app", "REGION")).toThrow(Bug);
  });
});

test("for Karmada the overrides are there before anything is sent out, and the objects before both", () => {
  const paths = files.map(({ path }) => path).filter((path) => path.startsWith("karmada/"));
  const kinds = paths.toSorted().map((path) => objectsIn(textOf(files, path)).map((one) => valueAt(one, ["kind"])));
  expect(kinds[0]?.[0]).toBe("Namespace");
  expect(kinds.slice(1).map((each) => [...new Set(each)])).toEqual([["OverridePolicy"], ["PropagationPolicy"]]);
});

describe("the Deployment", () => {
  const env = valueAt(deployment, [...CONTAINER, "env"]) as readonly {
    readonly name: string;
    readonly value?: string;
  }[];
  const variables = Object.fromEntries(
    env.map(({ name, value }) => [name, value ?? (name === "DRAIN_TOKEN" ? "from-a-secret-or-none" : "set")]),
  );

  test("gives the service an environment that it takes", () => {
    expect(parseSettings(variables)).toMatchObject({ ok: true, value: { port: 8080 } });
    const identity = parseIdentity(variables, "host");
    expect(identity).toMatchObject({
      ok: true,
      value: { region: "set", cluster: "set", podIP: "set", version: "1.0.0" },
    });
  });

  test("waits longer for the service than the service takes to leave", () => {
    const settings = parseSettings(variables);
    const preStop = Number(valueAt(deployment, [...CONTAINER, "lifecycle", "preStop", "sleep", "seconds"]));
    const own = settings.ok ? (settings.value.drainDelayMs + settings.value.drainTimeoutMs) / 1000 : Infinity;
    const longest = preStop + own;
    const grace = Number(valueAt(deployment, [...POD, "terminationGracePeriodSeconds"]));
    const sidecar = valueAt(deployment, ["spec", "template", "metadata", "annotations", "proxy.istio.io/config"]);
    const drain = Number(/(\d+)s/.exec(String(sidecar))?.[1]);
    expect(longest).toBeLessThan(drain);
    expect(drain).toBeLessThan(grace);
  });

  test("is out of the Service before the service stops accepting", () => {
    const probe = valueAt(deployment, [...CONTAINER, "readinessProbe"]) as Record<string, number>;
    const { periodSeconds = 99, failureThreshold = 99, timeoutSeconds = 99 } = probe;
    // Kubernetes takes a Pod that is being deleted out at once; the probe is for who looks at /readyz itself.
    const noticed = periodSeconds * failureThreshold + timeoutSeconds;
    expect(noticed).toBeLessThan(Number(variables["DRAIN_DELAY_MS"]) / 1000);
  });

  test("runs as the image's user", () => {
    const user = /^USER (\d+):(\d+)$/m.exec(readFileSync(join(ROOT, "Dockerfile"), "utf8"));
    const context = valueAt(deployment, [...POD, "securityContext"]);
    expect(context).toMatchObject({ runAsNonRoot: true, runAsUser: Number(user?.[1]), runAsGroup: Number(user?.[2]) });
  });

  test("finds its own Pods, and so do Service, disruption budget and network policy", () => {
    const labels = valueAt(deployment, ["spec", "template", "metadata", "labels"]);
    const objects = plainObjects(files, "aws-us-east-1");
    const selectors = [
      valueAt(deployment, ["spec", "selector", "matchLabels"]),
      valueAt(objects["Service/multicloud-demo"], ["spec", "selector"]),
      valueAt(objects["PodDisruptionBudget/multicloud-demo"], ["spec", "selector", "matchLabels"]),
      valueAt(objects["NetworkPolicy/multicloud-demo"], ["spec", "podSelector", "matchLabels"]),
    ];
    for (const selector of selectors) {
      expect(Object.keys(selector as object)).not.toEqual([]);
      expect(labels).toMatchObject(selector as object);
    }
  });
});

test("in an ambient mesh the gateway's tunnel and the kubelet's probes are let in, and to the service nobody else", () => {
  const policy = plainObjects(files, "aws-us-east-1")["NetworkPolicy/multicloud-demo"];
  const ports = (...numbers: readonly number[]): unknown => numbers.map((port) => ({ protocol: "TCP", port }));
  expect(valueAt(policy, ["spec", "ingress"])).toEqual([
    {
      from: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "istio-system" } },
          podSelector: { matchLabels: { istio: "ingressgateway" } },
        },
      ],
      ports: ports(8080, 15_008),
    },
    { from: [{ ipBlock: { cidr: "169.254.7.127/32" } }], ports: ports(8080) },
    {
      from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "istio-system" } } }],
      ports: ports(15_020, 15_021, 15_090),
    },
  ]);
});

test("the gateway, its routes and its certificate know the global name and each region's own", () => {
  const objects = objectsIn(textOf(files, "istio-addon-manifests.yaml"));
  const hosts = [
    EXAMPLE.service.host,
    ...["use1", "euw1", "sae1", "usc1"].map((name) => `${name}.${EXAMPLE.service.host}`),
  ];
  const found = objects.flatMap((object) => [
    valueAt(object, ["spec", "servers", 0, "hosts"]),
    valueAt(object, ["spec", "servers", 1, "hosts"]),
    valueAt(object, ["spec", "hosts"]),
  ]);
  expect(found.filter((list) => list !== undefined)).toEqual([hosts, hosts, hosts]);
  const [certificate] = objectsIn(textOf(files, "istio-certificate.yaml"));
  const gateway = objects.find((object) => valueAt(object, ["kind"]) === "Gateway");
  const secret = valueAt(gateway, ["spec", "servers", 0, "tls", "credentialName"]);
  expect(valueAt(certificate, ["metadata", "namespace"])).toBe("istio-system");
  expect(valueAt(certificate, ["spec"])).toMatchObject({ dnsNames: hosts, secretName: secret });
});

describe("a topology that cannot be rendered is refused:", () => {
  const named = (name: string): Topology => ({ ...EXAMPLE, service: { ...EXAMPLE.service, name } });
  const inContext = (context: string): Topology => ({
    ...EXAMPLE,
    regions: EXAMPLE.regions.map((region) => ({ ...region, cluster: { ...region.cluster, context } })),
  });

  test.each([
    { name: "the local world", given: { ...EXAMPLE, local: true }, path: "local" },
    { name: "a service name with a digit first", given: named("1demo"), path: "service.name" },
    { name: "a service name too long for its suffixes", given: named("a".repeat(60)), path: "service.name" },
    { name: "a namespace that KubeFed ignores", given: named("default"), path: "service.name" },
    { name: "a namespace of Kubernetes' own", given: named("kube-demo"), path: "service.name" },
    {
      name: "a context that no cluster can be called by",
      given: inContext("arn:aws:eks:x"),
      path: "regions[0].cluster.context",
    },
  ])("$name", ({ given, path }) => {
    const rendered = renderFiles(given, ["plain"], "configmap");
    expect(rendered.ok ? [] : rendered.problems.map((problem) => problem.path)).toContain(path);
  });
});

test.each([
  { image: "demo", tag: null },
  { image: "demo:1.2.3", tag: "1.2.3" },
  { image: "localhost:5000/demo", tag: null },
  { image: "localhost:5000/demo:v1@sha256:abc", tag: "v1" },
  { image: "demo@sha256:abc", tag: null },
])("the tag of $image is $tag", ({ image, tag }) => {
  expect(imageTag(image)).toBe(tag);
});

describe("a note", () => {
  const object = { a: { "b/c": [{ d: 1 }] } };
  const text = (path: string): string =>
    yamlText("x", "", [{ object, notes: { [path]: "why" } }])
      .split("\n")
      .slice(2)
      .join("\n");

  test.each([
    { path: "", want: "# why\na:\n  b/c:\n    - d: 1\n" },
    { path: "/a", want: "# why\na:\n  b/c:\n    - d: 1\n" },
    { path: "/a/b~1c", want: "a:\n  # why\n  b/c:\n    - d: 1\n" },
    { path: "/a/b~1c/0", want: "a:\n  b/c:\n    # why\n    - d: 1\n" },
  ])("stands above what it explains: $path", ({ path, want }) => {
    expect(text(path)).toBe(want);
  });

  test.each(["/b", "/a/b", "/a/b~1c/1", "/a/b~1c/0/e"])("that explains nothing is a bug: %s", (path) => {
    expect(() => text(path)).toThrow(Bug);
  });
});

test("a value is replaced where one stands, and nowhere else", () => {
  expect(replaceAt({ a: [{ b: 1 }, 2] }, "/a/0/b", 3)).toEqual({ a: [{ b: 3 }, 2] });
  expect(() => replaceAt({ a: {} }, "/a/b", 1)).toThrow(Bug);
});
