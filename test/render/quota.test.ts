// A quota never stops the service itself: it is compared with what the rendered Pods ask for, read back from the text.
import { describe, expect, test } from "vitest";
import { readQuantity } from "../../monitor/lint/quantity.ts";
import { cpuText, memoryText } from "../../monitor/render/amounts.ts";
import { valueAt } from "../../monitor/topology/path.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { filesOf, kubefedObjects, plainObjects } from "./effective.ts";
import { topologyOfClusters } from "./topologies.ts";

const TEMPLATE = ["spec", "template"];
const APP = [...TEMPLATE, "spec", "containers", 0, "resources"];

const withReplicas = (...counts: readonly number[]): Topology => ({
  ...EXAMPLE,
  regions: EXAMPLE.regions.map((region, index) => ({
    ...region,
    cluster: { ...region.cluster, replicas: counts[index] ?? 1 },
  })),
});

function amount(object: unknown, path: readonly (string | number)[]): number {
  const value = readQuantity(valueAt(object, path));
  if (value === null) throw new Error(`no amount at ${path.join("/")}: ${JSON.stringify(object)}`);
  return value;
}

/** One Pod with its sidecar, by the names of a quota. */
function onePod(deployment: unknown): Readonly<Record<string, number>> {
  const sidecar = (key: string): number =>
    amount(deployment, [...TEMPLATE, "metadata", "annotations", `sidecar.istio.io/${key}`]);
  return {
    pods: 1,
    "requests.cpu": amount(deployment, [...APP, "requests", "cpu"]) + sidecar("proxyCPU"),
    "requests.memory": amount(deployment, [...APP, "requests", "memory"]) + sidecar("proxyMemory"),
    "limits.memory": amount(deployment, [...APP, "limits", "memory"]) + sidecar("proxyMemoryLimit"),
  };
}

describe.each([
  { name: "two clusters", topology: topologyOfClusters(2) },
  { name: "four clusters", topology: topologyOfClusters(4) },
  { name: "one replica and the most", topology: withReplicas(1, 1000) },
  { name: "replicas whose memory is a whole number of gibibytes", topology: withReplicas(127, 8) },
])("with $name, in every cluster", ({ topology }) => {
  const files = filesOf(topology);
  const contexts = topology.regions.map(({ cluster }) => cluster.context);
  const clusters = kubefedObjects(files, contexts).map((objects, index) => ({
    replicas: topology.regions[index]?.cluster.replicas ?? 0,
    quota: objects["ResourceQuota/multicloud-demo"],
    deployment: objects["Deployment/multicloud-demo"],
  }));

  test("a whole rollout fits, with every old Pod still taking its leave, and no Pod more", () => {
    for (const { replicas, quota, deployment } of clusters) {
      const surge = amount(deployment, ["spec", "strategy", "rollingUpdate", "maxSurge"]);
      expect(amount(deployment, ["spec", "replicas"])).toBe(replicas);
      expect(surge).toBeGreaterThan(0);
      const pods = replicas + surge + replicas;
      const limits = valueAt(quota, ["spec", "hard"]) as Readonly<Record<string, string>>;
      const need = onePod(deployment);
      expect(Object.keys(limits)).toEqual(Object.keys(need));
      for (const [key, each] of Object.entries(need)) expect(amount(limits, [key])).toBeCloseTo(pods * each, 6);
    }
  });
});

describe("the limit range", () => {
  const objects = plainObjects(filesOf(EXAMPLE), "aws-us-east-1");
  const limits = valueAt(objects["LimitRange/multicloud-demo"], ["spec", "limits"]);
  const deployment = objects["Deployment/multicloud-demo"];

  test("gives a container that says nothing whatever the quota counts", () => {
    const counted = Object.keys(onePod(deployment)).filter((key) => key !== "pods");
    const given = counted.map((key) => {
      const [kind, resource = ""] = key.split(".");
      return amount(limits, [0, kind === "limits" ? "default" : "defaultRequest", resource]);
    });
    expect(given.every((value) => value > 0)).toBe(true);
  });

  test("refuses no container and contradicts none that says only its requests", () => {
    expect(limits).toEqual([{ type: "Container", defaultRequest: expect.anything(), default: expect.anything() }]);
    const [most, asked] = ["default", "defaultRequest"].map((field) => amount(limits, [0, field, "memory"]));
    expect(most).toBeGreaterThanOrEqual(asked ?? Infinity);
    // Istio gives a sidecar no limit where only its request is set.
    expect(most).toBeGreaterThanOrEqual(onePod(deployment)["requests.memory"] ?? Infinity);
    // A default limit would throttle whoever set none on purpose.
    expect(valueAt(limits, [0, "default", "cpu"])).toBeUndefined();
  });
});

test.each([
  { text: cpuText(50), want: "50m" },
  { text: cpuText(1050), want: "1050m" },
  { text: cpuText(2000), want: "2" },
  { text: memoryText(1023), want: "1023Mi" },
  { text: memoryText(1024), want: "1Gi" },
  { text: memoryText(1536), want: "1536Mi" },
])("an amount is written as an API server writes it back: $want", ({ text, want }) => {
  expect(text).toBe(want);
});
