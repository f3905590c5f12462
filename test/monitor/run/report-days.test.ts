// What is counted from the store: the same as counting all rounds at once, however often it is asked.
import { describe, expect, test } from "vitest";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { type HourBook, type Ledger, runCount } from "../../../monitor/run/period.ts";
import { runDayReports, runRecentReport } from "../../../monitor/run/report-days.ts";
import type { Store } from "../../../monitor/run/world.ts";
import { tallyOf } from "../../../monitor/report/tally.ts";
import { DAY_MS, HOUR_MS } from "../../../monitor/time.ts";
import { makeMemoryBuckets } from "../../support/memory-buckets.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { cell, kept, type KeptExample } from "../report/round-examples.ts";

const I = 30_000;
const MIDNIGHT = 20 * DAY_MS;

/** One round every half hour from `from` on. */
function halfHours(from: number, count: number): readonly KeptExample[] {
  return Array.from({ length: count }, (_, index) =>
    kept(from + index * (HOUR_MS / 2), [cell(AWS.id, "enam", 10 + index)]),
  );
}

interface WatchedStore extends Store {
  readonly reads: () => number;
}

function storeOf(rounds: readonly KeptExample[], texts: ReadonlyMap<number, string> = new Map()): WatchedStore {
  let reads = 0;
  return {
    reads: () => reads,
    readState: () => Promise.resolve({ kind: "done", value: null }),
    commitRound: () => Promise.resolve({ kind: "done", value: true }),
    readRounds: (from, to) => {
      reads += 1;
      const value = rounds
        .filter(({ slot }) => slot >= from && slot <= to)
        .map(({ slot, row }) => ({ slot, row: texts.get(slot) ?? JSON.stringify(row) }));
      return Promise.resolve({ kind: "done", value });
    },
  };
}

function ledgerOf(store: Store, hours: HourBook = new Map()): Ledger {
  return { hours, store, buckets: makeMemoryBuckets() };
}

const broken: Store = { ...storeOf([]), readRounds: () => Promise.resolve({ kind: "failed", detail: "disk on fire" }) };

describe("counting a window", () => {
  const rounds = halfHours(MIDNIGHT - DAY_MS, 100);
  const lastSlot = rounds.at(-1)?.slot ?? 0;
  const day = { from: MIDNIGHT - DAY_MS, to: MIDNIGHT };

  test("by hours gives what counting all of its rounds gives", async () => {
    const counted = await runCount(EXAMPLE, day, lastSlot, ledgerOf(storeOf(rounds)));
    expect(counted).toEqual({
      kind: "done",
      value: {
        tally: tallyOf(
          EXAMPLE,
          rounds.filter(({ slot }) => slot < MIDNIGHT),
        ),
        closed: [],
        next: { slot: MIDNIGHT, missedSlots: 0 },
      },
    });
  });

  test("reads an hour that is over once, and one that is not every time", async () => {
    const hours: HourBook = new Map();
    const store = storeOf(rounds);
    const recent = { from: lastSlot - HOUR_MS / 2 - 2 * HOUR_MS, to: lastSlot + 1 };
    const first = await runCount(EXAMPLE, recent, lastSlot, ledgerOf(store, hours));
    expect(store.reads()).toBe(3);
    expect(await runCount(EXAMPLE, recent, lastSlot, ledgerOf(store, hours))).toEqual(first);
    expect(store.reads()).toBe(4);
  });

  test("sees what was added to an hour that was not over", async () => {
    const hours: HourBook = new Map();
    const window = { from: MIDNIGHT, to: MIDNIGHT + HOUR_MS };
    const early = [kept(MIDNIGHT, [])];
    await runCount(EXAMPLE, window, MIDNIGHT, ledgerOf(storeOf(early), hours));
    const later = [...early, kept(MIDNIGHT + I, [])];
    const counted = await runCount(EXAMPLE, window, MIDNIGHT + I, ledgerOf(storeOf(later), hours));
    expect(counted).toMatchObject({ value: { tally: { rounds: 2 } } });
  });

  test("keeps no more hours than the ends of a window", async () => {
    const hours: HourBook = new Map();
    for (let from = 0; from < 20 * DAY_MS; from += DAY_MS) {
      await runCount(EXAMPLE, { from, to: from + DAY_MS }, lastSlot, ledgerOf(storeOf(rounds), hours));
    }
    expect(hours.size).toBe(48);
  });

  test("leaves out a row that it cannot read", async () => {
    const texts = new Map([
      [MIDNIGHT - HOUR_MS, "{"],
      [MIDNIGHT - HOUR_MS / 2, '{"version":2}'],
    ]);
    const counted = await runCount(EXAMPLE, day, lastSlot, ledgerOf(storeOf(rounds, texts)));
    expect(counted).toMatchObject({ value: { tally: { rounds: 46 } } });
  });

  test("finds a next round that came days later", async () => {
    const late = kept(MIDNIGHT + 3 * DAY_MS + I, [], { missedSlots: 9 });
    const counted = await runCount(EXAMPLE, day, late.slot, ledgerOf(storeOf([late])));
    expect(counted).toMatchObject({ value: { next: { slot: late.slot, missedSlots: 9 } } });
  });

  test("says what the storage says", async () => {
    expect(await runCount(EXAMPLE, day, lastSlot, ledgerOf(broken))).toEqual({
      kind: "failed",
      detail: "disk on fire",
    });
  });
});

describe("reports of days", () => {
  const made = async (rounds: readonly KeptExample[], kept_: readonly string[] = []) => {
    const lastSlot = rounds.at(-1)?.slot ?? 0;
    const reports = await runDayReports(
      EXAMPLE,
      EMPTY_STATE,
      lastSlot,
      kept_,
      ledgerOf(storeOf(rounds)),
      lastSlot + 900,
    );
    if (reports.kind === "failed") throw new Error(reports.detail);
    return reports.value.map(({ day, report }) => [day, report.rounds, report.missedSlots] as const);
  };

  test("none while the first day lasts", async () => {
    expect(await made(halfHours(MIDNIGHT + HOUR_MS, 3))).toEqual([]);
  });

  test("the round at midnight makes that of the day before", async () => {
    expect(await made(halfHours(MIDNIGHT - HOUR_MS, 3))).toEqual([["1970-01-20", 2, 0]]);
  });

  test("a round that is repeated makes none", async () => {
    expect(await made(halfHours(MIDNIGHT - HOUR_MS, 3), ["1970-01-20"])).toEqual([]);
  });

  test("days that nobody watched are made up by the next round, with all their slots missed", async () => {
    const before = kept(MIDNIGHT - I, []);
    const after = kept(MIDNIGHT + DAY_MS + 10 * I, [], { missedSlots: 2890 });
    expect(await made([before, after])).toEqual([
      ["1970-01-20", 1, 0],
      ["1970-01-21", 0, 2880],
    ]);
  });

  test("hold the incidents that were known before the round that makes them", async () => {
    const rounds = halfHours(MIDNIGHT - HOUR_MS, 3);
    const closed = {
      id: "1",
      subject: "failover",
      openedAt: MIDNIGHT - DAY_MS,
      closedAt: MIDNIGHT - DAY_MS + 1,
      reason: "",
    };
    const open = { ...closed, id: "2", openedAt: MIDNIGHT - 5000, closedAt: null };
    const before = { ...EMPTY_STATE, incidents: { open: [open], closed: [closed] } };
    const reports = await runDayReports(EXAMPLE, before, MIDNIGHT, [], ledgerOf(storeOf(rounds)), MIDNIGHT + 900);
    expect(reports).toMatchObject({ value: [{ report: { incidents: [{ durationMs: 1 }, { durationMs: 5000 }] } }] });
  });

  test("a recent report begins on the hour and ends now", async () => {
    const rounds = halfHours(MIDNIGHT, 10);
    const at = MIDNIGHT + 4 * HOUR_MS + 35 * 60_000;
    const state = { ...EMPTY_STATE, lastSlot: rounds.at(-1)?.slot ?? 0 };
    const report = await runRecentReport(EXAMPLE, state, HOUR_MS, ledgerOf(storeOf(rounds)), at);
    expect(report).toMatchObject({
      value: { window: { from: "1970-01-21T03:00:00.000Z", to: "1970-01-21T04:35:00.000Z" }, rounds: 4 },
    });
  });
});
