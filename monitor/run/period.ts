// Counts a window from what is kept of it: whole days and hours from their buckets, the rest from its rounds, hour by hour, so
// that a day of rounds never lies in memory at once.
import { parseBucket } from "../report/bucket-text.ts";
import { parseCountedRow } from "../report/counted-row.ts";
import type { PeriodFacts, Window } from "../report/period-report.ts";
import { mergeStretches, type Stretch } from "../report/rollup.ts";
import { EMPTY_TALLY, type Gap, type KeptRound, tallyOf } from "../report/tally.ts";
import { DAY_MS, HOUR_MS, type Instant, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { BucketShelf, KeptWidth, Store, StoreResult } from "./world.ts";

/** The longest window: a leap year. */
export const WINDOW_MAX_MS = 366 * DAY_MS;
/** Longer ones begin on the day, because the hours of their first day may have left. */
export const HOURLY_WINDOW_MAX_MS = 31 * DAY_MS;
/** How far behind a window its next round is looked for. */
const NEXT_MAX_MS = 7 * DAY_MS;
/** Hours kept in memory: the ragged ends of a window. */
const HOURS_KEPT_MAX = 48;
/** So that a year never lies in memory at once. */
const MERGED_AT_ONCE_MAX = 8;

/** Hours that are over, counted under one topology, by first instant; the first one counted stands first. */
export type HourBook = Map<Instant, Stretch>;

/** Where counts come from. */
export interface Ledger {
  readonly hours: HourBook;
  readonly store: Store;
  readonly buckets: BucketShelf;
}

export interface Count extends Stretch, Pick<PeriodFacts, "next"> {}

/** `window` begins on the hour; what is more than a day longer than `WINDOW_MAX_MS` is not counted. `lastSlot` is the latest stored round's. */
export async function runCount(
  topology: Topology,
  window: Window,
  lastSlot: Instant,
  ledger: Ledger,
): Promise<StoreResult<Count>> {
  const counted = await runStretch(topology, window, lastSlot, ledger);
  if (counted.kind === "failed") return counted;
  const next = await firstAfter(topology, window.to, lastSlot, ledger);
  return next.kind === "failed" ? next : { kind: "done", value: { ...counted.value, next: next.value } };
}

/** The same without what came after it. */
export async function runStretch(
  topology: Topology,
  window: Window,
  lastSlot: Instant,
  ledger: Ledger,
): Promise<StoreResult<Stretch>> {
  const end = Math.min(window.to, window.from + WINDOW_MAX_MS + DAY_MS);
  const counted: Stretch[] = [];
  for (let from = window.from; from < end;) {
    const part = await runPart(topology, { from, to: end }, lastSlot, ledger);
    if (part.kind === "failed") return part;
    counted.push(part.value.stretch);
    if (counted.length >= MERGED_AT_ONCE_MAX) counted.splice(0, counted.length, mergeStretches(counted));
    from = part.value.to;
  }
  return { kind: "done", value: mergeStretches(counted) };
}

interface Part {
  readonly stretch: Stretch;
  readonly to: Instant;
}

const NOTHING: Stretch = { tally: EMPTY_TALLY, closed: [] };

/** What the window begins with: a day where one is kept or nothing finer can be, an hour otherwise. */
async function runPart(
  topology: Topology,
  { from, to }: Window,
  lastSlot: Instant,
  ledger: Ledger,
): Promise<StoreResult<Part>> {
  const dayEnd = from + DAY_MS;
  if (slotAt(from, DAY_MS) === from && dayEnd <= to) {
    const day = await readStretch("day", from, ledger.buckets);
    if (day.kind === "failed") return day;
    const hoursAreGone = dayEnd < lastSlot - HOURLY_WINDOW_MAX_MS;
    if (day.value !== null || hoursAreGone)
      return { kind: "done", value: { stretch: day.value ?? NOTHING, to: dayEnd } };
  }
  const hour = { from, to: Math.min(from + HOUR_MS, to) };
  const counted = await runHour(topology, hour, lastSlot, ledger);
  return counted.kind === "failed" ? counted : { kind: "done", value: { stretch: counted.value, to: hour.to } };
}

/** A window that is not over ends inside an hour, and nothing comes after it. */
async function firstAfter(
  topology: Topology,
  to: Instant,
  lastSlot: Instant,
  ledger: Ledger,
): Promise<StoreResult<Gap | null>> {
  const end = Math.min(lastSlot + 1, to + NEXT_MAX_MS);
  for (let from = to; from < end; from += HOUR_MS) {
    const hour = await runHour(topology, { from, to: from + HOUR_MS }, lastSlot, ledger);
    if (hour.kind === "failed") return hour;
    if (hour.value.tally.first !== null) return { kind: "done", value: hour.value.tally.first };
  }
  return { kind: "done", value: null };
}

async function runHour(
  topology: Topology,
  { from, to }: Window,
  lastSlot: Instant,
  { hours, store, buckets }: Ledger,
): Promise<StoreResult<Stretch>> {
  const held = hours.get(from);
  if (held !== undefined && to - from === HOUR_MS) return { kind: "done", value: held };
  const over = slotAt(from, HOUR_MS) === from && from + HOUR_MS === to && to <= lastSlot;
  const kept: StoreResult<Stretch | null> = over
    ? await readStretch("hour", from, buckets)
    : { kind: "done", value: null };
  if (kept.kind === "failed") return kept;
  if (kept.value !== null) return { kind: "done", value: keepHour(hours, from, kept.value) };
  const rounds = await readCounted(store, { from, to });
  if (rounds.kind === "failed") return rounds;
  const stretch = { tally: tallyOf(topology, rounds.value), closed: [] };
  return { kind: "done", value: over ? keepHour(hours, from, stretch) : stretch };
}

function keepHour(hours: HourBook, from: Instant, stretch: Stretch): Stretch {
  hours.set(from, stretch);
  const [oldest] = hours.keys();
  if (hours.size > HOURS_KEPT_MAX && oldest !== undefined) hours.delete(oldest);
  return stretch;
}

/** Rows that cannot be read are left out. */
export async function readCounted(store: Store, { from, to }: Window): Promise<StoreResult<readonly KeptRound[]>> {
  const read = await store.readRounds(from, to - 1);
  if (read.kind === "failed") return read;
  const value = read.value.flatMap(({ slot, row: text }) => {
    const row = parseCountedRow(text);
    return row === null ? [] : [{ slot, row }];
  });
  return { kind: "done", value };
}

/** Null: none is kept, or none that this version can read. */
export async function readStretch(
  width: KeptWidth,
  from: Instant,
  buckets: BucketShelf,
): Promise<StoreResult<Stretch | null>> {
  const read = await buckets.readBucket(width, from);
  if (read.kind === "failed") return read;
  return { kind: "done", value: read.value === null ? null : parseBucket(read.value, width, from) };
}
