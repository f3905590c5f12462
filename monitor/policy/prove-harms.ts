// What may go wrong in a tree of records, as harms to search for: each goal cut into parts, each of which says enough for most
// states to be left out at one look.
import type { Health } from "./health-check.ts";
import type { Cube, Harm } from "./prove-search.ts";
import { type Look, strandedIn } from "./prove-state.ts";
import { groupNames, type Leaf, type ProofTree } from "./prove-tree.ts";
import { gateInputs } from "./prove-watch.ts";

export const SEARCHED = ["no-stranding", "always-answers", "fail-open-only-when-all-down"] as const;
export type Searched = (typeof SEARCHED)[number];
/** Failing open is no breach by itself, but somebody wants to know when. */
export const GOALS = [...SEARCHED, "fails-open"] as const;
export type Goal = (typeof GOALS)[number];

export function isHarm(goal: Goal, look: Look): boolean {
  switch (goal) {
    case "no-stranding":
      return strandedIn(look).length > 0;
    case "always-answers":
      return look.empty;
    case "fail-open-only-when-all-down":
      return look.failsOpen && [...look.health.values()].includes("healthy");
    case "fails-open":
      return look.failsOpen;
  }
}

/** `look` may be asked the same again and again. */
export function harmsOf(goal: Goal, tree: ProofTree, look: (cube: Cube) => Look): readonly Harm[] {
  const keys = tree.inputs.map(({ key }) => key);
  const isHarmful = (down: readonly string[]): boolean => {
    const failed = new Set(down);
    return isHarm(goal, look({ down, up: keys.filter((key) => !failed.has(key)) }));
  };
  const plain = { isHarmful, about: [], order: keys };
  switch (goal) {
    case "always-answers":
      return [{ ...plain, canHarm: (cube) => look(cube).empty }];
    case "fails-open":
      return groupNames(tree).map((group) => ({ ...plain, canHarm: (cube) => look(cube).mayFailOpen.has(group) }));
    case "fail-open-only-when-all-down":
      return groupNames(tree).flatMap((group) =>
        witnesses(tree, null).map((alive): Harm => {
          const canHarm = (cube: Cube): boolean => {
            const seen = look(cube);
            return canBe(seen, alive, "healthy") && seen.mayFailOpen.has(group);
          };
          return { isHarmful, canHarm, about: keysOf(tree, alive), order: keys };
        }),
      );
    case "no-stranding":
      return tree.leaves
        .filter(({ blind }) => blind === null)
        .flatMap((dead) =>
          witnesses(tree, dead).map((alive): Harm => {
            const canHarm = (cube: Cube): boolean => {
              const seen = look(cube);
              return canBe(seen, dead, "unhealthy") && canBe(seen, alive, "healthy") && seen.answered.has(dead.key);
            };
            return {
              isHarmful,
              canHarm,
              about: [...keysOf(tree, dead), ...keysOf(tree, alive)],
              order: nearFirst(tree, dead),
            };
          }),
        );
  }
}

function canBe({ health }: Look, { key }: Leaf, wanted: Health): boolean {
  const seen = health.get(key);
  return seen === wanted || seen === "unknown";
}

/** Leaves whose life makes a breach of it: one of each that are watched alike, and one that lives for ever does for all. */
function witnesses({ leaves }: ProofTree, dead: Leaf | null): readonly Leaf[] {
  const immortal = leaves.find(({ blind }) => blind !== null);
  if (immortal !== undefined) return [immortal];
  const byWatch = new Map(leaves.filter((leaf) => leaf !== dead).map((leaf) => [JSON.stringify(leaf.watch), leaf]));
  if (dead !== null) byWatch.delete(JSON.stringify(dead.watch));
  return [...byWatch.values()];
}

export function keysOf({ checks }: ProofTree, { watch }: Leaf): readonly string[] {
  return watch.flatMap((gate) => gateInputs(checks, gate)).map(({ key }) => key);
}

/** The checks that share most of a leaf's way first: they decide whether it is answered. */
function nearFirst(tree: ProofTree, leaf: Leaf): readonly string[] {
  const shared = (other: Leaf): number => {
    const parting = leaf.route.findIndex((record, depth) => other.route[depth] !== record);
    return parting < 0 ? leaf.route.length : parting;
  };
  const near = tree.leaves.toSorted((a, b) => shared(b) - shared(a)).flatMap((other) => keysOf(tree, other));
  return [...new Set([...near, ...tree.inputs.map(({ key }) => key)])];
}
