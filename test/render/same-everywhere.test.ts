// Whichever tool brings it there, a cluster ends with the same objects.
import { describe, expect, test } from "vitest";
import { REGIONS_BY } from "../../monitor/render/manifest.ts";
import {
  filesOf,
  HAS_KUBECTL,
  karmadaObjects,
  kubectlObjects,
  kubefedObjects,
  kustomizeObjects,
  plainObjects,
} from "./effective.ts";
import { CLUSTER_COUNTS, EVERY_OPTION, topologyOfClusters } from "./topologies.ts";

const TOPOLOGIES = [
  ...CLUSTER_COUNTS.map((clusters) => ({ name: `${clusters} clusters`, topology: topologyOfClusters(clusters) })),
  { name: "every option", topology: EVERY_OPTION },
];
const CASES = TOPOLOGIES.flatMap((given) => REGIONS_BY.map((regionBy) => ({ ...given, regionBy })));

describe.each(CASES)("with $name and the region by $regionBy", ({ topology, regionBy }) => {
  const clouds = topology.regions.some(({ cloud }) => cloud !== undefined);
  const files = filesOf(topology, regionBy);
  const contexts = topology.regions.map(({ cluster }) => cluster.context);
  const plain = topology.regions.map(({ id }) => plainObjects(files, id));

  test("every cluster has every object, its own region, name, cloud and replicas", () => {
    const kinds = [
      "Namespace",
      "ResourceQuota",
      "LimitRange",
      "ServiceAccount",
      "ConfigMap",
      "Deployment",
      "Service",
      "PodDisruptionBudget",
    ];
    const own = kinds
      .filter((kind) => kind !== "ConfigMap" || regionBy === "configmap")
      .map((kind) => `${kind}/multicloud-demo`);
    topology.regions.forEach(({ region, cluster, cloud }, index) => {
      const objects = plain[index] ?? {};
      expect(Object.keys(objects)).toEqual([
        ...own,
        "NetworkPolicy/multicloud-demo-default-deny",
        "NetworkPolicy/multicloud-demo",
      ]);
      expect(placeOf(objects)).toEqual({
        REGION: region,
        CLUSTER: cluster.context,
        CLOUD: clouds ? (cloud ?? "unknown") : undefined,
        replicas: cluster.replicas,
      });
    });
  });

  test("KubeFed gives what is plain", () => {
    expect(kubefedObjects(files, contexts)).toEqual(plain);
  });

  test("Karmada gives what is plain", () => {
    expect(contexts.map((context) => karmadaObjects(files, context))).toEqual(plain);
  });

  test("the overlays give what is plain", () => {
    expect(topology.regions.map(({ id }) => kustomizeObjects(files, id))).toEqual(plain);
  });

  test.skipIf(!HAS_KUBECTL)("kubectl kustomize gives what is plain (needs kubectl)", () => {
    expect(topology.regions.map(({ id }) => kubectlObjects(files, id))).toEqual(plain);
  });
});

interface Deployed {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly env: readonly Variable[] }[] } };
  };
}

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly configMapKeyRef?: { readonly name: string; readonly key: string } };
}

/** What a Pod would see in its environment. */
function placeOf(objects: Readonly<Record<string, unknown>>): unknown {
  const { spec } = objects["Deployment/multicloud-demo"] as Deployed;
  const seen = (name: string): string | undefined => {
    const variable = spec.template.spec.containers[0]?.env.find((one) => one.name === name);
    const reference = variable?.valueFrom?.configMapKeyRef;
    if (reference === undefined) return variable?.value;
    const map = objects[`ConfigMap/${reference.name}`] as { readonly data: Readonly<Record<string, string>> };
    return map.data[reference.key];
  };
  return { REGION: seen("REGION"), CLUSTER: seen("CLUSTER"), CLOUD: seen("CLOUD"), replicas: spec.replicas };
}
