// Rounds rolled up into buckets of a minute, an hour or a day, on the grid that counts from 1970: an hour that is over never
// changes, so whoever keeps its bucket need not read its rounds again.
import type { Incident } from "../model/verdict.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { groupBy } from "../grouping.ts";
import { type KeptRound, mergeTallies, type Tally, tallyOf } from "./tally.ts";

export const BUCKET_WIDTHS = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } as const;
export type BucketWidth = keyof typeof BUCKET_WIDTHS;

/** What is counted of a stretch of time. */
export interface Stretch {
  readonly tally: Tally;
  /** Incidents that closed in it, the earliest first: the state forgets them after a day. */
  readonly closed: readonly Incident[];
}

export interface Bucket extends Stretch {
  readonly from: Instant;
  readonly width: BucketWidth;
}

/** The earliest first; a bucket in which there was no round and nothing closed is not there. Open incidents are in none. */
export function rollUp(
  topology: Topology,
  rounds: readonly KeptRound[],
  incidents: readonly Incident[],
  width: BucketWidth,
): readonly Bucket[] {
  const roundsOf = groupBy(rounds, (round) => startOf(round.slot, width));
  const closedOf = groupBy(
    incidents.filter(({ closedAt }) => closedAt !== null),
    ({ closedAt }) => startOf(closedAt ?? 0, width),
  );
  return ascending([...Object.keys(roundsOf), ...Object.keys(closedOf)]).map((from) => ({
    from,
    width,
    tally: tallyOf(topology, roundsOf[from] ?? []),
    closed: byClosing(closedOf[from] ?? []),
  }));
}

/** Makes wider buckets of narrower ones, as if of their rounds. */
export function coarsen(buckets: readonly Bucket[], width: BucketWidth): readonly Bucket[] {
  const groups = groupBy(buckets, (bucket) => startOf(bucket.from, width));
  return ascending(Object.keys(groups)).map((from) => ({ from, width, ...mergeStretches(groups[from] ?? []) }));
}

export function mergeStretches(stretches: readonly Stretch[]): Stretch {
  return {
    tally: mergeTallies(stretches.map((one) => one.tally)),
    closed: byClosing(stretches.flatMap((one) => one.closed)),
  };
}

function startOf(at: Instant, width: BucketWidth): string {
  return String(slotAt(at, BUCKET_WIDTHS[width]));
}

function ascending(starts: readonly string[]): readonly Instant[] {
  return [...new Set(starts)].map(Number).toSorted((a, b) => a - b);
}

function byClosing(closed: readonly Incident[]): readonly Incident[] {
  return closed.toSorted((a, b) => (a.closedAt ?? 0) - (b.closedAt ?? 0) || (a.id < b.id ? -1 : 1));
}
