// The federation's host, whichever federation it is.
import { unreachable } from "../problem.ts";
import type { RegionBy } from "../render/manifest.ts";
import type { Topology } from "../topology/topology.ts";
import { judgeKarmada } from "./judge-karmada.ts";
import { judgeKubefed } from "./judge-kubefed.ts";
import { judgeClosed, judgeUnread } from "./judge-member.ts";
import type { Judged, JudgedCluster } from "./judged.ts";
import type { ClusterReading, Looks } from "./sight.ts";
import type { Federation } from "./wish.ts";

export interface HostSight {
  readonly context: string;
  readonly reading: ClusterReading;
}

export function judgeHost(
  topology: Topology,
  { context, reading }: HostSight,
  via: Federation,
  regionBy: RegionBy,
): JudgedCluster {
  if (reading.kind === "closed") return { context, region: null, objects: [judgeClosed(reading)] };
  const { looks } = reading;
  return { context, region: null, objects: [...judgeUnread(looks), ...judgeVia(looks, topology, via, regionBy)] };
}

function judgeVia(looks: Looks, topology: Topology, via: Federation, regionBy: RegionBy): readonly Judged[] {
  switch (via) {
    case "plain":
      return [];
    case "kubefed":
      return judgeKubefed(looks, topology, regionBy);
    case "karmada":
      return judgeKarmada(looks, topology, regionBy);
    default:
      return unreachable(via);
  }
}
