// What KubeFed v0.10.0 makes of federated objects: one pass of its sync controller over all members, as a value. Lint asks
// it what each cluster would get; verification compares that with what is there
// [SRC kubefed:pkg/controller/sync/controller.go, accessor.go].
import type { FederatedKind } from "./federation-kinds.ts";
import { absentOutcome, type Federation, isNamed, type MemberOutcome, placedOutcome } from "./federation-outcome.ts";
import { namespacedPlacement, placementOf } from "./federation-placement.ts";
import { conditionOf, type PropagationCondition } from "./federation-status.ts";
import { textAt } from "./federation-value.ts";

/** A FederatedNamespace of one of these is ignored. */
export const SYSTEM_NAMESPACES: readonly string[] = ["kube-system", "kube-public", "default", "kube-federation-system"];

export interface Propagation {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Why KubeFed does not look at the object at all; null when it does. */
  readonly ignored: string | null;
  /** Null when ignored: nothing is written. */
  readonly condition: PropagationCondition | null;
  /** Where something happened or should have, in the order of the members. */
  readonly members: readonly MemberOutcome[];
}

/** One for each federated object, in their order; other objects are passed over. */
export function expectPropagation(objects: readonly unknown[], federation: Federation): readonly Propagation[] {
  return objects.flatMap((object) => {
    const kind = federation.kinds.find(({ federatedKind }) => federatedKind === textAt(object, ["kind"]));
    return kind === undefined ? [] : [propagateOne(object, kind, objects, federation)];
  });
}

function propagateOne(
  object: unknown,
  kind: FederatedKind,
  objects: readonly unknown[],
  federation: Federation,
): Propagation {
  const namespace = textAt(object, ["metadata", "namespace"]);
  const name = textAt(object, ["metadata", "name"]);
  const head = { kind: kind.federatedKind, namespace, name };
  const ignored = kind.kind === "Namespace" ? ignoredNamespace(namespace, name) : null;
  if (ignored !== null) return { ...head, ignored, condition: null, members: [] };
  const around = objects.find(
    (other) => textAt(other, ["kind"]) === "FederatedNamespace" && isNamed(other, namespace, namespace),
  );
  const placement = kind.namespaced
    ? namespacedPlacement(object, around ?? null, federation.members)
    : placementOf(object, federation.members);
  if (!placement.ok)
    return { ...head, ignored: null, condition: conditionOf("ComputePlacementFailed", []), members: [] };
  const members = federation.members.flatMap((member) => {
    const outcome = placement.value.includes(member.name)
      ? placedOutcome(object, kind, member, federation)
      : absentOutcome(object, kind, member, federation);
    return outcome === null ? [] : [outcome];
  });
  const reason = kind.namespaced && around === undefined ? "NamespaceNotFederated" : "";
  const statuses = members.filter(({ action }) => action !== "unlabel").map(({ status }) => status);
  return { ...head, ignored: null, condition: conditionOf(reason, statuses), members };
}

function ignoredNamespace(namespace: string, name: string): string | null {
  if (SYSTEM_NAMESPACES.includes(name)) return `${name} is a system namespace`;
  return namespace === name
    ? null
    : "the name of a federated namespace must match the name of its containing namespace";
}
