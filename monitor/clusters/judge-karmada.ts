// The Karmada API server against the topology: templates and policies as rendered, and for each object the binding that says
// how far each cluster has got with it.
import type { RegionBy } from "../render/manifest.ts";
import { isMap, listAt, textAt, type ValueMap } from "../topology/loose-value.ts";
import type { Topology } from "../topology/topology.ts";
import { driftRemarks } from "./drift.ts";
import type { Judged, Remark } from "./judged.ts";
import { conditionAt, nameOf } from "./pods.ts";
import { objectName, presenceOf } from "./presence.ts";
import { isSeen, type Looks, objectsOf } from "./sight.ts";
import { hostObjects, KARMADA_BINDINGS, KARMADA_CLUSTERS } from "./wish.ts";

const POLICY_API = "policy.karmada.io/v1alpha1";

export function judgeKarmada(looks: Looks, topology: Topology, regionBy: RegionBy): readonly Judged[] {
  const placed = topology.regions.map(({ cluster }) => cluster.context);
  return [
    ...placed.flatMap((context) => judgeJoined(looks, context)),
    ...hostObjects(topology, "karmada", regionBy).flatMap((object) => judgeTemplate(object, looks, placed)),
  ];
}

function judgeJoined(looks: Looks, context: string): readonly Judged[] {
  if (!isSeen(looks, KARMADA_CLUSTERS)) return [];
  const object = `Cluster ${context}`;
  const live = objectsOf(looks, KARMADA_CLUSTERS).find((one) => nameOf(one) === context);
  if (live === undefined)
    return [{ object, good: "", remarks: [{ rule: "FED-CLUSTER", message: "no cluster of this name has joined" }] }];
  const ready = conditionAt(live, "Ready");
  if (ready?.["status"] === "True") return [{ object, good: "ready", remarks: [] }];
  const words = textAt(ready, ["message"]) || "it has no condition Ready";
  return [{ object, good: "", remarks: [{ rule: "FED-CLUSTER", message: `it is not ready: ${words}` }] }];
}

/** A template on the Karmada API server, or one of its policies; namespaces go everywhere without a binding. */
function judgeTemplate(expected: ValueMap, looks: Looks, placed: readonly string[]): readonly Judged[] {
  const kind = textAt(expected, ["kind"]);
  const object = objectName(expected);
  const presence = presenceOf(expected, looks);
  if (presence.kind === "absent") return presence.judged;
  const { live, leaving } = presence;
  const { apiVersion, kind: _kind, metadata: _metadata, ...body } = expected;
  const bound = apiVersion !== POLICY_API && kind !== "Namespace";
  const remarks = [
    ...leaving,
    ...driftRemarks(body, live, null),
    ...(bound ? bindingRemarks(object, bindingOf(looks, expected), placed) : []),
  ];
  return [{ object, good: bound ? `applied in ${placed.length} clusters` : "as rendered", remarks }];
}

/** Null: bindings could not be read; undefined: there is none. */
function bindingOf(looks: Looks, expected: ValueMap): ValueMap | null | undefined {
  if (!isSeen(looks, KARMADA_BINDINGS)) return null;
  return objectsOf(looks, KARMADA_BINDINGS).find(
    (one) =>
      textAt(one, ["spec", "resource", "kind"]) === textAt(expected, ["kind"]) &&
      textAt(one, ["spec", "resource", "name"]) === nameOf(expected),
  );
}

function bindingRemarks(
  object: string,
  binding: ValueMap | null | undefined,
  placed: readonly string[],
): readonly Remark[] {
  if (binding === null) return [];
  if (binding === undefined) return [{ rule: "FED-UNBOUND", message: `there is no ResourceBinding for ${object}` }];
  const scheduled = conditionAt(binding, "Scheduled");
  if (scheduled !== null && scheduled["status"] !== "True")
    return [{ rule: "FED-BINDING", message: `it is not scheduled: ${textAt(scheduled, ["message"])}` }];
  const items = listAt(binding, ["status", "aggregatedStatus"]).filter(isMap);
  return placed.flatMap((cluster): readonly Remark[] => {
    const item = items.find((one) => one["clusterName"] === cluster);
    if (item === undefined) return [{ rule: "FED-LEFT-OUT", message: `${cluster} is not in its binding's status` }];
    if (item["applied"] !== true)
      return [
        {
          rule: "FED-BINDING",
          message: `${cluster}: not applied: ${textAt(item, ["appliedMessage"]) || "no message"}`,
        },
      ];
    return item["health"] === "Unhealthy"
      ? [{ rule: "FED-BINDING", message: `${cluster}: applied, and unhealthy there` }]
      : [];
  });
}
