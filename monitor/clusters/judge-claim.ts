// Claims match the Pods: what answers at a region's endpoint must say the region, and be one of the Pods that the API server
// of the region's cluster knows. The two come by different ways, so they do not share an error.
import type { Observation } from "../model/observation.ts";
import type { Instant } from "../time.ts";
import type { Region } from "../topology/topology.ts";
import { claimProblem } from "../verify/claim.ts";
import type { Judged, Remark } from "./judged.ts";
import { addressesOf, nameOf } from "./pods.ts";
import { isSeen, type Looks, objectsOf } from "./sight.ts";
import { PODS } from "./wish.ts";

/** Pods that are leaving count: one may have answered before it went. */
export function judgeClaimAgainstPods(region: Region, seen: Observation, looks: Looks, at: Instant): Judged {
  const object = `GET ${region.endpoint.url}/`;
  const { claim, failure } = seen;
  if (claim === null) {
    const message = failure === null ? "it told nothing" : failure.detail || failure.cause;
    return { object, good: "", remarks: [{ rule: "CL-CLAIM-UNSEEN", message }] };
  }
  const remarks: Remark[] = [];
  const problem = claimProblem(region, claim, at);
  if (problem !== null) remarks.push({ rule: "CL-CLAIM-REGION", message: `${claim.hostname} ${problem}` });
  if (!isSeen(looks, PODS)) return { object, good: `region ${claim.region}; the Pods were not read`, remarks };
  const pod = objectsOf(looks, PODS).find((one) => nameOf(one) === claim.hostname);
  if (pod === undefined) {
    const message = `${claim.hostname} (${claim.podIP}) answered, which is none of the cluster's Pods`;
    return { object, good: "", remarks: [...remarks, { rule: "CL-CLAIM-POD", message }] };
  }
  if (!addressesOf(pod).includes(claim.podIP)) {
    const addresses = addressesOf(pod).join(", ") || "none";
    const message = `${claim.hostname} says that its address is ${claim.podIP}; the cluster's Pod of that name has ${addresses}`;
    remarks.push({ rule: "CL-CLAIM-POD", message });
  }
  return { object, good: `region ${claim.region}, from Pod ${claim.hostname}`, remarks };
}
