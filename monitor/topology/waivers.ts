// The waivers of `monitor lint` and `monitor verify` that a topology holds, with their places. They are no part of the Topology: to waive a finding
// is no change of what is watched.
import * as z from "zod/mini";
import { pathKey } from "./path.ts";
import { FILE } from "./schema.ts";
import { readSource } from "./source.ts";

export interface Waiver {
  readonly id: string;
  /** Null: whatever the finding is about. */
  readonly subject: string | null;
  readonly reason: string;
  /** "2027-01-01", the last day on which it holds, in UTC. */
  readonly until: string;
  /** Counted from 1. */
  readonly line: number;
  readonly column: number;
}

/** Empty when the file has problems, which `parseTopology` tells: a waiver that is half wrong waives nothing. */
export function readWaivers(text: string, variables: Readonly<Record<string, string>>): readonly Waiver[] {
  const { tree } = readSource(text, variables);
  const parsed = tree === null ? null : z.safeParse(FILE, tree.value);
  if (tree === null || parsed === null || !parsed.success) return [];
  return parsed.data.lint.waivers.map((waiver, index) => {
    const spot = tree.spots.get(pathKey(["lint", "waivers", index]));
    return { ...waiver, line: spot?.value.line ?? 1, column: spot?.value.column ?? 1 };
  });
}
