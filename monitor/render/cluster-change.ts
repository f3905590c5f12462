// What is different in each cluster, computed once: KubeFed's overrides, Karmada's overriders, kustomize's patches and the
// plain manifests are four spellings of this list, so they cannot disagree.
import { assert } from "../problem.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { type PlaceVariable, placeVariables, UNKNOWN_CLOUD } from "./container.ts";
import { type KubeObject, type Manifest, pointer, type RegionBy, replaceAt } from "./manifest.ts";
import { CONTAINER } from "./names.ts";
import { networkPolicies } from "./network-policies.ts";
import { limitRange, quotaLimits, resourceQuota } from "./quota.ts";
import { configMap, disruptionBudget, namespace, service, serviceAccount } from "./surroundings.ts";
import { deployment } from "./workload.ts";

/** Replaces one value that exists in the base object. */
export interface ClusterChange {
  readonly kind: string;
  readonly name: string;
  readonly path: string;
  readonly value: string | number;
}

/** In the order in which a cluster can take them. */
export function baseManifests(topology: Topology, regionBy: RegionBy): readonly Manifest[] {
  return [
    namespace(topology),
    resourceQuota(topology),
    limitRange(topology),
    serviceAccount(topology),
    ...(regionBy === "configmap" ? [configMap(topology)] : []),
    deployment(topology, regionBy),
    service(topology),
    disruptionBudget(topology),
    ...networkPolicies(topology),
  ];
}

export function clusterChanges(topology: Topology, region: Region, regionBy: RegionBy): readonly ClusterChange[] {
  const { name } = topology.service;
  const values: Readonly<Record<PlaceVariable, string>> = {
    REGION: region.region,
    CLUSTER: region.cluster.context,
    CLOUD: region.cloud ?? UNKNOWN_CLOUD,
  };
  const { object } = deployment(topology, regionBy);
  const places = placeVariables(topology).map((key) =>
    regionBy === "env"
      ? { kind: "Deployment", name, path: variablePath(object, CONTAINER, key), value: values[key] }
      : { kind: "ConfigMap", name, path: pointer("data", key), value: values[key] },
  );
  const { replicas } = region.cluster;
  const quota = Object.entries(quotaLimits(replicas)).map(([key, value]) => ({
    kind: "ResourceQuota",
    name,
    path: pointer("spec", "hard", key),
    value,
  }));
  return [...quota, ...places, { kind: "Deployment", name, path: pointer("spec", "replicas"), value: replicas }];
}

/** The objects of one cluster with its changes made. */
export function clusterManifests(topology: Topology, region: Region, regionBy: RegionBy): readonly Manifest[] {
  const changes = clusterChanges(topology, region, regionBy);
  return baseManifests(topology, regionBy).map(({ object, notes = {} }) => {
    const own = changesOf(changes, object);
    const replaced = (path: string): boolean => path !== "" && own.some((change) => change.path.startsWith(path));
    const kept = Object.entries(notes).filter(([path]) => !replaced(path));
    return {
      object: own.reduce((changed, { path, value }) => replaceAt(changed, path, value), object),
      notes: Object.fromEntries(kept),
    };
  });
}

export function changesOf(changes: readonly ClusterChange[], object: KubeObject): readonly ClusterChange[] {
  return changes.filter(({ kind, name }) => kind === object.kind && name === object.metadata.name);
}

interface Named {
  readonly name: string;
}

/** Where the value of a variable stands, found by the names of container and variable: positions move. */
export function variablePath(object: KubeObject, container: string, variable: string): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a Deployment of ours
  const { template } = object["spec"] as {
    readonly template: {
      readonly spec: { readonly containers: readonly (Named & { readonly env: readonly Named[] })[] };
    };
  };
  const { containers } = template.spec;
  const at = containers.findIndex(({ name }) => name === container);
  const env = containers[at]?.env.findIndex(({ name }) => name === variable) ?? -1;
  assert(env >= 0, `the container ${container} has no variable ${variable}`);
  return pointer("spec", "template", "spec", "containers", at, "env", env, "value");
}
