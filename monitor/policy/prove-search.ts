// Which sets of failures do harm, the smallest of each: a search that leaves out, in one step, every state that cannot be harmful
// or that only adds failures to a harmful one. What is harmful is asked, never decided here.

/** Failures by name; what is in neither list is undecided. */
export interface Cube {
  readonly down: readonly string[];
  readonly up: readonly string[];
}

export interface Harm {
  /** Is the state harmful in which exactly these have failed? */
  readonly isHarmful: (down: readonly string[]) => boolean;
  /** False only when no state of the cube is harmful. */
  readonly canHarm: (cube: Cube) => boolean;
  /** What the harm is about: whether one of these must hold is asked first. */
  readonly about: readonly string[];
  /** The order in which the rest is decided, what matters most first. */
  readonly order: readonly string[];
}

/** Grows with each harmful set found; a set that contains another one is dropped at the end. */
export type Cuts = (readonly string[])[];

/** Adds to `cuts` every minimal harmful set that is not there yet. False: given up, because `spend` said so. */
export function searchCuts(harm: Harm, cuts: Cuts, spend: () => boolean): boolean {
  const order = [...new Set([...harm.about, ...harm.order])];
  const about = new Set(harm.about);

  const visit = ({ down, up }: Cube, isNewSet: "new" | "seen"): boolean => {
    if (!spend()) return false;
    if (cuts.some((cut) => isSubset(cut, down))) return true;
    if (isNewSet === "new" && harm.isHarmful(down)) {
      cuts.push(down);
      return true;
    }
    if (!harm.canHarm({ down, up })) return true;
    const decided = new Set([...down, ...up]);
    const free = order.filter((name) => !decided.has(name));
    const mustFail = free.filter((name) => !harm.canHarm({ down, up: [...up, name] }));
    const mustHold = free.filter((name) => about.has(name) && !harm.canHarm({ down: [...down, name], up }));
    if (mustFail.length + mustHold.length > 0) {
      if (mustFail.some((name) => mustHold.includes(name))) return true;
      const next = { down: [...down, ...mustFail], up: [...up, ...mustHold] };
      return visit(next, mustFail.length > 0 ? "new" : "seen");
    }
    const [name] = free;
    if (name === undefined) return true;
    return visit({ down, up: [...up, name] }, "seen") && visit({ down: [...down, name], up }, "new");
  };

  return visit({ down: [], up: [] }, "new");
}

/** Without those that contain another one; in a stated order. */
export function minimalOnly(cuts: Cuts, inputs: readonly string[]): readonly (readonly string[])[] {
  const sorted = cuts.map((cut) => inputs.filter((name) => cut.includes(name)));
  const minimal = sorted.filter((cut, index) =>
    sorted.every((other, at) => at === index || !isSubset(other, cut) || (other.length === cut.length && at > index)),
  );
  const places = (cut: readonly string[]): readonly number[] => cut.map((name) => inputs.indexOf(name));
  return minimal.toSorted((a, b) => a.length - b.length || firstDifference(places(a), places(b)));
}

function firstDifference(a: readonly number[], b: readonly number[]): number {
  return a.map((place, index) => place - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

/** Every state with at most `most` failures, the fewest first. */
export function* statesUpTo(inputs: readonly string[], most: number): Generator<readonly string[]> {
  for (let size = 0; size <= most; size += 1) yield* combinations(inputs, size);
}

function* combinations(list: readonly string[], size: number): Generator<readonly string[]> {
  if (size === 0) yield [];
  else
    for (let first = 0; first + size <= list.length; first += 1)
      for (const rest of combinations(list.slice(first + 1), size - 1)) yield [list[first] ?? "", ...rest];
}

/** How many such states there are. */
export function countStates(inputs: number, most: number): number {
  let count = 0;
  let ofSize = 1;
  for (let size = 0; size <= Math.min(most, inputs); size += 1) {
    count += ofSize;
    ofSize = (ofSize * (inputs - size)) / (size + 1);
  }
  return count;
}

function isSubset(part: readonly string[], whole: readonly string[]): boolean {
  return part.every((name) => whole.includes(name));
}
