// Are the Pods those that the topology means: do they run, on whose image, which REGION are they told, and do their nodes
// stand where the topology says?
import type { Region, Topology } from "../topology/topology.ts";
import { textAt, type ValueMap } from "../topology/loose-value.ts";
import type { Judged, Remark } from "./judged.ts";
import {
  appContainer,
  conditionAt,
  crashWords,
  isReady,
  nameOf,
  restartsOf,
  standingPods,
  toldRegion,
} from "./pods.ts";
import type { ClusterRuleId } from "./rules.ts";
import { isSeen, type Looks, objectsOf } from "./sight.ts";
import { nodeKey, PODS } from "./wish.ts";

/** Nodes that are read, of those that the Pods run on. */
export const NODES_READ_MAX = 20;
/** One rule's Pods that are told one by one. */
const TOLD_MAX = 2;
const RESTARTS_WORTH_A_NOTE = 3;
const REGION_LABEL = "topology.kubernetes.io/region";

export function judgePods(looks: Looks, topology: Topology, region: Region): readonly Judged[] {
  if (!isSeen(looks, PODS)) return [];
  const pods = standingPods(objectsOf(looks, PODS));
  const ready = pods.filter(isReady).length;
  const remarks = [
    ...told("CL-POD-CRASH", pods, crashWords),
    ...told("CL-POD-UNSCHEDULED", pods, unscheduledWords),
    ...told("CL-POD-IMAGE", pods, (pod) => imageWords(pod, topology)),
    ...told("CL-POD-RESTARTS", pods, restartWords),
    ...regionRemarks(pods, looks, region),
  ];
  const good = `${ready} ready${pods.length === 0 ? "" : `, told REGION=${region.region}`}`;
  return [{ object: "Pods", good, remarks }, ...(pods.length === 0 ? [] : [judgeNodes(nodesOf(pods), looks, region)])];
}

/** In the order of their names, each once. */
export function nodesOf(pods: readonly ValueMap[]): readonly string[] {
  const names = pods.map((pod) => textAt(pod, ["spec", "nodeName"])).filter((name) => name !== "");
  return [...new Set(names)].toSorted().slice(0, NODES_READ_MAX);
}

function told(
  rule: ClusterRuleId,
  pods: readonly ValueMap[],
  words: (pod: ValueMap) => string | null,
): readonly Remark[] {
  const all = pods.flatMap((pod): readonly Remark[] => {
    const message = words(pod);
    return message === null ? [] : [{ rule, message: `${nameOf(pod)}: ${message}` }];
  });
  const [first, ...rest] = all;
  if (first === undefined || all.length <= TOLD_MAX) return all;
  return [{ rule, message: `${first.message} (and ${rest.length} more like it)` }];
}

function unscheduledWords(pod: ValueMap): string | null {
  const condition = conditionAt(pod, "PodScheduled");
  return condition?.["status"] === "False" ? textAt(condition, ["message"]) || "no node takes it" : null;
}

function imageWords(pod: ValueMap, { service }: Topology): string | null {
  const image = textAt(appContainer(pod["spec"]), ["image"]);
  return image === service.image ? null : `its image is ${image || "none"}, expected ${service.image}`;
}

function restartWords(pod: ValueMap): string | null {
  const restarts = restartsOf(pod);
  return restarts < RESTARTS_WORTH_A_NOTE || crashWords(pod) !== null ? null : `${restarts} restarts`;
}

function regionRemarks(pods: readonly ValueMap[], looks: Looks, region: Region): readonly Remark[] {
  const configMaps = objectsOf(looks, "configmaps");
  const wrong = told("CL-REGION", pods, (pod) => {
    const seen = toldRegion(pod, configMaps);
    if (seen.kind === "elsewhere") return null;
    if (seen.kind === "untold") return `no REGION, expected ${region.region}`;
    return seen.region === region.region ? null : `REGION=${seen.region}, expected ${region.region}`;
  });
  const unread = told("CL-NOT-READ", pods, (pod) => {
    const seen = toldRegion(pod, configMaps);
    return seen.kind === "elsewhere" ? `its REGION comes from ${seen.where}, which was not read` : null;
  });
  return [...wrong, ...unread];
}

function judgeNodes(names: readonly string[], looks: Looks, { region }: Region): Judged {
  const nodes = names.flatMap((name) => objectsOf(looks, nodeKey(name)));
  const labels = nodes.map((node) => ({
    node: nameOf(node),
    label: textAt(node, ["metadata", "labels", REGION_LABEL]),
  }));
  const strange = labels.filter(({ label }) => label !== "" && label !== region);
  const unread: readonly Remark[] =
    labels.some(({ label }) => label !== "") || names.length === 0
      ? []
      : [
          {
            rule: "CL-NODE-UNREAD",
            message: nodes.length === 0 ? "no node could be read" : `no node has the label ${REGION_LABEL}`,
          },
        ];
  const [first] = strange;
  const wrong: readonly Remark[] =
    first === undefined
      ? []
      : [
          {
            rule: "CL-NODE-REGION",
            message: `node ${first.node} is in ${first.label}, expected ${region} (${strange.length} of ${nodes.length} nodes)`,
          },
        ];
  return {
    object: "Nodes",
    good: nodes.length === 0 ? "not compared" : `${nodes.length} in ${region}`,
    remarks: [...wrong, ...unread],
  };
}
