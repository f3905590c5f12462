// Keeps what is over: each hour as a bucket of its rounds, each day as one of its hours, made by whatever round comes next. An
// hour that is kept is not made again, so neither a restart nor a kill between two writes loses or doubles one.
import type { MonitorState } from "../model/state.ts";
import { bucketText } from "../report/bucket-text.ts";
import { type Bucket, coarsen, rollUp } from "../report/rollup.ts";
import { DAY_MS, HOUR_MS, type Instant, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { readCounted, readStretch } from "./period.ts";
import { incidentsOf } from "./report-days.ts";
import type { BucketShelf, KeptWidth, Store, StoreResult } from "./world.ts";

/** What is over for longer is not made up: its rounds have mostly left the store. */
const BACK_MAX_MS = 7 * DAY_MS;

const HOURS_A_DAY = DAY_MS / HOUR_MS;

/** `before` is the state from before the latest round, as for the report of a day. Gives how many buckets were kept. */
export async function runRollUp(
  topology: Topology,
  before: MonitorState,
  lastSlot: Instant,
  store: Store,
  buckets: BucketShelf,
): Promise<StoreResult<number>> {
  const hourOf = async (from: Instant): Promise<StoreResult<Bucket | null>> => {
    const rounds = await readCounted(store, { from, to: from + HOUR_MS });
    if (rounds.kind === "failed") return rounds;
    const closed = incidentsOf(before).filter(
      ({ closedAt }) => closedAt !== null && slotAt(closedAt, HOUR_MS) === from,
    );
    return { kind: "done", value: rollUp(topology, rounds.value, closed, "hour")[0] ?? null };
  };
  const hours = await keepDue("hour", lastSlot, HOUR_MS, buckets, hourOf);
  if (hours.kind === "failed") return hours;
  const days = await keepDue("day", lastSlot, DAY_MS, buckets, (from) => dayOf(from, buckets));
  return days.kind === "failed" ? days : { kind: "done", value: hours.value + days.value };
}

async function dayOf(day: Instant, buckets: BucketShelf): Promise<StoreResult<Bucket | null>> {
  const hours: Bucket[] = [];
  for (let at = 0; at < HOURS_A_DAY; at += 1) {
    const from = day + at * HOUR_MS;
    const hour = await readStretch("hour", from, buckets);
    if (hour.kind === "failed") return hour;
    if (hour.value !== null) hours.push({ from, width: "hour", ...hour.value });
  }
  return { kind: "done", value: coarsen(hours, "day")[0] ?? null };
}

async function keepDue(
  width: KeptWidth,
  lastSlot: Instant,
  widthMs: number,
  buckets: BucketShelf,
  make: (from: Instant) => Promise<StoreResult<Bucket | null>>,
): Promise<StoreResult<number>> {
  const now = slotAt(lastSlot, widthMs);
  const kept = await buckets.keptBuckets(width, now - BACK_MAX_MS, now);
  if (kept.kind === "failed") return kept;
  const held = new Set(kept.value);
  let written = 0;
  for (let from = now - BACK_MAX_MS; from < now; from += widthMs) {
    if (held.has(from) && from + widthMs < now) continue;
    const made = await make(from);
    if (made.kind === "failed") return made;
    if (made.value === null) continue;
    if (held.has(from) && !(await holdsLess(width, made.value, buckets))) continue;
    const done = await buckets.keepBucket(width, from, bucketText(made.value));
    if (done.kind === "failed") return done;
    written += 1;
  }
  return { kind: "done", value: written };
}

/** The latest one may have been kept before its time, by a clock that was ahead. */
async function holdsLess(width: KeptWidth, made: Bucket, buckets: BucketShelf): Promise<boolean> {
  const kept = await readStretch(width, made.from, buckets);
  return kept.kind === "done" && (kept.value?.tally.rounds ?? 0) < made.tally.rounds;
}
