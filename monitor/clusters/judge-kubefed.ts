// KubeFed's host against the topology: placements and overrides as rendered, and each cluster's status in plain words.
// Propagation=True says that objects were written, for the clusters that KubeFed knows; so clusters are counted here.
import type { RegionBy } from "../render/manifest.ts";
import { isMap, listAt, textAt, type ValueMap } from "../topology/loose-value.ts";
import { valueAt } from "../topology/path.ts";
import type { Topology } from "../topology/topology.ts";
import { driftRemarks } from "./drift.ts";
import type { Judged, Remark } from "./judged.ts";
import { conditionAt, nameOf } from "./pods.ts";
import { objectName, presenceOf } from "./presence.ts";
import { isPassing, REASON_WORDS, readPropagationStatus, STATUS_WORDS } from "./propagation-words.ts";
import { isSeen, type Looks, objectsOf } from "./sight.ts";
import { hostObjects, KUBEFED_CLUSTERS } from "./wish.ts";

export function judgeKubefed(looks: Looks, topology: Topology, regionBy: RegionBy): readonly Judged[] {
  const placed = topology.regions.map(({ cluster }) => cluster.context);
  return [
    ...placed.flatMap((context) => judgeJoined(looks, context)),
    ...hostObjects(topology, "kubefed", regionBy).flatMap((object) => judgeFederated(object, looks, placed)),
  ];
}

/** The condition Ready disappears while a cluster is Offline: it never becomes False. */
function judgeJoined(looks: Looks, context: string): readonly Judged[] {
  if (!isSeen(looks, KUBEFED_CLUSTERS)) return [];
  const object = `KubeFedCluster ${context}`;
  const live = objectsOf(looks, KUBEFED_CLUSTERS).find((one) => nameOf(one) === context);
  if (live === undefined)
    return [{ object, good: "", remarks: [{ rule: "FED-CLUSTER", message: "no cluster of this name has joined" }] }];
  if (conditionAt(live, "Ready")?.["status"] === "True") return [{ object, good: "ready", remarks: [] }];
  const first = listAt(live, ["status", "conditions"]).find(isMap);
  const words = first === undefined ? "" : `: ${textAt(first, ["type"])} (${textAt(first, ["message"])})`;
  return [{ object, good: "", remarks: [{ rule: "FED-CLUSTER", message: `it is not ready${words}` }] }];
}

function judgeFederated(expected: ValueMap, looks: Looks, placed: readonly string[]): readonly Judged[] {
  const object = objectName(expected);
  const presence = presenceOf(expected, looks);
  if (presence.kind === "absent") return presence.judged;
  const { live, leaving } = presence;
  if (textAt(expected, ["kind"]) === "Namespace") return [{ object, good: "as rendered", remarks: leaving }];
  const remarks = [
    ...leaving,
    ...placementRemarks(live, placed),
    ...overrideRemarks(live, placed),
    ...driftRemarks(expected, live, "spec", (path) => path.startsWith("placement")),
    ...statusRemarks(live, placed),
  ];
  return [{ object, good: `brought to ${placed.length} clusters`, remarks }];
}

/** A placement by labels is whatever KubeFed makes of it: then its status alone tells. */
function placementRemarks(live: ValueMap, placed: readonly string[]): readonly Remark[] {
  const written = valueAt(live, ["spec", "placement", "clusters"]);
  if (written === undefined) return [];
  const names = listAt(live, ["spec", "placement", "clusters"]).map((one) => textAt(one, ["name"]));
  const missing = placed.filter((one) => !names.includes(one));
  const more = names.filter((one) => !placed.includes(one));
  const words = [
    ...(missing.length === 0 ? [] : [`it is not placed in ${missing.join(", ")}`]),
    ...(more.length === 0 ? [] : [`it is placed in ${more.join(", ")}, which the topology does not have`]),
  ];
  return words.map((message) => ({ rule: "FED-PLACEMENT", message }));
}

/** The likeliest slip of all: Propagation stays True, and the member runs the template's value. */
function overrideRemarks(live: ValueMap, placed: readonly string[]): readonly Remark[] {
  const names = listAt(live, ["spec", "overrides"]).map((one) => textAt(one, ["clusterName"]));
  const strange = names.filter((name) => !placed.includes(name));
  return strange.map((name) => ({
    rule: "FED-OVERRIDE",
    message: `it has an override for ${name}, which is no cluster of the topology`,
  }));
}

function statusRemarks(live: ValueMap, placed: readonly string[]): readonly Remark[] {
  const [generation, observed] = [
    valueAt(live, ["metadata", "generation"]),
    valueAt(live, ["status", "observedGeneration"]),
  ];
  if (typeof generation === "number" && observed !== generation)
    return [
      {
        rule: "FED-GENERATION",
        message: `KubeFed has seen generation ${typeof observed === "number" ? observed : "none"}, and there is ${generation}`,
      },
    ];
  const condition = conditionAt(live, "Propagation");
  const reason = textAt(condition, ["reason"]);
  const clusters = listAt(live, ["status", "clusters"]).filter(isMap);
  const own = clusters.flatMap((one) => clusterRemarks(textAt(one, ["name"]), textAt(one, ["status"])));
  const named = new Set(clusters.map((one) => textAt(one, ["name"])));
  const leftOut = placed.filter((one) => !named.has(one));
  const whole: readonly Remark[] =
    reason === "" || reason === "CheckClusters"
      ? []
      : [{ rule: "FED-FAILED", message: `${reason}: ${REASON_WORDS[reason] ?? "no word of KubeFed v0.10's"}` }];
  return [
    ...whole,
    ...own,
    ...leftOut.map((one): Remark => ({ rule: "FED-LEFT-OUT", message: `${one} is not in its status` })),
  ];
}

function clusterRemarks(cluster: string, text: string): readonly Remark[] {
  const status = readPropagationStatus(text);
  if (status === "") return [];
  if (status === null)
    return [{ rule: "FED-FAILED", message: `${cluster}: ${text}, which is no word of KubeFed v0.10's` }];
  return [
    {
      rule: isPassing(status) ? "FED-RETRIES" : "FED-FAILED",
      message: `${cluster}: ${status}: ${STATUS_WORDS[status]}`,
    },
  ];
}
