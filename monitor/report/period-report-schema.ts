// The shape of a period's report: what is kept of each day, what `/report` gives, and what the command line reads, all from
// this one description.
import * as z from "zod/mini";
import { FAILURE_CAUSES } from "../model/observation.ts";
import { OBJECTIVE_PERIOD_SCHEMA } from "./objective-schema.ts";

export const instant = z.iso.datetime({ precision: 3 });
export const count = z.int().check(z.nonnegative());
const milliseconds = z.number().check(z.nonnegative());

/** Null: nothing was judged. Under 1 wherever one of `all` was lost. */
export const share = z.strictObject({ good: count, all: count, ratio: z.nullable(z.number()) });

/** "failed": so many looks failed that the percentile is one of them. Null: no looks. */
const percentile = z.nullable(z.union([milliseconds, z.literal("failed")]));

export const looks = z.strictObject({
  /** Looks by which a user would have been served, of those that were up or down. */
  availability: share,
  /** The same by Route 53's rules for a checker. */
  reachability: share,
  up: count,
  down: count,
  /** Our own failures, and looks of vantages that took no part. */
  unknown: count,
  missed: count,
  /** Looks while the region was under maintenance, in none of the other figures; absent: none. */
  maintenance: z.exactOptional(count),
  p50Ms: percentile,
  p95Ms: percentile,
  p99Ms: percentile,
  /** The most frequent first. */
  causes: z.array(z.strictObject({ cause: z.enum(FAILURE_CAUSES), looks: count })),
});

/** Null: nothing was measured. */
const spread = z.nullable(z.strictObject({ p50Ms: count, p95Ms: count, maxMs: count }));

/** What was measured of one of `dns.timing`. */
const timingRow = z.strictObject({
  setting: z.enum(["propagationSeconds", "apiPropagationSeconds", "slackSeconds"]),
  presentSeconds: count,
  /** Answers that moved, and the changes that moved them. */
  samples: count,
  changes: count,
  changesNeeded: count,
  /** As we saw it, detection included. */
  took: spread,
  /** The longest that the part which is the setting can have taken. */
  atMost: spread,
  /** Null: not enough changes. */
  proposedSeconds: z.nullable(count),
});

export const PERIOD_REPORT_SCHEMA = z.strictObject({
  schemaVersion: z.literal(1),
  generatedAt: instant,
  /** `to` is not part of it. */
  window: z.strictObject({ from: instant, to: instant }),
  service: z.strictObject({ name: z.string(), host: z.string() }),
  intervalSeconds: z.number(),
  rounds: count,
  missedSlots: count,
  /** Slots; null without a round. What was before the first one ever is not known, and not missed. */
  firstRoundAt: z.nullable(instant),
  lastRoundAt: z.nullable(instant),
  /** In the order of the topology, then those that it no longer has. */
  regions: z.array(
    z.strictObject({
      id: z.string(),
      all: looks,
      vantages: z.array(z.strictObject({ id: z.string(), looks })),
    }),
  ),
  dns: z.array(
    z.strictObject({
      subject: z.string(),
      /** Answers that conform or converge, of those that were judged. */
      conformance: share,
      conforms: count,
      converging: count,
      deviates: count,
      undecided: count,
    }),
  ),
  /** The oldest first. */
  incidents: z.array(
    z.strictObject({
      subject: z.string(),
      openedAt: instant,
      closedAt: z.optional(instant),
      /** How much of it lies in the window. */
      durationMs: count,
      reason: z.string(),
      /** Id of the drill that was meant to cause it, or "maintenance:<id>"; absent: nobody meant it. */
      causedBy: z.exactOptional(z.string()),
    }),
  ),
  /** Absent in reports from before it was measured. */
  timing: z.exactOptional(z.array(timingRow)),
  /** As they stood at the end of the window, in the topology's order; absent where nothing was promised. */
  objectives: z.exactOptional(z.array(OBJECTIVE_PERIOD_SCHEMA)),
});

export type TimingRow = z.infer<typeof timingRow>;
export type TimingSpread = z.infer<typeof spread>;
export type PeriodReport = z.infer<typeof PERIOD_REPORT_SCHEMA>;
export type LooksReport = z.infer<typeof looks>;
export type Share = z.infer<typeof share>;
export type Percentile = z.infer<typeof percentile>;

/** Null where it is no report of this version. */
export function parsePeriodReport(value: unknown): PeriodReport | null {
  const parsed = PERIOD_REPORT_SCHEMA.safeParse(value);
  return parsed.success ? parsed.data : null;
}
