// One member cluster against the topology: everything that the manifests hold is there and as rendered, the Pods run, the
// Service leads to them, and what answers outside is one of them.
import type { Observation } from "../model/observation.ts";
import type { RegionBy } from "../render/manifest.ts";
import type { Instant } from "../time.ts";
import { mapAt, textAt, type ValueMap } from "../topology/loose-value.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { driftRemarks } from "./drift.ts";
import { judgeClaimAgainstPods } from "./judge-claim.ts";
import { deploymentWords, isDeploymentsOwn, judgeDeployment } from "./judge-deployment.ts";
import { judgeIstio } from "./judge-istio.ts";
import { judgePods } from "./judge-pods.ts";
import { judgeEndpoints, judgeQuota } from "./judge-surroundings.ts";
import type { Judged, JudgedCluster, Remark } from "./judged.ts";
import { objectName, presenceOf } from "./presence.ts";
import type { ClusterRuleId } from "./rules.ts";
import { type ClusterReading, type Looks, objectsOf } from "./sight.ts";
import { memberObjects, NAMESPACES, NODES } from "./wish.ts";

export interface MemberSight {
  readonly region: Region;
  readonly reading: ClusterReading;
  /** Null: nobody looked at the endpoint. */
  readonly look: Observation | null;
}

export function judgeMember(topology: Topology, sight: MemberSight, regionBy: RegionBy, at: Instant): JudgedCluster {
  const { region, reading } = sight;
  const head = { context: region.cluster.context, region: region.id };
  const looks = reading.kind === "read" ? reading.looks : {};
  const claims = sight.look === null ? [] : [judgeClaimAgainstPods(region, sight.look, looks, at)];
  if (reading.kind === "closed") return { ...head, objects: [judgeClosed(reading), ...claims] };
  const namespace = objectsOf(looks, NAMESPACES)[0];
  const unread = judgeUnread(looks);
  if (looks[NAMESPACES]?.kind === "seen" && namespace === undefined) {
    const object = `Namespace ${topology.service.name}`;
    const remarks: readonly Remark[] = [{ rule: "CL-MISSING", message: "it is not there, so nothing else is" }];
    return { ...head, objects: [...unread, { object, good: "", remarks }, ...claims] };
  }
  const expected = memberObjects(topology, region, regionBy);
  return {
    ...head,
    objects: [
      ...unread,
      ...expected.flatMap((object) => judgeObject(object, looks, topology, region)),
      ...judgePods(looks, topology, region),
      ...judgeIstio(looks, topology),
      ...claims,
    ],
  };
}

const CLOSED: Readonly<Record<Extract<ClusterReading, { kind: "closed" }>["cause"], ClusterRuleId>> = {
  context: "CL-CONTEXT",
  credentials: "CL-CREDENTIALS",
  unreachable: "CL-UNREACHABLE",
};

export function judgeClosed({ cause, detail }: Extract<ClusterReading, { kind: "closed" }>): Judged {
  return { object: "API server", good: "", remarks: [{ rule: CLOSED[cause], message: detail }] };
}

/** Kinds that the user may not read, or whose lists came to nothing; nodes are judged with the Pods. */
export function judgeUnread(looks: Looks): readonly Judged[] {
  return Object.entries(looks).flatMap(([key, look]): readonly Judged[] => {
    if (look.kind === "seen" || look.kind === "no-kind" || key.startsWith(`${NODES}/`)) return [];
    const rule = look.kind === "forbidden" ? "CL-RBAC" : "CL-NOT-READ";
    return [{ object: key, good: "", remarks: [{ rule, message: look.detail }] }];
  });
}

/** Presence, what is special of its kind, and drift: labels, data and specification. */
function judgeObject(expected: ValueMap, looks: Looks, topology: Topology, region: Region): readonly Judged[] {
  const kind = textAt(expected, ["kind"]);
  const presence = presenceOf(expected, looks);
  if (presence.kind === "absent") return presence.judged;
  const { live, leaving } = presence;
  const special = ofKind(kind, live, looks, topology, region);
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...body } = expected;
  const wanted = { ...body, metadata: { labels: mapAt(expected, ["metadata", "labels"]) } };
  const drifts = driftRemarks(wanted, live, null, (path) => hasOwnRule(kind, path));
  return [{ object: objectName(expected), good: special.good, remarks: [...leaving, ...special.remarks, ...drifts] }];
}

function hasOwnRule(kind: string, path: string): boolean {
  return kind === "Deployment" ? isDeploymentsOwn(path) : kind === "ConfigMap" && path === "data.REGION";
}

function ofKind(
  kind: string,
  live: ValueMap,
  looks: Looks,
  topology: Topology,
  region: Region,
): { readonly good: string; readonly remarks: readonly Remark[] } {
  switch (kind) {
    case "Deployment":
      return { good: deploymentWords(live), remarks: judgeDeployment(live, topology, region) };
    case "Service": {
      const { remarks, ready } = judgeEndpoints(looks);
      return { good: ready === null ? "as rendered" : `${ready} ready endpoints`, remarks };
    }
    case "ResourceQuota":
      return { good: "as rendered, with room for a rollout", remarks: judgeQuota(live) };
    case "ConfigMap":
      return { good: `REGION=${textAt(live, ["data", "REGION"])}`, remarks: configMapRemarks(live, region) };
    case "Namespace":
      return { good: textAt(live, ["status", "phase"]) || "as rendered", remarks: [] };
    default:
      return { good: "as rendered", remarks: [] };
  }
}

function configMapRemarks(live: ValueMap, { region }: Region): readonly Remark[] {
  const told = textAt(live, ["data", "REGION"]);
  return told === region ? [] : [{ rule: "CL-REGION", message: `REGION=${told || "nothing"}, expected ${region}` }];
}
