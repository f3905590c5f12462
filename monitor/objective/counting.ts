// What one unit of an objective is: a look or a slice of time, of the service or of one region, good where it served or where it
// served in time. Target and window are no part of it, so two objectives that count alike share what was counted.
import { MINUTE_MS } from "../time.ts";
import { TIME_SLICE_MINUTES } from "../topology/objective-rules.ts";
import { assert } from "../problem.ts";
import type { Objective } from "../topology/topology.ts";

export interface Counting {
  /** Null: how long a look took does not matter. */
  readonly thresholdMs: number | null;
  /** Null: the service. */
  readonly region: string | null;
  /** Null: each look is a unit. */
  readonly slice: Slicing | null;
}

export interface Slicing {
  /** 0 to 1: the share of its looks that makes a slice good. */
  readonly target: number;
  readonly widthMs: number;
}

export function countingOf({ thresholdMs, region, method, timeSliceTarget, timeSliceMinutes }: Objective): Counting {
  if (method === "occurrences") return { thresholdMs, region, slice: null };
  assert(timeSliceTarget !== null, "the rules ask every objective by timeslices for its timeSliceTarget");
  const widthMs = (timeSliceMinutes ?? TIME_SLICE_MINUTES) * MINUTE_MS;
  return { thresholdMs, region, slice: { target: timeSliceTarget, widthMs } };
}

/** "service", "region aws-us-east-1 within 300 ms, 5 m at 0.9": another one counts anew. */
export function countingKey({ thresholdMs, region, slice }: Counting): string {
  const within = thresholdMs === null ? "" : ` within ${thresholdMs} ms`;
  const slices = slice === null ? "" : `, ${slice.widthMs / MINUTE_MS} m at ${slice.target}`;
  return `${region === null ? "service" : `region ${region}`}${within}${slices}`;
}
