// What the plans of all levers on clusters begin and end with: the way in, and a rehearsal by the API server itself, which
// tells of permission and admission before anything is changed.
import type { KubeApi, LiveObject } from "../node/kube-api.ts";
import type { Region, Topology } from "../topology/topology.ts";
import type { Reach } from "./reach.ts";
import type { KubeUndo, Spot } from "./spot.ts";

export type OpenedRegion =
  | { readonly kind: "open"; readonly api: KubeApi; readonly context: string; readonly region: Region }
  | { readonly kind: "refused"; readonly why: string };

/** The control plane of the federation, for the sake of one region. */
export async function openFederation(id: string, topology: Topology, reach: Reach): Promise<OpenedRegion> {
  const context = topology.federation?.context;
  if (context === undefined)
    return {
      kind: "refused",
      why: "the topology does not say by which context the federation's control plane is reached: federation.context",
    };
  return openAt(id, context, topology, reach);
}

/** The region's own cluster. */
export async function openMember(id: string, topology: Topology, reach: Reach): Promise<OpenedRegion> {
  return openAt(id, null, topology, reach);
}

async function openAt(id: string, context: string | null, topology: Topology, reach: Reach): Promise<OpenedRegion> {
  const region = topology.regions.find((one) => one.id === id);
  if (region === undefined) return { kind: "refused", why: `the topology has no region ${id}` };
  const way = context ?? region.cluster.context;
  const opened = await reach.openKube(way);
  if (opened.kind === "failed") return { kind: "refused", why: opened.detail };
  return { kind: "open", api: opened.api, context: way, region };
}

/** Null: the server would do it. */
export async function rehearsed<U extends KubeUndo>(
  api: KubeApi,
  spot: Spot<U>,
  undo: U,
  object: LiveObject,
): Promise<string | null> {
  const reply = await api.patch(spot.ref(undo), spot.change(object, undo, "during"), "rehearse");
  return reply.kind === "reply" ? null : reply.failure.detail;
}
