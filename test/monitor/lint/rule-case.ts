// One rule's cases: the edit that breaks it, and the nearest one that does not.
import type { Edit } from "./manifests.ts";

export interface RuleCase {
  readonly rule: string;
  /** Of the manifests; each place where the rule speaks is marked "#!". */
  readonly bad: readonly Edit[];
  readonly good: readonly Edit[];
  /** Of the topology; null: there is none. Left out: the topology as it is. */
  readonly badTopology?: readonly Edit[] | null;
  readonly goodTopology?: readonly Edit[] | null;
  /** Part of the message. */
  readonly says?: string;
}

/** Puts `text` behind all that is there. */
export function appended(text: string): readonly Edit[] {
  return [["          targetPort: http\n", `          targetPort: http\n---\n${text}\n`]];
}

export function plain(kind: string, apiVersion: string, name: string, spec: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: demo\n${spec}`;
}
