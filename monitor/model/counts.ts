// What is counted of objectives from round to round, as the state hands it on. How it is counted is in `objective/`.
import type { Instant } from "../time.ts";

/** Looks, or slices of time, of one objective. */
export interface ObjectiveCounts {
  readonly good: number;
  readonly bad: number;
  /** Not measured: on neither side. */
  readonly unknown: number;
  /** In maintenance: on neither side. */
  readonly excused: number;
  /** Of those that were bad: a drill meant them to be. */
  readonly planned: number;
}

export type SeriesWidth = "minute" | "fiveMinutes" | "hour" | "day";

/** Counts of steps in a row; a counter that is 0 throughout is absent. */
export interface Series extends Readonly<Partial<Record<keyof ObjectiveCounts, readonly number[]>>> {
  /** Where the first step begins. */
  readonly from: Instant;
  readonly steps: number;
}

/** The same counts in steps of several widths, the finer ones less far back. */
export type CountSeries = Readonly<Partial<Record<SeriesWidth, Series>>>;

/** A slice of time that is not over. */
export interface OpenSlice {
  readonly from: Instant;
  readonly looks: ObjectiveCounts;
}

export interface ObjectiveCount {
  /** The slot of the first round that was counted. */
  readonly since: Instant;
  readonly series: CountSeries;
  /** Null: looks are counted, not slices. */
  readonly slice: OpenSlice | null;
  /** Rounds before it that are still stored have yet to be counted; absent: they have been, or there is none. */
  readonly backTo?: Instant;
}

/** By what is counted (`objective/counting.ts`). */
export type ObjectiveBook = Readonly<Record<string, ObjectiveCount>>;
