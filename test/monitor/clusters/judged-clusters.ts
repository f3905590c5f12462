// Clusters in which all is well but for one change, as the judge gets them, without any API server.
import { judgeHost } from "../../../monitor/clusters/judge-host.ts";
import { judgeMember } from "../../../monitor/clusters/judge-member.ts";
import type { JudgedCluster } from "../../../monitor/clusters/judged.ts";
import type { ClusterRuleId } from "../../../monitor/clusters/rules.ts";
import type { ClusterReading, Look } from "../../../monitor/clusters/sight.ts";
import { hostWishes, memberWishes } from "../../../monitor/clusters/wish.ts";
import type { Observation } from "../../../monitor/model/observation.ts";
import type { VerdictKind } from "../../../monitor/model/verdict.ts";
import type { PatchStep } from "../../../monitor/node/kube-api.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { applyPatch } from "../../support/json-patch.ts";
import { hostShelf, memberShelf, podAddress, podName, type Shelf } from "../../support/member-world.ts";

export const AT = Date.parse("2026-11-28T12:00:00Z");
const FED = { ...EXAMPLE, federation: { context: "host" } };

export const CLAIM = {
  region: AWS.region,
  hostname: podName(EXAMPLE, 0),
  podIP: podAddress(AWS, 0),
  cluster: AWS.cluster.context,
  version: "1.0.0",
  time: AT,
};
export const SEEN: Observation = {
  region: AWS.id,
  vantage: "here",
  at: AT,
  status: 200,
  phases: {},
  totalMs: 12,
  failure: null,
  claim: CLAIM,
};

/** As the reader would have it; nodes by name. */
export function readingOf(
  shelf: Shelf,
  wishes: readonly { readonly key: string; readonly name: string | null }[],
): ClusterReading {
  const lists = wishes.map(({ key, name }): [string, Look] => {
    const objects = (shelf[key] ?? []).filter((one) => name === null || one.metadata.name === name);
    return [key, { kind: "seen", objects: objects as never }];
  });
  const nodes = (shelf["nodes"] ?? []).map((one): [string, Look] => [
    `nodes/${one.metadata.name}`,
    { kind: "seen", objects: [one] as never },
  ]);
  return { kind: "read", looks: Object.fromEntries([...lists, ...nodes]) };
}

export interface Change {
  /** Patches to the first object of a kind. */
  readonly edit?: Readonly<Record<string, readonly PatchStep[]>>;
  readonly remove?: readonly string[];
  readonly looks?: Readonly<Record<string, Look>>;
  readonly claim?: Partial<typeof CLAIM>;
}

function changed(shelf: Shelf, { edit = {}, remove = [] }: Change): Shelf {
  const next = { ...shelf };
  for (const [key, steps] of Object.entries(edit)) {
    const [first, ...rest] = next[key] ?? [];
    if (first === undefined) throw new Error(`no ${key}`);
    next[key] = [applyPatch(first, steps), ...rest];
  }
  for (const key of remove) next[key] = [];
  return next;
}

export function member(change: Change = {}): JudgedCluster {
  const reading = readingOf(changed(memberShelf(EXAMPLE, AWS), change), memberWishes(EXAMPLE, "configmap"));
  const looks = reading.kind === "read" ? { ...reading.looks, ...change.looks } : {};
  const look = { ...SEEN, claim: { ...CLAIM, ...change.claim } };
  return judgeMember(EXAMPLE, { region: AWS, reading: { kind: "read", looks }, look }, "configmap", AT);
}

export function host(via: "kubefed" | "karmada", change: Change = {}): JudgedCluster {
  const reading = readingOf(changed(hostShelf(FED, via), change), hostWishes(FED, via, "configmap"));
  const looks = reading.kind === "read" ? { ...reading.looks, ...change.looks } : {};
  return judgeHost(FED, { context: "host", reading: { kind: "read", looks } }, via, "configmap");
}

/** An entry of a list is replaced, and "-" is one more. */
export const put = (path: string, value: unknown): PatchStep => ({
  op: /\/\d+$/.test(path) ? "replace" : "add",
  path,
  value,
});
export const drop = (path: string): PatchStep => ({ op: "remove", path });

export interface Row {
  readonly name: string;
  readonly change: Change;
  readonly rule: ClusterRuleId;
  readonly message: RegExp;
  readonly verdict: VerdictKind;
}
