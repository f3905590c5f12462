// What the topology waives of what is wrong in clusters: for all of them, or for one that the waiver's subject names.
import { type PlacedWaiver, type Waivable, waiverFindings, waiverOf } from "../lint/waiver-rules.ts";
import type { Finding } from "../model/finding.ts";
import type { Instant } from "../time.ts";
import type { Judged, JudgedCluster, Remark } from "./judged.ts";
import { CLUSTER_RULES } from "./rules.ts";

export interface WaivedClusters {
  readonly clusters: readonly JudgedCluster[];
  /** About the waivers themselves, in their order. */
  readonly findings: readonly Finding[];
}

export function waiveClusters(
  clusters: readonly JudgedCluster[],
  waivers: readonly PlacedWaiver[],
  at: Instant,
): WaivedClusters {
  const waiveRemark = (remark: Remark, judged: Judged, context: string): Remark => {
    const waiver = waiverOf(waivable(remark, judged, context), waivers, at);
    return waiver === null ? remark : { ...remark, waiver };
  };
  const all = clusters.flatMap(({ context, objects }) =>
    objects.flatMap((judged) => judged.remarks.map((remark) => waivable(remark, judged, context))),
  );
  return {
    clusters: clusters.map((cluster) => ({
      ...cluster,
      objects: cluster.objects.map((judged) => ({
        ...judged,
        remarks: judged.remarks.map((remark) => waiveRemark(remark, judged, cluster.context)),
      })),
    })),
    findings: waiverFindings(all, waivers, Object.keys(CLUSTER_RULES), at),
  };
}

/** "Deployment demo" in every cluster, or "Deployment demo in CONTEXT". */
function waivable({ rule }: Remark, { object }: Judged, context: string): Waivable {
  return { id: rule, subjects: [object, `${object} in ${context}`] };
}
