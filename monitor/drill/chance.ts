// Chance that can be repeated: the same seed gives the same lots everywhere, so a simulation can be looked at again.

/** Evenly spread over 0 to 1, 1 excluded. */
export type Chance = () => number;

/** The generator "mulberry32": good enough for lots, never for secrets. */
export function makeChance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
