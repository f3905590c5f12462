// Counts the stored rounds of a window, hour by hour, so that a day never lies in memory at once, and an hour that is over is
// read only once.
import { parseCountedRow } from "../report/counted-row.ts";
import type { PeriodFacts, Window } from "../report/period-report.ts";
import { type Gap, mergeTallies, type Tally, tallyOf } from "../report/tally.ts";
import { DAY_MS, HOUR_MS, type Instant, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { Store, StoreResult } from "./world.ts";

/** The longest window; also how far behind a window its next round is looked for. */
export const WINDOW_MAX_MS = 7 * DAY_MS;
/** Hours kept in memory: a window, and the day on which a report of the day before is made. */
const HOURS_KEPT_MAX = WINDOW_MAX_MS / HOUR_MS + 24;

/** Tallies of hours that are over, counted under one topology, by first instant; the first one counted stands first. */
export type HourBook = Map<Instant, Tally>;

export type Count = Pick<PeriodFacts, "tally" | "next">;

/** `window` begins on the hour; what is more than an hour longer than `WINDOW_MAX_MS` is not counted. `lastSlot` is the latest stored round's. */
export async function runCount(
  topology: Topology,
  window: Window,
  lastSlot: Instant,
  hours: HourBook,
  store: Store,
): Promise<StoreResult<Count>> {
  const count = (part: Window): Promise<StoreResult<Tally>> => runHour(topology, part, lastSlot, hours, store);
  const tallies: Tally[] = [];
  const end = Math.min(window.to, window.from + WINDOW_MAX_MS + HOUR_MS);
  for (let from = window.from; from < end; from += HOUR_MS) {
    const hour = await count({ from, to: Math.min(from + HOUR_MS, end) });
    if (hour.kind === "failed") return hour;
    tallies.push(hour.value);
  }
  const next = await firstAfter(window.to, lastSlot, count);
  return next.kind === "failed" ? next : { kind: "done", value: { tally: mergeTallies(tallies), next: next.value } };
}

/** A window that is not over ends inside an hour, and nothing comes after it. */
async function firstAfter(
  to: Instant,
  lastSlot: Instant,
  count: (part: Window) => Promise<StoreResult<Tally>>,
): Promise<StoreResult<Gap | null>> {
  const end = Math.min(lastSlot + 1, to + WINDOW_MAX_MS);
  for (let from = to; from < end; from += HOUR_MS) {
    const hour = await count({ from, to: from + HOUR_MS });
    if (hour.kind === "failed") return hour;
    if (hour.value.first !== null) return { kind: "done", value: hour.value.first };
  }
  return { kind: "done", value: null };
}

async function runHour(
  topology: Topology,
  { from, to }: Window,
  lastSlot: Instant,
  hours: HourBook,
  store: Store,
): Promise<StoreResult<Tally>> {
  const held = hours.get(from);
  if (held !== undefined) return { kind: "done", value: held };
  const read = await store.readRounds(from, to - 1);
  if (read.kind === "failed") return read;
  const rounds = read.value.flatMap(({ slot, row: text }) => {
    const row = parseCountedRow(text);
    return row === null ? [] : [{ slot, row }];
  });
  const tally = tallyOf(topology, rounds);
  const over = slotAt(from, HOUR_MS) === from && from + HOUR_MS === to && to <= lastSlot;
  if (over) keepHour(hours, from, tally);
  return { kind: "done", value: tally };
}

function keepHour(hours: HourBook, from: Instant, tally: Tally): void {
  hours.set(from, tally);
  const [oldest] = hours.keys();
  if (hours.size > HOURS_KEPT_MAX && oldest !== undefined) hours.delete(oldest);
}
