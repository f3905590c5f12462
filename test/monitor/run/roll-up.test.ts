// Hours and days that are over are kept once, whatever happens between two writes, and a report counted from them is the one
// counted from their rounds.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { runRecentBuckets } from "../../../monitor/run/recent-buckets.ts";
import { runRecentReport } from "../../../monitor/run/report-days.ts";
import { runRollUp } from "../../../monitor/run/roll-up.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import type { BucketShelf, Store } from "../../../monitor/run/world.ts";
import { DAY_MS, HOUR_MS } from "../../../monitor/time.ts";
import { AWS, EXAMPLE } from "../../support/example-topology.ts";
import { makeMemoryBuckets } from "../../support/memory-buckets.ts";
import { makeMemoryStore } from "../../support/memory-store.ts";
import { anyRounds, cell, kept, type KeptExample } from "../report/round-examples.ts";

const MIDNIGHT = 20 * DAY_MS;
const EMPTY = makeMemoryBuckets();

async function storeOf(all: readonly KeptExample[]): Promise<Store> {
  const store = makeMemoryStore();
  for (const { slot, row } of all) await store.commitRound(slot, JSON.stringify(row), "state");
  return store;
}

/** One round every twenty minutes from `from` on, each slower than the one before. */
function rounds(from: number, count: number): readonly KeptExample[] {
  return Array.from({ length: count }, (_, index) =>
    kept(from + index * (HOUR_MS / 3), [cell(AWS.id, "enam", index % 10 === 9 ? "timeout" : 10 + index)]),
  );
}

async function rolled(
  all: readonly KeptExample[],
  buckets: BucketShelf,
  before: MonitorState = EMPTY_STATE,
): Promise<unknown> {
  return runRollUp(EXAMPLE, before, all.at(-1)?.slot ?? 0, await storeOf(all), buckets);
}

async function report(state: MonitorState, windowMs: number, at: number, store: Store, buckets: BucketShelf) {
  const made = await runRecentReport(EXAMPLE, state, windowMs, { hours: new Map(), store, buckets }, at);
  if (made.kind === "failed") throw new Error(made.detail);
  return made.value;
}

describe("rolling up", () => {
  const twoDays = rounds(MIDNIGHT - DAY_MS, 6 * 24 + 1);

  test("keeps each hour and each day that is over, and not the one under way", async () => {
    const buckets = makeMemoryBuckets();
    expect(await rolled(twoDays, buckets)).toEqual({ kind: "done", value: 48 + 2 });
    expect(await buckets.keptBuckets("day", 0, 2 * MIDNIGHT)).toMatchObject({ value: [MIDNIGHT - DAY_MS, MIDNIGHT] });
    expect(await buckets.keptBuckets("hour", MIDNIGHT + 22 * HOUR_MS, 2 * MIDNIGHT)).toMatchObject({
      value: [MIDNIGHT + 22 * HOUR_MS, MIDNIGHT + 23 * HOUR_MS],
    });
  });

  test("again writes nothing", async () => {
    const buckets = makeMemoryBuckets();
    await rolled(twoDays, buckets);
    expect(await rolled(twoDays, buckets)).toEqual({ kind: "done", value: 0 });
  });

  test("writes one bucket for an hour that has ended, and nothing while it lasts", async () => {
    const buckets = makeMemoryBuckets();
    const sizes = [4, 5, 6, 7, 8, 9, 10].map(async (count) => rolled(rounds(MIDNIGHT, count), buckets));
    expect((await Promise.all(sizes)).length).toBe(7);
    expect(buckets.writes()).toBeGreaterThanOrEqual(3);
    const held = buckets.writes();
    await rolled(rounds(MIDNIGHT, 11), buckets);
    await rolled(rounds(MIDNIGHT, 12), buckets);
    expect(buckets.writes()).toBe(held);
    await rolled(rounds(MIDNIGHT, 13), buckets);
    expect(buckets.writes()).toBe(held + 1);
  });

  test("that is cut short after any write is finished by the next round, to the same buckets", async () => {
    const whole = makeMemoryBuckets();
    await rolled(twoDays, whole);
    const wanted = await textsOf(whole);
    for (let writes = 0; writes <= 50; writes += 7) {
      const buckets = makeMemoryBuckets();
      const cut = await rolled(twoDays, breakingAfter(writes, buckets));
      expect(cut).toEqual(writes < 50 ? { kind: "failed", detail: "torn" } : { kind: "done", value: 50 });
      await rolled(twoDays, buckets);
      expect(await textsOf(buckets)).toEqual(wanted);
      expect(buckets.writes()).toBe(50);
    }
  });

  test("counts an hour again that a clock ahead of its time had closed", async () => {
    const buckets = makeMemoryBuckets();
    const early = rounds(MIDNIGHT, 2);
    const ahead = kept(MIDNIGHT + HOUR_MS, []);
    await rolled([...early, ahead], buckets);
    await rolled([...rounds(MIDNIGHT, 3), ahead], buckets);
    const { buckets: rows } = await bucketsOf(MIDNIGHT + HOUR_MS + 1, buckets);
    expect(rows).toMatchObject([{ rounds: 3 }]);
  });

  test("says what the storage says", async () => {
    const store: Store = {
      ...makeMemoryStore(),
      readRounds: () => Promise.resolve({ kind: "failed", detail: "gone" }),
    };
    expect(await runRollUp(EXAMPLE, EMPTY_STATE, MIDNIGHT, store, makeMemoryBuckets())).toEqual({
      kind: "failed",
      detail: "gone",
    });
  });
});

describe("a report from buckets", () => {
  test("is that of their rounds, whatever they were", async () => {
    await fc.assert(
      fc.asyncProperty(anyRounds, async (some) => {
        const all = some.toSorted((a, b) => a.slot - b.slot);
        const lastSlot = all.at(-1)?.slot ?? 0;
        const state = { ...EMPTY_STATE, lastSlot };
        const store = await storeOf(all);
        const buckets = makeMemoryBuckets();
        await runRollUp(EXAMPLE, EMPTY_STATE, lastSlot, store, buckets);
        const at = lastSlot + 900;
        const direct = await report(state, 3 * DAY_MS, at, store, EMPTY);
        expect(await report(state, 3 * DAY_MS, at, store, buckets)).toEqual(direct);
        // All rounds that are over may leave the store.
        const young = await storeOf(all.filter(({ slot }) => slot >= lastSlot - (lastSlot % HOUR_MS)));
        expect(await report(state, 3 * DAY_MS, at, young, buckets)).toEqual(direct);
      }),
      { numRuns: 60 },
    );
  });

  test("tells of incidents that the state has forgotten, each once", async () => {
    const all = rounds(MIDNIGHT, 30);
    const closed = { id: "1", subject: "failover", openedAt: MIDNIGHT, closedAt: MIDNIGHT + 60_000, reason: "dark" };
    const buckets = makeMemoryBuckets();
    const before = { ...EMPTY_STATE, incidents: { open: [], closed: [closed] } };
    await rolled(all, buckets, before);
    const store = await storeOf(all);
    const at = MIDNIGHT + 10 * HOUR_MS;
    const state = { ...EMPTY_STATE, lastSlot: at };
    for (const known of [state, { ...before, lastSlot: at }]) {
      const { incidents } = await report(known, DAY_MS, at, store, buckets);
      expect(incidents).toMatchObject([{ reason: "dark", durationMs: 60_000 }]);
    }
  });

  test("of more than a month begins at midnight, and reaches as far as days are kept", async () => {
    const buckets = makeMemoryBuckets();
    const days = 45;
    for (let day = 0; day < days; day += 1) await rolled(rounds(MIDNIGHT + day * DAY_MS, 73), buckets);
    const at = MIDNIGHT + days * DAY_MS + 5 * HOUR_MS + 1;
    const state = { ...EMPTY_STATE, lastSlot: MIDNIGHT + days * DAY_MS };
    const store = await storeOf([kept(MIDNIGHT + days * DAY_MS, [cell(AWS.id, "enam", 10)])]);
    const month = await report(state, 30 * DAY_MS, at, store, buckets);
    expect(month).toMatchObject({ rounds: 30 * 72 - 5 * 3 + 1, window: { from: "1970-02-05T05:00:00.000Z" } });
    const long = await report(state, 60 * DAY_MS, at, store, buckets);
    expect(long).toMatchObject({ rounds: days * 72 + 1, window: { from: "1970-01-06T00:00:00.000Z" } });
    expect(long.regions[0]?.all.p50Ms).toBeGreaterThan(40);
  });
});

test("a kept day is read in the place of its hours", async () => {
  const all = rounds(MIDNIGHT - DAY_MS, 6 * 24 + 1);
  const shelf = makeMemoryBuckets();
  await rolled(all, shelf);
  const read: string[] = [];
  const watched: BucketShelf = {
    ...shelf,
    readBucket: (width, from) => {
      read.push(`${width} ${(from - MIDNIGHT) / HOUR_MS}`);
      return shelf.readBucket(width, from);
    },
  };
  const state = { ...EMPTY_STATE, lastSlot: MIDNIGHT + DAY_MS };
  await report(state, DAY_MS + 2 * HOUR_MS, MIDNIGHT + DAY_MS + 1000, await storeOf(all), watched);
  expect(read).toEqual(["hour -2", "hour -1", "day 0"]);
});

describe("buckets of a recent window", () => {
  test.each([
    { width: "minute", windowMs: HOUR_MS, want: [1, 1, 1, 1] },
    { width: "hour", windowMs: 4 * HOUR_MS, want: [3, 3, 3, 3, 1] },
    { width: "day", windowMs: DAY_MS, want: [72, 1] },
  ] as const)("by $width, those without a round left out", async ({ width, windowMs, want }) => {
    const all = rounds(MIDNIGHT, 73);
    const shelf = makeMemoryBuckets();
    await rolled(all, shelf);
    const at = MIDNIGHT + DAY_MS + 1000;
    const made = await bucketsOf(at, shelf, all, { width, windowMs });
    expect(made.buckets.map((bucket) => bucket.rounds)).toEqual(want);
  });
});

async function bucketsOf(
  at: number,
  buckets: BucketShelf,
  all: readonly KeptExample[] = [],
  wish: Parameters<typeof runRecentBuckets>[2] = { width: "hour", windowMs: HOUR_MS },
) {
  const ledger = { hours: new Map(), store: await storeOf(all), buckets };
  const made = await runRecentBuckets(EXAMPLE, { ...EMPTY_STATE, lastSlot: at }, wish, ledger, at);
  if (made.kind === "failed") throw new Error(made.detail);
  return made.value;
}

async function textsOf(buckets: BucketShelf): Promise<readonly unknown[]> {
  const texts: unknown[] = [];
  for (const width of ["hour", "day"] as const) {
    const starts = await buckets.keptBuckets(width, 0, 2 * MIDNIGHT);
    for (const start of starts.kind === "done" ? starts.value : []) {
      texts.push([width, start, await buckets.readBucket(width, start)]);
    }
  }
  return texts;
}

function breakingAfter(writes: number, buckets: BucketShelf): BucketShelf {
  let left = writes;
  return {
    ...buckets,
    keepBucket: (...bucket) => {
      left -= 1;
      return left < 0 ? Promise.resolve({ kind: "failed", detail: "torn" }) : buckets.keepBucket(...bucket);
    },
  };
}
