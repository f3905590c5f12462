// Counts every round once for all objectives, and hands the counts on with the state: so they outlive restarts, cost no row of
// their own, and a window of a year is read without reading a year.
import type { ObjectiveBook, ObjectiveCount } from "../model/counts.ts";
import type { Instant } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { type Counting, countingKey, countingOf } from "./counting.ts";
import { missedLooks, type RoundSlot } from "./gap.ts";
import type { Intent } from "./intent.ts";
import { looksOf, type SeenRound } from "./looks.ts";
import { addCounts, cutSeries, NO_SERIES } from "./series.ts";
import { stepSlices } from "./slices.ts";

/** Counts of what is no longer promised are forgotten; what is promised anew is counted from this round on. */
export function stepObjectives(
  before: ObjectiveBook,
  topology: Topology,
  round: SeenRound,
  at: RoundSlot,
  intent: Intent,
): ObjectiveBook {
  const entries = [...promisesOf(topology)].map(([key, { counting, windowDays }]): [string, ObjectiveCount] => {
    const held = Object.hasOwn(before, key) ? before[key] : undefined;
    const count = held ?? { since: at.slot, series: NO_SERIES, slice: null, backTo: at.slot };
    const gap = held === undefined ? [] : missedLooks(topology.probe, at);
    const looks = [...gap, { at: at.slot, counts: looksOf(topology, counting, round, intent) }];
    const { units, slice } =
      counting.slice === null ? { units: looks, slice: null } : stepSlices(count.slice, looks, counting.slice);
    return [key, { ...count, series: addCounts(count.series, units, windowDays), slice }];
  });
  return Object.fromEntries(entries);
}

/**
 * What a clock that was ahead counted after `at`, taken out: its steps and its slice would keep the present out until time has come
 * to them. What is unknown of the step in which `at` lies stays. Where nothing from before is left, the count begins anew.
 */
export function forgetCountsAfter(book: ObjectiveBook, at: Instant): ObjectiveBook {
  return Object.fromEntries(
    Object.entries(book).flatMap(([key, count]) => {
      const series = cutSeries(count.series, at);
      const slice = count.slice !== null && count.slice.from > at ? null : count.slice;
      const isKept = count.since <= at && (Object.keys(series).length > 0 || slice !== null);
      return isKept ? [[key, { ...count, series, slice }] as const] : [];
    }),
  );
}

export interface Promised {
  readonly counting: Counting;
  /** The longest that is asked of it. */
  readonly windowDays: number;
}

/** Each way of counting once. */
export function promisesOf({ objectives }: Topology): ReadonlyMap<string, Promised> {
  const found = new Map<string, Promised>();
  for (const objective of objectives) {
    const counting = countingOf(objective);
    const key = countingKey(counting);
    const windowDays = Math.max(found.get(key)?.windowDays ?? 0, objective.windowDays);
    found.set(key, { counting, windowDays });
  }
  return found;
}
