// Pods as the API server tells of them: which count, which are ready, where they run, what keeps them from it, and which
// REGION they are told.
import { CONTAINER } from "../render/names.ts";
import { isMap, listAt, mapAt, textAt, type ValueMap } from "../topology/loose-value.ts";
import { valueAt } from "../topology/path.ts";

export function nameOf(object: ValueMap): string {
  return textAt(object, ["metadata", "name"]);
}

export function isLeaving(object: ValueMap): boolean {
  return textAt(object, ["metadata", "deletionTimestamp"]) !== "";
}

/** Those that serve or should: not those that take their leave, were evicted or have ended. */
export function standingPods(pods: readonly ValueMap[]): readonly ValueMap[] {
  return pods.filter((pod) => !isLeaving(pod) && !["Succeeded", "Failed"].includes(textAt(pod, ["status", "phase"])));
}

export function isReady(pod: ValueMap): boolean {
  return !isLeaving(pod) && conditionAt(pod, "Ready")?.["status"] === "True";
}

/** Null: there is no such condition. */
export function conditionAt(object: ValueMap, type: string): ValueMap | null {
  const conditions = listAt(object, ["status", "conditions"]).filter(isMap);
  return conditions.find((one) => one["type"] === type) ?? null;
}

/** IPv4 and IPv6. */
export function addressesOf(pod: ValueMap): readonly string[] {
  const several = listAt(pod, ["status", "podIPs"]).map((one) => textAt(one, ["ip"]));
  return [...new Set([textAt(pod, ["status", "podIP"]), ...several])].filter((address) => address !== "");
}

/** The containers of the Pod, those that start before the others too: a sidecar may be among either. */
export function containersOf(pod: ValueMap): readonly ValueMap[] {
  return ["containers", "initContainers"].flatMap((key) => listAt(pod, ["spec", key]).filter(isMap));
}

/** The service's own container; an empty object where the Pod has none of that name. */
export function appContainer(spec: unknown): ValueMap {
  return (
    listAt(spec, ["containers"])
      .filter(isMap)
      .find((one) => one["name"] === CONTAINER) ?? {}
  );
}

export type ToldRegion =
  | { readonly kind: "told"; readonly region: string }
  /** By a ConfigMap that was not read, or in another way that we do not follow. */
  | { readonly kind: "elsewhere"; readonly where: string }
  | { readonly kind: "untold" };

/** What the Pod's REGION is; from a ConfigMap as that stands now, which Pods started before a change do not know. */
export function toldRegion(pod: ValueMap, configMaps: readonly ValueMap[]): ToldRegion {
  const entry = listAt(appContainer(pod["spec"]), ["env"])
    .filter(isMap)
    .find((one) => one["name"] === "REGION");
  if (entry === undefined) return { kind: "untold" };
  const literal = textAt(entry, ["value"]);
  if (literal !== "") return { kind: "told", region: literal };
  const reference = mapAt(entry, ["valueFrom", "configMapKeyRef"]);
  const name = textAt(reference, ["name"]);
  const source = configMaps.find((one) => nameOf(one) === name);
  if (source === undefined) return { kind: "elsewhere", where: name === "" ? "its valueFrom" : `ConfigMap ${name}` };
  const value = textAt(source, ["data", textAt(reference, ["key"])]);
  return value === "" ? { kind: "untold" } : { kind: "told", region: value };
}

/** What a kubelet waits with, and will not get over without somebody's help. */
const HELPLESS: ReadonlySet<string> = new Set([
  "CrashLoopBackOff",
  "ImagePullBackOff",
  "ErrImagePull",
  "ErrImageNeverPull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
]);

/** Null: every container runs or is on its way. "container app waits: CrashLoopBackOff, after OOMKilled (exit code 137)". */
export function crashWords(pod: ValueMap): string | null {
  for (const status of statusesOf(pod)) {
    const reason = textAt(status, ["state", "waiting", "reason"]);
    if (!HELPLESS.has(reason)) continue;
    const last = mapAt(status, ["lastState", "terminated"]);
    const code = valueAt(last, ["exitCode"]);
    const ended = textAt(last, ["reason"]);
    const after = ended === "" ? "" : `, after ${ended}${typeof code === "number" ? ` (exit code ${code})` : ""}`;
    const message = ended === "" ? textAt(status, ["state", "waiting", "message"]) : "";
    return `container ${textAt(status, ["name"])} waits: ${reason}${after}${message === "" ? "" : `: ${message}`}`;
  }
  return null;
}

export function restartsOf(pod: ValueMap): number {
  return Math.max(
    0,
    ...statusesOf(pod)
      .map((status) => Number(status["restartCount"] ?? 0))
      .filter(Number.isFinite),
  );
}

function statusesOf(pod: ValueMap): readonly ValueMap[] {
  return ["containerStatuses", "initContainerStatuses"].flatMap((key) => listAt(pod, ["status", key]).filter(isMap));
}
