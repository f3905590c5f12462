// Rounds rolled up into buckets of a minute, an hour or a day, on the grid that counts from 1970: an hour that is over never
// changes, so whoever keeps its bucket need not read its rounds again.
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { groupBy } from "./grouping.ts";
import { type KeptRound, mergeTallies, type Tally, tallyOf } from "./tally.ts";

export const BUCKET_WIDTHS = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } as const;
export type BucketWidth = keyof typeof BUCKET_WIDTHS;

export interface Bucket {
  readonly from: Instant;
  readonly width: BucketWidth;
  readonly tally: Tally;
}

/** The earliest first; a bucket without a round is not there. */
export function rollUp(topology: Topology, rounds: readonly KeptRound[], width: BucketWidth): readonly Bucket[] {
  return bucketed(rounds, (round) => round.slot, width).map(([from, within]) => ({
    from,
    width,
    tally: tallyOf(topology, within),
  }));
}

/** Makes wider buckets of narrower ones, as if of their rounds. */
export function coarsen(buckets: readonly Bucket[], width: BucketWidth): readonly Bucket[] {
  return bucketed(buckets, (bucket) => bucket.from, width).map(([from, within]) => ({
    from,
    width,
    tally: mergeTallies(within.map((bucket) => bucket.tally)),
  }));
}

function bucketed<T>(
  items: readonly T[],
  instantOf: (item: T) => Instant,
  width: BucketWidth,
): readonly (readonly [Instant, readonly T[]])[] {
  const groups = groupBy(items, (item) => String(slotAt(instantOf(item), BUCKET_WIDTHS[width])));
  return Object.entries(groups)
    .map(([from, within]) => [Number(from), within] as const)
    .toSorted(([a], [b]) => a - b);
}
