// Finds values that stand in two places where each may stand once, and ids under which nothing can be kept.
import { formatPath, type Path } from "./path.ts";
import type { Breach } from "./wording.ts";

export interface Standing {
  readonly path: Path;
  /** Undefined: the field is wrong by itself and is left out. */
  readonly value: string | undefined;
}

/** The one word of our form that every object already has: what is kept by id would be found where nothing was kept. */
const TAKEN_ID = "constructor";

export function takenIds(standings: readonly Standing[]): readonly Breach[] {
  return standings
    .filter(({ value }) => value === TAKEN_ID)
    .map(({ path }) => ({ path, expected: `an id other than ${TAKEN_ID}` }));
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
