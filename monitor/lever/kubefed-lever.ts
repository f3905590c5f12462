// No replicas in one member cluster, by the host's own override: then it is what KubeFed wants, and nothing puts it back in
// ten seconds as it does with every change on the member itself.
import * as z from "zod";
import type { LeverWish } from "../drill/lever-wish.ts";
import type { KubeApi, LiveObject } from "../node/kube-api.ts";
import { namespaceOf } from "../render/names.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { FEDERATED_DEPLOYMENTS, KUBEFED_SPOT, placeOf, REPLICAS_PATH } from "./kubefed-spot.ts";
import { type LeverPlan, refused } from "./lever.ts";
import { openFederation, rehearsed } from "./kube-plan.ts";
import type { Reach } from "./reach.ts";
import { gitOpsWarnings } from "./spot.ts";
import type { UndoOf } from "./undo.ts";

export type KubefedWish = Extract<LeverWish, { readonly lever: "kubefed-replicas" }>;
type KubefedUndo = UndoOf<"kubefed-replicas">;

const PREFERENCES = {
  group: "scheduling.kubefed.io",
  version: "v1alpha1",
  plural: "replicaschedulingpreferences",
} as const;

export async function planKubefed(wish: KubefedWish, topology: Topology, reach: Reach): Promise<LeverPlan> {
  const opened = await openFederation(wish.region, topology, reach);
  if (opened.kind === "refused") return refused(opened.why);
  const { api, context, region } = opened;
  const ref = { ...FEDERATED_DEPLOYMENTS, namespace: namespaceOf(topology), name: topology.service.name };
  const read = await api.read(ref);
  if (read.kind === "failed") return refused(read.failure.detail);
  const why = [...reasonsIn(read.value, region), ...(await reasonsOfPreference(api, ref))];
  if (why.length > 0) return refused(...why);
  const undo = undoFor(read.value, region, { context, server: api.server, namespace: ref.namespace, name: ref.name });
  const rehearsal = await rehearsed(api, KUBEFED_SPOT, undo, read.value);
  if (rehearsal !== null) return refused(rehearsal);
  const from = undo.before === null ? "none" : String(undo.before);
  return {
    kind: "ready",
    steps: [
      `at the context ${context}, in FederatedDeployment ${ref.namespace}/${ref.name}, set the override ${REPLICAS_PATH} for ${undo.cluster} to 0 (now ${from}): KubeFed stops every Pod there`,
    ],
    warnings: gitOpsWarnings(read.value),
    undo,
    expiresBy: null,
  };
}

type Where = Pick<KubefedUndo, "context" | "server" | "namespace" | "name">;

function undoFor(object: LiveObject, region: Region, where: Where): KubefedUndo {
  const cluster = region.cluster.context;
  const place = placeOf(object, cluster);
  const added = place.kind === "missing" ? place.what : "nothing";
  const before = place.kind === "there" && typeof place.value === "number" ? place.value : null;
  return { lever: "kubefed-replicas", ...where, cluster, added, before };
}

const STATUS = z.looseObject({
  observedGeneration: z.optional(z.int()),
  conditions: z.nullish(
    z.array(z.looseObject({ type: z.string(), status: z.string(), reason: z.optional(z.string()) })),
  ),
  clusters: z.nullish(z.array(z.looseObject({ name: z.string(), status: z.optional(z.string()) }))),
});
const SPEC = z.looseObject({
  placement: z.optional(z.looseObject({ clusters: z.optional(z.array(z.looseObject({ name: z.string() }))) })),
  retainReplicas: z.optional(z.boolean()),
});

function reasonsIn(object: LiveObject, region: Region): readonly string[] {
  const cluster = region.cluster.context;
  const status = STATUS.safeParse(object.status ?? {});
  const spec = SPEC.safeParse(object.spec ?? {});
  if (!status.success || !spec.success)
    return [`FederatedDeployment ${object.metadata.name} is not as KubeFed v0.10 writes it`];
  const why: string[] = [];
  if (object.metadata.deletionTimestamp !== undefined)
    why.push(`FederatedDeployment ${object.metadata.name} is being deleted`);
  const placed = spec.data.placement?.clusters ?? status.data.clusters ?? [];
  if (!placed.some(({ name }) => name === cluster))
    why.push(`it is not placed in ${cluster}, so an override there does nothing`);
  return [...why, ...reasonsOfStatus(object, status.data, cluster), ...reasonsOfPlace(object, cluster, spec.data)];
}

/** KubeFed acts on nothing that it has not seen, and an unready cluster keeps what it has. */
function reasonsOfStatus(object: LiveObject, status: z.infer<typeof STATUS>, cluster: string): readonly string[] {
  if (status.observedGeneration !== object.metadata.generation)
    return [`KubeFed has not yet seen generation ${object.metadata.generation ?? "?"} of it: does its controller run?`];
  const propagation = status.conditions?.find(({ type }) => type === "Propagation");
  const member = status.clusters?.find(({ name }) => name === cluster)?.status ?? "";
  if (member !== "") return [`KubeFed says ${member} of ${cluster}, so nothing would reach it`];
  if (propagation?.status === "True") return [];
  return [`its condition Propagation is ${propagation?.status ?? "not there"} (${propagation?.reason ?? "no reason"})`];
}

function reasonsOfPlace(object: LiveObject, cluster: string, spec: z.infer<typeof SPEC>): readonly string[] {
  const place = placeOf(object, cluster);
  switch (place.kind) {
    case "unclear":
      return [place.why];
    case "missing":
      // What retains replicas keeps the 0 when the override has gone again.
      return spec.retainReplicas === true
        ? [`it has retainReplicas and no override of ${REPLICAS_PATH} for ${cluster}: 0 would stay there for good`]
        : [];
    case "there":
      if (place.op === "remove" || typeof place.value !== "number")
        return [`its override of ${REPLICAS_PATH} for ${cluster} is no number that could be put back`];
      return place.value > 0 ? [] : [`its override of ${REPLICAS_PATH} for ${cluster} is 0 already: left by a drill?`];
  }
}

/** A preference writes the same overrides, and puts back what it wants. */
async function reasonsOfPreference(
  api: KubeApi,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<readonly string[]> {
  const read = await api.read({ ...PREFERENCES, namespace, name });
  if (read.kind === "reply")
    return [`ReplicaSchedulingPreference ${namespace}/${name} decides on replicas and would revert the override`];
  if (read.failure.cause === "no-object" || read.failure.cause === "no-kind") return [];
  return [`whether a ReplicaSchedulingPreference would revert the override is not known: ${read.failure.detail}`];
}
