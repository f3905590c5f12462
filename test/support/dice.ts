// Chance that can be repeated: a test that draws lots says its seed when it fails, and `ANOMALY_SEED` gives it again.
import { makeChance } from "../../monitor/drill/chance.ts";

export interface Dice {
  readonly seed: number;
  /** Evenly spread over 0 to 1, 1 excluded. */
  readonly roll: () => number;
}

export function makeDice(seed = Number(process.env["ANOMALY_SEED"] ?? Date.now() % 2 ** 31)): Dice {
  return { seed, roll: makeChance(seed) };
}
