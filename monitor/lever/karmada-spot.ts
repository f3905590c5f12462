// The override of `/spec/replicas` for one cluster in Karmada's override policies. Several policies may speak of one object
// and the order in which they win is not written down, so exactly one rule of exactly this cluster is looked for.
import * as z from "zod";
import type { LiveObject, PatchStep } from "../node/kube-api.ts";
import { REPLICAS_PATH } from "./kubefed-spot.ts";
import type { Spot } from "./spot.ts";
import type { UndoOf } from "./undo.ts";

type KarmadaUndo = UndoOf<"karmada-replicas">;

export const POLICY_GROUP = { group: "policy.karmada.io", version: "v1alpha1" } as const;
export const OVERRIDE_POLICIES = { ...POLICY_GROUP, plural: "overridepolicies" } as const;

const SELECTOR = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.optional(z.string()),
});
const CHANGE = z.looseObject({ path: z.string(), operator: z.string(), value: z.optional(z.unknown()) });
const RULE = z.looseObject({
  targetCluster: z.optional(z.looseObject({ clusterNames: z.optional(z.array(z.string())) })),
  overriders: z.looseObject({ plaintext: z.optional(z.array(CHANGE)) }),
});
const SPEC = z.looseObject({
  resourceSelectors: z.optional(z.array(SELECTOR)),
  overrideRules: z.optional(z.array(RULE)),
});

/** One change of replicas, and for whom. */
export interface ReplicaRule {
  readonly policy: string;
  readonly rule: number;
  readonly index: number;
  readonly operator: string;
  readonly value: unknown;
  /** Null: by labels or fields, or for all. */
  readonly clusters: readonly string[] | null;
}

/** Of a Deployment, in the policy's order. */
export function replicaRules(policy: LiveObject, deployment: string): readonly ReplicaRule[] {
  const spec = SPEC.safeParse(policy.spec ?? {});
  if (!spec.success || !selects(spec.data.resourceSelectors, deployment)) return [];
  return (spec.data.overrideRules ?? []).flatMap(({ targetCluster, overriders }, rule) =>
    (overriders.plaintext ?? []).flatMap(({ path, operator, value }, index) =>
      path === REPLICAS_PATH
        ? [
            {
              policy: policy.metadata.name,
              rule,
              index,
              operator,
              value,
              clusters: targetCluster?.clusterNames ?? null,
            },
          ]
        : [],
    ),
  );
}

/** Without selectors a policy is for everything in its namespace. */
export function selects(selectors: readonly z.infer<typeof SELECTOR>[] | undefined, deployment: string): boolean {
  return (
    selectors === undefined ||
    selectors.some((one) => one.kind === "Deployment" && (one.name === undefined || one.name === deployment))
  );
}

export const KARMADA_SPOT: Spot<KarmadaUndo> = {
  ref: ({ namespace, policy }) => ({ ...OVERRIDE_POLICIES, namespace, name: policy }),
  name: ({ cluster }) => `the override of replicas for ${cluster}`,
  standing: (object, undo) => {
    const found = ruleOf(object, undo);
    if (found === null) return { kind: "other", detail: "its rule is gone, or there are several" };
    if (found.value === 0) return { kind: "during" };
    return found.value === undo.before
      ? { kind: "before" }
      : { kind: "other", detail: `it is ${JSON.stringify(found.value)}` };
  },
  change: (object, undo, to): readonly PatchStep[] => {
    const found = ruleOf(object, undo);
    if (found === null) return [];
    const rule = `/spec/overrideRules/${found.rule}`;
    const change = `${rule}/overriders/plaintext/${found.index}`;
    return [
      { op: "test", path: `${rule}/targetCluster/clusterNames`, value: found.clusters },
      { op: "test", path: `${change}/path`, value: REPLICAS_PATH },
      { op: "test", path: `${change}/value`, value: found.value },
      { op: "replace", path: `${change}/value`, value: to === "during" ? 0 : undo.before },
    ];
  },
  byHand: ({ context, namespace, policy, cluster, before }) => [
    `kubectl --context ${context} -n ${namespace} edit overridepolicy ${policy}   # the rule for ${cluster}: ${REPLICAS_PATH} back to ${before}`,
  ],
};

/** Null: there is not exactly one. */
function ruleOf(object: LiveObject, { deployment, cluster }: KarmadaUndo): ReplicaRule | null {
  const rules = replicaRules(object, deployment).filter(({ clusters }) => clusters?.includes(cluster) === true);
  const [rule, second] = rules;
  return rule === undefined || second !== undefined ? null : rule;
}
