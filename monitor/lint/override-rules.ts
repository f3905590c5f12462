// Rules about overrides, most of whose mistakes KubeFed takes without a word: the member then runs the template's value, and
// Propagation is True.
import { FORBIDDEN_PATHS } from "../verify/federation-overrides.ts";
import { OVERRIDE_OPS } from "../verify/federation-patch.ts";
import type { OverrideEntry, OverrideItem } from "./override-entry.ts";
import { meant } from "./placement-rules.ts";
import { type Rule, sightingAt, type Sighting, wordList } from "./rule.ts";
import type { FederatedObject, Scene } from "./scene.ts";

const READ = "kubefed v0.10.0 pkg/controller/util/overrides.go GetOverrides; measured";

export const OVERRIDE_RULES: readonly Rule[] = [
  {
    id: "KF-OVERRIDE-UNKNOWN-CLUSTER",
    severity: "error",
    wrong:
      "An override is for a cluster that does not exist: the real one runs the template's value, and Propagation is True.",
    fix: "Use the name of `kubectl get kubefedclusters`, which is the context in the topology.",
    source: "measured",
    sightings: unknownCluster,
  },
  {
    id: "KF-OVERRIDE-NOT-PLACED",
    severity: "error",
    wrong: "An override is for a cluster outside of the object's placement, so nothing comes of it.",
    fix: "Add the cluster to spec.placement.clusters, or take the override away.",
    source: "measured",
    sightings: notPlaced,
  },
  {
    id: "KF-OVERRIDE-CLUSTER-TWICE",
    severity: "error",
    wrong: "One cluster has two entries: ApplyOverridesFailed in every cluster, not only in this one.",
    fix: "Put all overrides of a cluster into one entry.",
    source: READ,
    sightings: ({ federated }) => federated.flatMap(clusterTwice),
  },
  {
    id: "KF-OVERRIDE-PATH-TWICE",
    severity: "error",
    wrong: "One path stands twice for a cluster: ApplyOverridesFailed in every cluster, not only in this one.",
    fix: "Keep one of the two.",
    source: READ,
    sightings: (scene) => eachItem(scene, pathTwice),
  },
  {
    id: "KF-OVERRIDE-FORBIDDEN-PATH",
    severity: "error",
    wrong: "Name, namespace and kind may not be overridden: ApplyOverridesFailed in every cluster.",
    fix: "Take the override away.",
    source: READ,
    sightings: (scene) =>
      eachItem(scene, ({ override }) =>
        FORBIDDEN_PATHS.includes(override?.path ?? "") ? `${override?.path ?? ""} may not be overridden` : null,
      ),
  },
  {
    id: "KF-OVERRIDE-OP",
    severity: "error",
    wrong: "The host's API server takes add, remove and replace alone.",
    fix: "Use add, remove or replace.",
    source: "kubefed v0.10.0 pkg/kubefedctl/enable/validation.go; measured",
    sightings: (scene) =>
      eachItem(scene, ({ override }) => {
        const op = override?.op ?? "replace";
        return isOp(op) ? null : `op "${op}" is none of ${wordList(OVERRIDE_OPS)}`;
      }),
  },
  {
    id: "KF-OVERRIDE-PATH-FORM",
    severity: "error",
    wrong: "A path that does not start with / loses what stands before its first /, so the override lands elsewhere.",
    fix: "Start the path with a slash.",
    source: "evanphx/json-patch v4.12.0 patch.go findObject",
    sightings: (scene) =>
      eachItem(scene, ({ override }) =>
        override === null || override.path.startsWith("/")
          ? null
          : `path "${override.path}" does not start with a slash`,
      ),
  },
  {
    id: "KF-OVERRIDE-NO-VALUE",
    severity: "warning",
    wrong: "A value that is missing or null arrives as null, which the member takes for a field that is not there.",
    fix: "Give a value, or use op: remove.",
    source: "kubefed v0.10.0 ClusterOverride, `omitempty`; measured",
    sightings: (scene) =>
      eachItem(scene, ({ override, valued }) =>
        override === null || override.op === "remove" || valued ? null : `${override.op} ${override.path} has no value`,
      ),
  },
  {
    id: "KF-OVERRIDE-ANNOTATIONS",
    severity: "warning",
    wrong:
      "An override of all annotations takes away, at every sync, what controllers in the member have written there.",
    fix: "Do without on this kind: the Deployment controller keeps its revision in an annotation and writes it again.",
    source: "measured",
    sightings: ({ federated }) =>
      federated
        .filter(({ kind }) => ["Deployment", "ReplicaSet"].includes(kind.kind))
        .flatMap((object) =>
          itemSightings(object, ({ override }) =>
            override?.path === "/metadata/annotations" ? "this fights the Deployment controller" : null,
          ),
        ),
  },
];

function isOp(op: string): boolean {
  return OVERRIDE_OPS.some((known) => known === op);
}

function eachItem(
  { federated }: Scene,
  problem: (item: OverrideItem, index: number, entry: OverrideEntry) => string | null,
): readonly Sighting[] {
  return federated.flatMap((object) => itemSightings(object, problem));
}

function itemSightings(
  object: FederatedObject,
  problem: (item: OverrideItem, index: number, entry: OverrideEntry) => string | null,
): readonly Sighting[] {
  return object.entries.flatMap((entry) =>
    entry.items.flatMap((item, index) => {
      const message = problem(item, index, entry);
      return message === null
        ? []
        : [sightingAt(object.object, [...item.path, "path"], `${message} (${entry.cluster})`)];
    }),
  );
}

function unknownCluster({ federated, clusters }: Scene): readonly Sighting[] {
  if (clusters === null) return [];
  return federated.flatMap(({ object, entries }) =>
    entries
      .filter(({ cluster }) => !clusters.includes(cluster))
      .map(({ cluster, path }) => {
        const message = `"${cluster}" is no known cluster (${wordList(clusters)})${meant(cluster, clusters)}`;
        return sightingAt(object, [...path, "clusterName"], message);
      }),
  );
}

function notPlaced({ federated, clusters }: Scene): readonly Sighting[] {
  return federated.flatMap(({ object, entries, placed }) =>
    entries
      .filter(({ cluster }) => clusters?.includes(cluster) !== false && !placed.includes(cluster))
      .map(({ cluster, path }) => {
        const where = placed.length === 0 ? "no cluster at all" : wordList(placed);
        return sightingAt(object, [...path, "clusterName"], `"${cluster}" is not in the placement, which is ${where}`);
      }),
  );
}

function clusterTwice({ object, entries }: FederatedObject): readonly Sighting[] {
  return entries
    .filter(({ cluster }, index) => entries.findIndex((other) => other.cluster === cluster) < index)
    .map(({ cluster, path }) => sightingAt(object, [...path, "clusterName"], `"${cluster}" has an entry already`));
}

function pathTwice({ override }: OverrideItem, index: number, entry: OverrideEntry): string | null {
  const first = entry.items.findIndex((other) => other.override?.path === override?.path);
  return override === null || first >= index ? null : `${override.path} stands there already`;
}
