// Latencies in little room: percentiles within 1 %, and two sketches merge into that of both. Bins grow by a constant factor
// (DDSketch: Masson, Rim, Lee, 2019). A look without an end counts as longer than all others, so that failures never make a
// percentile better.

export interface Sketch {
  /** Looks too short to tell from 0. */
  readonly zeros: number;
  /** [key, count]: values in (γ^(key-1), γ^key]; keys ascend, counts are positive. */
  readonly bins: readonly (readonly [number, number])[];
  /** Looks that failed. */
  readonly endless: number;
}

/** A percentile is at most this share away from the true one, for values from `VALUE_MIN_MS` to `VALUE_MAX_MS`. */
export const RELATIVE_ERROR_MAX = 0.01;
/** Shorter ones are 0; our stopwatch has tenths of milliseconds. */
export const VALUE_MIN_MS = 0.01;
/** Longer ones count as this, a quarter of an hour: no probe may take so long. Together with the minimum it bounds the bins at 918. */
export const VALUE_MAX_MS = 900_000;

const GROWTH = (1 + RELATIVE_ERROR_MAX) / (1 - RELATIVE_ERROR_MAX);

export const EMPTY_SKETCH: Sketch = { zeros: 0, bins: [], endless: 0 };

/** `Infinity` is a look that never ended. */
export function sketchOf(valuesMs: readonly number[]): Sketch {
  const bins = new Map<number, number>();
  let zeros = 0;
  let endless = 0;
  for (const valueMs of valuesMs) {
    if (valueMs === Infinity) endless += 1;
    else if (valueMs < VALUE_MIN_MS) zeros += 1;
    else {
      const key = keyOf(valueMs);
      bins.set(key, (bins.get(key) ?? 0) + 1);
    }
  }
  return { zeros, bins: sorted(bins), endless };
}

export function mergeSketches(sketches: readonly Sketch[]): Sketch {
  const bins = new Map<number, number>();
  let zeros = 0;
  let endless = 0;
  for (const sketch of sketches) {
    zeros += sketch.zeros;
    endless += sketch.endless;
    for (const [key, count] of sketch.bins) bins.set(key, (bins.get(key) ?? 0) + count);
  }
  return { zeros, bins: sorted(bins), endless };
}

export function countOf({ zeros, bins, endless }: Sketch): number {
  return bins.reduce((sum, [, count]) => sum + count, zeros + endless);
}

/**
 * The value that `share` (0 to 1) of all looks do not exceed: that of rank ⌈share × n⌉, the first at least.
 * `Infinity` where that look failed; null without looks.
 */
export function quantileMs(sketch: Sketch, share: number): number | null {
  const count = countOf(sketch);
  if (count === 0) return null;
  const rank = Math.max(1, Math.ceil(share * count));
  let passed = sketch.zeros;
  if (rank <= passed) return 0;
  for (const [key, inBin] of sketch.bins) {
    passed += inBin;
    if (rank <= passed) return valueOf(key);
  }
  return Infinity;
}

function keyOf(valueMs: number): number {
  return Math.ceil(Math.log(Math.min(valueMs, VALUE_MAX_MS)) / Math.log(GROWTH));
}

/** As far from the bin's one end as from its other, as a share of either. */
function valueOf(key: number): number {
  return (2 * GROWTH ** key) / (GROWTH + 1);
}

function sorted(bins: ReadonlyMap<number, number>): Sketch["bins"] {
  return [...bins].toSorted(([a], [b]) => a - b);
}
