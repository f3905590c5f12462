// Chance that can be repeated: a test that draws lots says its seed when it fails, and `ANOMALY_SEED` gives it again.

export interface Dice {
  readonly seed: number;
  /** Evenly spread over 0 to 1, 1 excluded. */
  readonly roll: () => number;
}

export function makeDice(seed = Number(process.env["ANOMALY_SEED"] ?? Date.now() % 2 ** 31)): Dice {
  let state = seed >>> 0;
  return {
    seed,
    // The generator "mulberry32": good enough for lots, and the same everywhere.
    roll: () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
