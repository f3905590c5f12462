// How an objective stands, in one shape for all faces: `/status`, reports, and what the command line reads of either.
import * as z from "zod/mini";
import { BUDGETING_METHODS, INDICATORS, URGENCIES } from "../topology/topology.ts";

const instant = z.iso.datetime({ precision: 3 });
const count = z.int().check(z.nonnegative());
const ratio = z.number().check(z.minimum(0), z.maximum(1));
/** 1: just what the target allows. Null: nothing was measured in that time. */
const burnRate = z.nullable(z.number().check(z.nonnegative()));

/** Looks, or slices of time where those are counted. */
export const OBJECTIVE_COUNTS = z.strictObject({
  good: count,
  bad: count,
  /** Not measured, so neither good nor bad. */
  unknown: count,
  /** In maintenance, so neither good nor bad. */
  excused: count,
  /** Of those that were bad: a drill meant them to be. */
  planned: count,
});

const shape = {
  name: z.string(),
  indicator: z.enum(INDICATORS),
  /** Null: it is not about latency. */
  thresholdMs: z.nullable(count),
  /** Null: the service, looked at in the region to which DNS leads users. */
  region: z.nullable(z.string()),
  method: z.enum(BUDGETING_METHODS),
  /** Both null where looks are counted. */
  timeSliceTarget: z.nullable(ratio),
  timeSliceMinutes: z.nullable(count),
  target: ratio,
  windowDays: count,
  /** Where the window begins. */
  from: instant,
  /** The first round that was counted, perhaps long before; null: none was. */
  since: z.nullable(instant),
  counts: OBJECTIVE_COUNTS,
  /** Good ones of those that were measured; null: nothing was measured. */
  achieved: z.nullable(ratio),
  /** 1: untouched. 0: spent. Below: overdrawn. Null: nothing was measured. */
  budgetLeft: z.nullable(z.number().check(z.maximum(1))),
  burnRates: z.strictObject({
    "5m": burnRate,
    "30m": burnRate,
    "1h": burnRate,
    /** Absent, as that of a day, in reports that are older than they are. */
    "2h": z.optional(burnRate),
    "6h": burnRate,
    "1d": z.optional(burnRate),
    "3d": burnRate,
  }),
  /** page: over 14.4 in 1h and 5m, or over 6 in 6h and 30m. ticket: over 3 in 1d and 2h, or over 1 in 3d and 6h. */
  burning: z.nullable(z.enum(URGENCIES)),
  /** When the budget will be spent at the earliest if it burns on as in the last hour; null: it will not, or it is. */
  exhaustedAt: z.nullable(instant),
};

export const OBJECTIVE_SCHEMA = z.strictObject(shape);

export const OBJECTIVE_PERIOD_SCHEMA = z.strictObject({
  ...shape,
  /** What was counted in the period itself; null: it is not known so far back. */
  period: z.nullable(OBJECTIVE_COUNTS),
  /** Share of the budget that the period took. */
  periodSpent: z.nullable(z.number().check(z.nonnegative())),
});

export type ObjectiveRow = z.infer<typeof OBJECTIVE_SCHEMA>;
export type ObjectivePeriodRow = z.infer<typeof OBJECTIVE_PERIOD_SCHEMA>;
