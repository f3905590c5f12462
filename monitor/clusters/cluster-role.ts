// The ClusterRole that is enough for `monitor verify` and `monitor discover`: made of what they ask for, so it is neither more
// nor less. It only reads, and no secrets.
import type { RegionBy } from "../render/manifest.ts";
import type { Topology } from "../topology/topology.ts";
import { entranceWishes, type Federation, hostWishes, keyOf, memberWishes, nodeWish, type Wish } from "./wish.ts";

export const CLUSTER_ROLE = "multicloud-probe-verify";

export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly ("get" | "list")[];
}

/** By API group and verbs; resources in the order of the alphabet. */
export function rulesFor(wishes: readonly Wish[]): readonly PolicyRule[] {
  const resources = new Map<string, Pick<Wish, "group" | "plural"> & { readonly verbs: Set<"get" | "list"> }>();
  for (const { group, plural, name } of wishes) {
    const key = keyOf(group, plural);
    const known = resources.get(key) ?? { group, plural, verbs: new Set() };
    known.verbs.add(name === null ? "list" : "get");
    resources.set(key, known);
  }
  const rules = new Map<
    string,
    { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: ("get" | "list")[] }
  >();
  for (const { group, plural, verbs } of [...resources.values()].toSorted((a, b) => (a.plural < b.plural ? -1 : 1))) {
    const list = [...verbs].toSorted();
    const key = `${group} ${list.join()}`;
    const rule = rules.get(key) ?? { apiGroups: [group], resources: [], verbs: list };
    rule.resources.push(plural);
    rules.set(key, rule);
  }
  return [...rules].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, rule]) => rule);
}

/** For the members, and for the host as well where there is one. */
export function clusterRoleFor(topology: Topology, via: Federation, regionBy: RegionBy): object {
  const wishes = [
    ...memberWishes(topology, regionBy),
    ...entranceWishes(topology),
    nodeWish("any"),
    ...hostWishes(topology, via, regionBy),
  ];
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: CLUSTER_ROLE },
    rules: rulesFor(wishes),
  };
}
