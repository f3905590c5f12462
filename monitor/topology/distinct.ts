// Finds values that stand in two places where each may stand once.
import { formatPath, type Path } from "./path.ts";
import type { Breach } from "./wording.ts";

export interface Standing {
  readonly path: Path;
  /** Undefined: the field is wrong by itself and is left out. */
  readonly value: string | undefined;
}

/** One breach for each later place, naming the first one. */
export function repeated(standings: readonly Standing[], expected: string): readonly Breach[] {
  const first = new Map<string, Path>();
  return standings.flatMap(({ path, value }): Breach[] => {
    if (value === undefined) return [];
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, path);
    return earlier === undefined ? [] : [{ path, expected: `${expected} (${formatPath(earlier)} has it already)` }];
  });
}
