// No replicas in one member cluster of Karmada, by the override policy that gives that cluster its number: Karmada itself
// then wants none there, where a change on the member would be taken back.
import * as z from "zod";
import type { LeverWish } from "../drill/lever-wish.ts";
import type { KubeApi } from "../node/kube-api.ts";
import { namespaceOf } from "../render/names.ts";
import type { Topology } from "../topology/topology.ts";
import {
  KARMADA_SPOT,
  OVERRIDE_POLICIES,
  POLICY_GROUP,
  type ReplicaRule,
  replicaRules,
  selects,
} from "./karmada-spot.ts";
import { openFederation, rehearsed } from "./kube-plan.ts";
import { REPLICAS_PATH } from "./kubefed-spot.ts";
import { type LeverPlan, refused } from "./lever.ts";
import type { Reach } from "./reach.ts";
import { gitOpsWarnings } from "./spot.ts";
import type { UndoOf } from "./undo.ts";

export type KarmadaWish = Extract<LeverWish, { readonly lever: "karmada-replicas" }>;

const DEPLOYMENTS = { group: "apps", version: "v1", plural: "deployments" } as const;
const PROPAGATION_POLICIES = { ...POLICY_GROUP, plural: "propagationpolicies" } as const;
const RETAIN_LABEL = "resourcetemplate.karmada.io/retain-replicas";

export async function planKarmada(wish: KarmadaWish, topology: Topology, reach: Reach): Promise<LeverPlan> {
  const opened = await openFederation(wish.region, topology, reach);
  if (opened.kind === "refused") return refused(opened.why);
  const { api, context, region } = opened;
  const cluster = region.cluster.context;
  const place = { namespace: namespaceOf(topology), name: topology.service.name };
  const listed = await api.list(OVERRIDE_POLICIES, place.namespace);
  if (listed.kind === "failed") return refused(listed.failure.detail);
  const rules = listed.value.flatMap((policy) => replicaRules(policy, place.name));
  const choice = chooseRule(rules, cluster);
  const why = [...("why" in choice ? [choice.why] : []), ...(await reasonsAround(api, place, cluster))];
  if ("why" in choice || why.length > 0) return refused(...why);
  const { policy, before } = choice;
  const undo: UndoOf<"karmada-replicas"> = {
    lever: "karmada-replicas",
    context,
    server: api.server,
    namespace: place.namespace,
    policy,
    deployment: place.name,
    cluster,
    before,
  };
  // As apply and rollback read it, who may need a right of their own for that.
  const read = await api.read(KARMADA_SPOT.ref(undo));
  if (read.kind === "failed") return refused(read.failure.detail);
  const object = read.value;
  const rehearsal = await rehearsed(api, KARMADA_SPOT, undo, object);
  if (rehearsal !== null) return refused(rehearsal);
  return {
    kind: "ready",
    steps: [
      `at the context ${context}, in OverridePolicy ${place.namespace}/${policy}, set ${REPLICAS_PATH} for ${cluster} to 0 (now ${before}): Karmada stops every Pod there`,
    ],
    warnings: gitOpsWarnings(object),
    undo,
    expiresBy: null,
  };
}

function chooseRule(
  rules: readonly ReplicaRule[],
  cluster: string,
): { readonly policy: string; readonly before: number } | { readonly why: string } {
  const fitting = rules.filter(({ clusters }) => clusters === null || clusters.includes(cluster));
  const [rule, second] = fitting;
  if (rule === undefined)
    return { why: `no OverridePolicy sets ${REPLICAS_PATH} for ${cluster}: \`monitor render karmada\` makes one` };
  if (second !== undefined)
    return {
      why: `${rule.policy} and ${second.policy} both set ${REPLICAS_PATH} for ${cluster}: which one wins is not said`,
    };
  if (rule.clusters?.length !== 1)
    return { why: `the rule in ${rule.policy} is not for ${cluster} alone: 0 would stop other clusters too` };
  if (rule.operator !== "replace" || typeof rule.value !== "number")
    return { why: `the rule in ${rule.policy} does not replace ${REPLICAS_PATH} by a number that could be put back` };
  if (rule.value <= 0) return { why: `the rule in ${rule.policy} is at ${rule.value} already: left by a drill?` };
  return { policy: rule.policy, before: rule.value };
}

const PROPAGATION = z.looseObject({
  resourceSelectors: z.optional(
    z.array(z.looseObject({ apiVersion: z.string(), kind: z.string(), name: z.optional(z.string()) })),
  ),
  suspension: z.optional(
    z.looseObject({
      dispatching: z.optional(z.boolean()),
      dispatchingOnClusters: z.optional(z.looseObject({ clusterNames: z.optional(z.array(z.string())) })),
    }),
  ),
});

/** What would keep the override from reaching the Pods. */
async function reasonsAround(
  api: KubeApi,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  cluster: string,
): Promise<readonly string[]> {
  const read = await api.read({ ...DEPLOYMENTS, namespace, name });
  if (read.kind === "failed") return [read.failure.detail];
  const why: string[] = [];
  if (read.value.metadata.labels?.[RETAIN_LABEL] === "true")
    why.push(
      `Deployment ${namespace}/${name} has ${RETAIN_LABEL}: members keep their own replicas, whatever the override says`,
    );
  const policies = await api.list(PROPAGATION_POLICIES, namespace);
  if (policies.kind === "failed") return [...why, policies.failure.detail];
  for (const policy of policies.value) {
    const spec = PROPAGATION.safeParse(policy.spec ?? {});
    if (!spec.success || !selects(spec.data.resourceSelectors, name)) continue;
    const { dispatching, dispatchingOnClusters } = spec.data.suspension ?? {};
    if (dispatching === true || dispatchingOnClusters?.clusterNames?.includes(cluster) === true)
      why.push(
        `PropagationPolicy ${namespace}/${policy.metadata.name} is suspended for ${cluster}, so nothing would reach it`,
      );
  }
  return why;
}
