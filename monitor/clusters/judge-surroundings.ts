// What stands around the Pods: does the Service lead to them and to nothing else, and has the quota room for a rollout?
import { readQuantity } from "../lint/quantity.ts";
import { SURGE_MAX } from "../render/workload.ts";
import { isMap, listAt, mapAt, textAt, type ValueMap } from "../topology/loose-value.ts";
import { valueAt } from "../topology/path.ts";
import type { Remark } from "./judged.ts";
import { addressesOf, isReady, standingPods } from "./pods.ts";
import { isSeen, type Looks, objectsOf } from "./sight.ts";
import { PODS, SLICES } from "./wish.ts";

/** Addresses of an EndpointSlice that are told one by one. */
const TOLD_MAX = 3;

/** `ready` counts endpoints as the slices have them; null where one of both lists was not read. */
export function judgeEndpoints(looks: Looks): { readonly remarks: readonly Remark[]; readonly ready: number | null } {
  if (!isSeen(looks, SLICES) || !isSeen(looks, PODS)) return { remarks: [], ready: null };
  const all = objectsOf(looks, PODS);
  const ready = standingPods(all).filter(isReady).length;
  const endpoints = readyEndpoints(objectsOf(looks, SLICES));
  const known = new Set(all.flatMap(addressesOf));
  const strange = endpoints.flat().filter((address) => !known.has(address));
  const counted = endpoints.length;
  const remarks: Remark[] = [];
  if (strange.length > 0) {
    const shown = strange.slice(0, TOLD_MAX).join(", ");
    remarks.push({
      rule: "CL-ENDPOINTS-STRANGE",
      message: `${strange.length} addresses are no Pod's of the service: ${shown}`,
    });
  }
  if (counted === 0) remarks.push({ rule: "CL-ENDPOINTS", message: `no ready endpoint, and ${ready} ready Pods` });
  else if (counted < ready)
    remarks.push({ rule: "CL-ENDPOINTS-FEW", message: `${counted} ready endpoints for ${ready} ready Pods` });
  return { remarks, ready: counted };
}

/** One a Pod, whatever its families of addresses; a Service of both has a slice for each. */
function readyEndpoints(slices: readonly ValueMap[]): readonly (readonly string[])[] {
  const byPod = new Map<string, string[]>();
  for (const endpoint of slices.flatMap((slice) => listAt(slice, ["endpoints"]).filter(isMap))) {
    // Left out means ready (EndpointConditions).
    if (valueAt(endpoint, ["conditions", "ready"]) === false) continue;
    const addresses = listAt(endpoint, ["addresses"]).filter((one) => typeof one === "string");
    const pod = textAt(endpoint, ["targetRef", "name"]) || (addresses[0] ?? "");
    byPod.set(pod, [...(byPod.get(pod) ?? []), ...addresses]);
  }
  return [...byPod.values()];
}

/** Of one ResourceQuota: what is used up, and whether one more Pod than there are would fit. */
export function judgeQuota(quota: ValueMap): readonly Remark[] {
  const hard = mapAt(quota, ["status", "hard"]);
  const used = mapAt(quota, ["status", "used"]);
  const tight = Object.keys(hard).flatMap((key) => {
    const [most, now] = [readQuantity(hard[key]), readQuantity(used[key])];
    if (most === null || now === null) return [];
    const room = key === "pods" ? most - now >= SURGE_MAX : now < most;
    return room ? [] : [`${key} ${String(used[key])} of ${String(hard[key])}`];
  });
  return tight.length === 0 ? [] : [{ rule: "CL-QUOTA", message: `used: ${tight.join(", ")}` }];
}
