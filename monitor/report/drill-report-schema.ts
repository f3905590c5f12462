// The shape of a drill's report: one value behind every face of it, and what is compared from drill to drill.
import * as z from "zod/mini";
import type { BoundName } from "../drill/bounds.ts";
import { OUTCOMES } from "../drill/referee.ts";
import { TIMED_FIGURES, type TimedFigure } from "../drill/simulation.ts";

const instant = z.iso.datetime({ precision: 3 });
const count = z.int().check(z.nonnegative());
const milliseconds = z.number().check(z.nonnegative());
const share = z.number().check(z.minimum(0), z.maximum(1));

/** The truth lies between: seen at one look, not yet at the look before. */
const span = z.strictObject({ atLeastMs: milliseconds, atMostMs: milliseconds });
const orNone = z.nullable(span);

const interval = z.strictObject({ min: z.number(), p50: z.number(), p95: z.number(), max: z.number() });

const figure = z.strictObject({
  name: z.enum(TIMED_FIGURES),
  /** Of the slowest place. Null: it did not happen. */
  measured: orNone,
  /** Over all places; null: the figure has no places, or it did not happen in so many. */
  p50: orNone,
  p95: orNone,
  /** Places that the fault concerned; null: the figure has no places. */
  places: z.nullable(count),
  boundMs: z.nullable(milliseconds),
  /** "not bound": nobody set a bound. */
  result: z.enum(["within", "over", "open", "not needed", "not bound"]),
  /** In milliseconds, over all trials; null: not simulated, or it came in no trial. */
  simulated: z.nullable(interval),
  /** Whether a trial could have been like it; null: nothing to compare. */
  likeSimulated: z.nullable(z.boolean()),
});

/** Of served requests, in milliseconds; null: none was served. */
const times = z.strictObject({ before: z.nullable(milliseconds), during: z.nullable(milliseconds) });

const traffic = z.strictObject({
  tried: count,
  lost: count,
  triedDuring: count,
  lostDuring: count,
  /** Of those while the fault stood. */
  lostShare: z.nullable(share),
  medianMs: times,
  /** Left out by earlier versions. */
  p95Ms: z.optional(times),
});

/** "not concerned": the fault was nothing to this place. Null: it never happened. */
const atPlace = z.union([span, z.null(), z.literal("not concerned")]);

const place = z.strictObject({
  vantage: z.string(),
  failover: atPlace,
  cachesFailover: atPlace,
  recovery: atPlace,
  failback: atPlace,
  cachesFailback: atPlace,
  tried: count,
  lost: count,
});

export const BAR_KINDS = [
  "fault",
  "healthy",
  "unhealthy",
  "unknown",
  "region-a",
  "region-b",
  "region-c",
  "several",
  "lost",
  "deviates",
  "mixed",
] as const;

const bar = z.strictObject({
  /** Milliseconds from the start. */
  fromMs: count,
  toMs: count,
  kind: z.enum(BAR_KINDS),
  /** What stands in the bar. */
  label: z.string(),
});

const lane = z.strictObject({
  title: z.string(),
  rows: z.array(z.strictObject({ name: z.string(), bars: z.array(bar) })),
});

export const DRILL_REPORT_SCHEMA = z.strictObject({
  schemaVersion: z.literal(1),
  id: z.string(),
  drill: z.string(),
  title: z.string(),
  description: z.string(),
  /** True: calculated, no lever acted. */
  simulated: z.boolean(),
  /** True: measured in the local world, where all places are one machine. */
  local: z.boolean(),
  service: z.strictObject({ name: z.string(), host: z.string() }),
  topologyFingerprint: z.string(),
  startedAt: instant,
  endedAt: z.nullable(instant),
  outcome: z.enum(OUTCOMES),
  /** Only while it runs: the outcome is open, and every figure is what was seen so far. */
  underWay: z.optional(
    z.strictObject({
      pid: z.int(),
      /** Null: nobody looks yet. */
      stage: z.nullable(z.enum(["steady", "fault", "repair", "over"])),
      since: instant,
      /** What comes next; null: nothing but the report. */
      next: z.nullable(z.enum(["the fault", "the repair", "the end"])),
      /** By then at the latest. */
      nextBy: z.nullable(instant),
    }),
  ),
  /** The heaviest first. */
  reasons: z.array(z.strictObject({ weight: z.enum(["aborts", "fails", "leaves open", "note"]), text: z.string() })),
  /** In the order in which they were applied. */
  faults: z.array(z.string()),
  expect: z.strictObject({
    answers: z.enum(["move", "stay", "either"]),
    users: z.enum(["recover", "never-lost", "lost"]),
    notices: z.array(z.enum(["region", "dns", "failover"])),
  }),
  /** When the levers took hold and were undone; null: they did not, or were not. */
  faultAt: z.nullable(instant),
  repairAt: z.nullable(instant),
  figures: z.array(figure),
  lostShare: z.strictObject({
    measured: z.nullable(share),
    bound: z.nullable(share),
    result: z.enum(["within", "over", "open", "not bound"]),
    simulated: z.nullable(interval),
  }),
  places: z.array(place),
  traffic,
  /** Null: nothing went through a router. */
  routerTraffic: z.nullable(traffic),
  dns: z.strictObject({ asked: count, unanswered: count }),
  /** What the monitor called deviating, and how long after the fault. */
  notices: z.array(z.strictObject({ subject: z.string(), after: span, times: count })),
  /** What went wrong with the looking. */
  notes: z.array(z.strictObject({ at: instant, text: z.string() })),
  /** Trials behind `simulated`; null: there is no simulation. */
  trials: z.nullable(count),
  timeline: z.strictObject({
    lengthMs: count,
    faultMs: z.nullable(count),
    repairMs: z.nullable(count),
    lanes: z.array(lane),
  }),
});

export type DrillReport = z.infer<typeof DRILL_REPORT_SCHEMA>;
export type DrillFigureRow = DrillReport["figures"][number];
export type DrillPlaceRow = DrillReport["places"][number];
export type DrillBar = z.infer<typeof bar>;
export type DrillLane = z.infer<typeof lane>;

/** Which bound a figure is held to. */
export const BOUND_OF: Readonly<Partial<Record<TimedFigure, BoundName>>> = {
  detection: "detection",
  failover: "failover",
  recovery: "recovery",
  failback: "failback",
  gap: "gap",
};
