// Where Istio and its add-on are, mTLS must be enforced and every Pod must have a sidecar: one without is refused by all the
// others. Where they are not, that is told and no fault: the add-on is optional.
import { isMap, listAt, mapAt, textAt, type ValueMap } from "../topology/loose-value.ts";
import { valueAt } from "../topology/path.ts";
import type { Topology } from "../topology/topology.ts";
import { driftRemarks, valueWords } from "./drift.ts";
import type { Judged, Remark } from "./judged.ts";
import { containersOf, nameOf, standingPods } from "./pods.ts";
import { objectName, presenceOf } from "./presence.ts";
import { isSeen, type Looks, objectsOf } from "./sight.ts";
import { istioObjects, keyOf, keyOfObject, PODS } from "./wish.ts";

const PEERS = keyOf("security.istio.io", "peerauthentications");
const SIDECAR = "istio-proxy";
const NAMES_TOLD_MAX = 3;

export function judgeIstio(looks: Looks, topology: Topology): readonly Judged[] {
  const expected = istioObjects(topology);
  if (!expected.some((object) => isSeen(looks, keyOfObject(object)))) {
    const known = expected.some((object) => looks[keyOfObject(object)]?.kind !== "no-kind");
    return known ? [] : [noAddOn("this cluster has no Istio")];
  }
  const standing = expected.filter((object) => liveOf(looks, object) !== null);
  if (standing.length === 0) return [noAddOn("Istio is there, its add-on for this service is not")];
  return [...expected.flatMap((object) => judgeOne(looks, object)), ...judgeSidecars(looks)];
}

function noAddOn(message: string): Judged {
  return { object: "Istio add-on", good: message, remarks: [{ rule: "CL-ISTIO-NONE", message }] };
}

function liveOf(looks: Looks, expected: ValueMap): ValueMap | null {
  return objectsOf(looks, keyOfObject(expected)).find((one) => nameOf(one) === nameOf(expected)) ?? null;
}

function judgeOne(looks: Looks, expected: ValueMap): readonly Judged[] {
  const isPeers = keyOfObject(expected) === PEERS;
  const object = objectName(expected);
  const presence = presenceOf(expected, looks);
  if (presence.kind === "absent") return presence.judged;
  const { live, leaving } = presence;
  const drifts = driftRemarks(expected, live, "spec", (path) => path === "mtls.mode");
  const special = isPeers ? weakPeers(objectsOf(looks, PEERS), nameOf(expected)) : faultRemarks(live);
  return [{ object, good: isPeers ? "STRICT" : "as rendered", remarks: [...leaving, ...special, ...drifts] }];
}

/** What is there beyond what was rendered is nobody's drift; this one hurts users, and drills put it there. */
function faultRemarks(live: ValueMap): readonly Remark[] {
  return listAt(live, ["spec", "http"])
    .filter((rule) => isMap(rule) && rule["fault"] !== undefined)
    .map((rule) => ({
      rule: "CL-FAULT",
      message: `its rule ${textAt(rule, ["name"]) || "without a name"} has a fault: ${valueWords(valueAt(rule, ["fault"]))}`,
    }));
}

/** The namespace's own must be STRICT, and one for single workloads or ports must not take that back. */
function weakPeers(peers: readonly ValueMap[], name: string): readonly Remark[] {
  return peers.flatMap((peer): readonly Remark[] => {
    const mode = textAt(peer, ["spec", "mtls", "mode"]);
    const ports = Object.values(mapAt(peer, ["spec", "portLevelMtls"])).map((port) => textAt(port, ["mode"]));
    const own = nameOf(peer) === name && ["", "UNSET"].includes(mode) ? ["no mode of its own"] : [];
    const weaker = [...own, ...[mode, ...ports].filter((one) => one === "PERMISSIVE" || one === "DISABLE")];
    return weaker.length === 0
      ? []
      : [{ rule: "CL-MTLS", message: `PeerAuthentication ${nameOf(peer)} says ${weaker.join(", ")}, expected STRICT` }];
  });
}

function judgeSidecars(looks: Looks): readonly Judged[] {
  if (!isSeen(looks, PODS)) return [];
  const pods = standingPods(objectsOf(looks, PODS));
  const bare = pods.filter((pod) => !containersOf(pod).some((one) => one["name"] === SIDECAR)).map(nameOf);
  const shown = bare.slice(0, NAMES_TOLD_MAX).join(", ");
  const remarks: readonly Remark[] =
    bare.length === 0
      ? []
      : [{ rule: "CL-SIDECAR", message: `${bare.length} of ${pods.length} Pods have no ${SIDECAR}: ${shown}` }];
  return [{ object: "Sidecars", good: `in all ${pods.length} Pods`, remarks }];
}
