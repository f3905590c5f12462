// Rules about who decides on replicas: KubeFed, a scheduling preference, or an autoscaler in the member. Two of them at once
// undo one another.
import { valueAt } from "../topology/path.ts";
import { textAt } from "../verify/federation-value.ts";
import type { ManifestObject } from "./manifest.ts";
import { type Rule, sightingAt, type Sighting } from "./rule.ts";
import type { FederatedObject, Scene } from "./scene.ts";

const SOURCE = "kubefed v0.10.0 pkg/controller/sync/dispatch/retain.go; measured";

export const REPLICA_RULES: readonly Rule[] = [
  {
    id: "KF-REPLICAS-OVERRIDDEN",
    severity: "error",
    wrong: "An override of replicas stands against a scheduling preference, an autoscaler or retainReplicas.",
    fix: "Take the override away, or what else decides on replicas.",
    source: SOURCE,
    sightings: (scene) => scene.federated.flatMap((object) => replicasOverridden(object, scene)),
  },
  {
    id: "KF-REPLICAS-FIGHT",
    severity: "error",
    wrong: "An autoscaler decides on replicas in the members, and KubeFed puts the template's number back every time.",
    fix: "Set spec.retainReplicas: true.",
    source: SOURCE,
    sightings: (scene) =>
      scalable(scene)
        .filter((object) => autoscaler(object, scene) !== null && !retains(object))
        .map((object) => {
          const message = `${autoscaler(object, scene)?.origin.subject ?? ""} scales it, and retainReplicas is not true`;
          return sightingAt(object.object, ["spec", "retainReplicas"], message);
        }),
  },
  {
    id: "KF-RETAIN-WITHOUT-AUTOSCALER",
    severity: "warning",
    wrong: "With retainReplicas a member scaled to 0 by hand stays there, even after the flag is taken back.",
    fix: "Set it only beside a HorizontalPodAutoscaler.",
    source: "measured: the flag is in neither hash, so KubeFed takes the object for current",
    sightings: (scene) =>
      scalable(scene)
        .filter((object) => retains(object) && autoscaler(object, scene) === null)
        .map(({ object }) =>
          sightingAt(object, ["spec", "retainReplicas"], "no HorizontalPodAutoscaler for it is among the sources"),
        ),
  },
  {
    id: "KF-PREFERENCE-NO-TARGET",
    severity: "error",
    wrong:
      "A ReplicaSchedulingPreference works on the federated object of its own name and namespace, which is not there.",
    fix: "Give it the name and the namespace of its target.",
    source: "kubefed v0.10.0 pkg/schedulingtypes/replicascheduler.go",
    sightings: (scene) =>
      preferences(scene)
        .filter((one) => !scene.federated.some(({ object }) => isTargetOf(one, object)))
        .map((one) =>
          sightingAt(
            one,
            ["metadata", "name"],
            `no ${textAt(one.value, ["spec", "targetKind"])} of this name and namespace`,
          ),
        ),
  },
];

function scalable({ federated }: Scene): readonly FederatedObject[] {
  return federated.filter(({ kind }) => ["Deployment", "ReplicaSet"].includes(kind.kind));
}

function retains({ value }: FederatedObject): boolean {
  return valueAt(value, ["spec", "retainReplicas"]) === true;
}

function preferences({ objects }: Scene): readonly ManifestObject[] {
  return objects.filter(({ kind }) => kind === "ReplicaSchedulingPreference");
}

function isTargetOf(preference: ManifestObject, { kind, namespace, name }: ManifestObject): boolean {
  const target = textAt(preference.value, ["spec", "targetKind"]);
  return target === kind && preference.namespace === namespace && preference.name === name;
}

function autoscaler({ kind, namespace, name }: FederatedObject, { views }: Scene): Scene["views"][number] | null {
  const found = views.find(
    (view) =>
      view.kind === "HorizontalPodAutoscaler" &&
      view.namespace === namespace &&
      textAt(view.value, ["spec", "scaleTargetRef", "kind"]) === kind.kind &&
      textAt(view.value, ["spec", "scaleTargetRef", "name"]) === name,
  );
  return found ?? null;
}

function replicasOverridden(object: FederatedObject, scene: Scene): readonly Sighting[] {
  const other =
    preferences(scene).find((one) => isTargetOf(one, object.object))?.subject ??
    autoscaler(object, scene)?.origin.subject ??
    (retains(object) ? "retainReplicas, which the override wins over," : null);
  if (other === null) return [];
  return object.entries.flatMap(({ cluster, items }) =>
    items
      .filter(({ override }) => override?.path === "/spec/replicas")
      .map(({ path }) => sightingAt(object.object, [...path, "path"], `${other} decides on replicas too (${cluster})`)),
  );
}
