// One page of the recorded history: read hour by hour until the page is full, so that a long window never lies in memory.
import type { RoundsPage, ToldRound } from "../report/rounds-page-schema.ts";
import { PAGE_ROUNDS_MAX } from "../report/rounds-page-schema.ts";
import { parseToldRound } from "../report/told-round.ts";
import { DAY_MS, HOUR_MS, type Instant, toIso } from "../time.ts";
import { fingerprint } from "../topology/fingerprint.ts";
import type { Topology } from "../topology/topology.ts";
import type { Store, StoreResult } from "./world.ts";

/** Slots, both included; null: until the latest round, from an hour before. */
export interface RoundsWish {
  readonly from: Instant | null;
  readonly to: Instant | null;
}

/** The longest window. */
export const ROUNDS_WINDOW_MAX_MS = 7 * DAY_MS;

/** A page ends after the first round that fills it, also by its size: many regions make long rounds. */
export const PAGE_CHARACTERS_MAX = 4 * 1024 * 1024;

/** What is more than `ROUNDS_WINDOW_MAX_MS` after `from` is left out. Rounds that this version cannot read are left out as well. */
export async function runRoundsPage(
  topology: Topology,
  wish: RoundsWish,
  lastSlot: Instant | null,
  store: Store,
): Promise<StoreResult<RoundsPage>> {
  const end = wish.to ?? lastSlot ?? 0;
  const from = wish.from ?? Math.max(0, end - HOUR_MS);
  const to = Math.min(Math.max(from, end), from + ROUNDS_WINDOW_MAX_MS);
  const read = await readUntilFull(from, to, store);
  if (read.kind === "failed") return read;
  const page: RoundsPage = {
    schemaVersion: 1,
    service: { name: topology.service.name, host: topology.service.host },
    intervalSeconds: topology.probe.intervalSeconds,
    policy: fingerprint(topology),
    window: { from: toIso(from), to: toIso(to) },
    rounds: [...read.value.rounds],
    next: read.value.next === null ? null : toIso(read.value.next),
  };
  return { kind: "done", value: page };
}

interface Reading {
  readonly rounds: readonly ToldRound[];
  readonly next: Instant | null;
}

async function readUntilFull(from: Instant, to: Instant, store: Store): Promise<StoreResult<Reading>> {
  const rounds: ToldRound[] = [];
  let characters = 0;
  for (let start = from; start <= to; start += HOUR_MS) {
    const read = await store.readRounds(start, Math.min(start + HOUR_MS - 1, to));
    if (read.kind === "failed") return read;
    for (const { slot, row } of read.value) {
      if (rounds.length === PAGE_ROUNDS_MAX || characters > PAGE_CHARACTERS_MAX)
        return { kind: "done", value: { rounds, next: slot } };
      const told = parseToldRound(slot, row);
      if (told === null) continue;
      rounds.push(told);
      characters += row.length;
    }
  }
  return { kind: "done", value: { rounds, next: null } };
}
