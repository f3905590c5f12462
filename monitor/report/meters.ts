// What is counted and measured for ever, beside the state: a scraper needs counters that only grow, also when the coordinator is
// evicted, and a round's state has no room for them. One value, read back strictly.
import * as z from "zod/mini";
import { userVote } from "../health/votes.ts";
import type { Observation } from "../model/observation.ts";
import type { Parsed } from "../problem.ts";
import { SECOND_MS } from "../time.ts";
import { parseStored } from "./stored-value.ts";
import { FAILOVER_STAGES, type FailoverTimes } from "../verify/failover-times.ts";

/** Upper bounds, in seconds: OpenTelemetry's for `http.client.request.duration`, and two for timeouts that are longer. */
export const BUCKET_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 15, 30,
] as const;

/** Looks at one region from one vantage. */
export interface LookMeter {
  /** How many ended in each bucket, not summed up; the last of them is for what was longer, and for looks that failed. */
  readonly counts: readonly number[];
  /** Of the looks that served. */
  readonly sumMs: number;
}

type ByCell<T> = Readonly<Record<string, Readonly<Record<string, T>>>>;

export interface Meters {
  readonly version: 1;
  /** How late after its slot the latest round began; null before the first. */
  readonly lagMs: number | null;
  /** By region id, then vantage id; absent where there was no look. */
  readonly looks: ByCell<LookMeter>;
  /** By region id, then vantage id: rounds in which a resolver led there. */
  readonly led: ByCell<number>;
  /** By vantage id: rounds in which resolvers led to none of the regions. */
  readonly astray: Readonly<Record<string, number>>;
  readonly failovers: FailoverTimes;
}

export const NO_METERS: Meters = { version: 1, lagMs: null, looks: {}, led: {}, astray: {}, failovers: {} };

const count = z.int().check(z.nonnegative());
const ms = z.number().check(z.nonnegative());
const byVantage = z.record(z.string(), count);
const lookMeter = z.strictObject({ counts: z.array(count).check(z.length(BUCKET_SECONDS.length + 1)), sumMs: ms });

const METERS: z.ZodMiniType<Meters> = z.strictObject({
  version: z.literal(1),
  lagMs: z.nullable(ms),
  looks: z.record(z.string(), z.record(z.string(), lookMeter)),
  led: z.record(z.string(), byVantage),
  astray: byVantage,
  failovers: z.record(
    z.string(),
    z.partialRecord(z.enum(FAILOVER_STAGES), z.strictObject({ tookMs: ms, changedBy: z.int() })),
  ),
});

export function parseMeters(text: string): Parsed<Meters> {
  return parseStored(text, METERS, "the stored meters");
}

const EMPTY_LOOKS: LookMeter = { counts: Array.from({ length: BUCKET_SECONDS.length + 1 }, () => 0), sumMs: 0 };

/** Our own failures say nothing of the region; one of the region's is longer than every bucket, or percentiles would gain by it. */
export function countLook(before: LookMeter | undefined, seen: Observation): LookMeter | undefined {
  const vote = userVote(seen);
  if (vote === null) return before;
  const { counts, sumMs } = before ?? EMPTY_LOOKS;
  const tookMs = vote ? seen.totalMs : null;
  const fits = tookMs === null ? -1 : BUCKET_SECONDS.findIndex((bound) => tookMs <= bound * SECOND_MS);
  const bucket = fits < 0 ? BUCKET_SECONDS.length : fits;
  return { counts: counts.with(bucket, (counts[bucket] ?? 0) + 1), sumMs: tenths(sumMs + (tookMs ?? 0)) };
}

/** As the stopwatch has them: a sum of many must not grow digits. */
function tenths(valueMs: number): number {
  return Math.round(valueMs * 10) / 10;
}
