// An objective that is promised late, over rounds that were stored before it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ObjectiveBook } from "../../../monitor/model/counts.ts";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { stepObjectives } from "../../../monitor/objective/book.ts";
import { budgetOf } from "../../../monitor/objective/budget.ts";
import { countingKey, countingOf } from "../../../monitor/objective/counting.ts";
import { NO_INTENT } from "../../../monitor/objective/intent.ts";
import { runCountBack } from "../../../monitor/run/count-back.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../monitor/time.ts";
import type { Objective } from "../../../monitor/topology/topology.ts";
import { AWS } from "../../support/example-topology.ts";
import { makeMemoryStore, type MemoryStore } from "../../support/memory-store.ts";
import { AVAILABILITY, counts, promising } from "../objective/rounds.ts";
import { anyRounds, cell, kept, type KeptExample } from "../report/round-examples.ts";

const REGION: Objective = { ...AVAILABILITY, region: AWS.id };
const SLICED: Objective = { ...REGION, method: "timeslices", timeSliceTarget: 0.9, timeSliceMinutes: 7 };
const I = 30_000;
/** More than a week has hours. */
const STRETCHES_MAX = 200;

async function storeOf(rounds: readonly KeptExample[]): Promise<MemoryStore> {
  const store = makeMemoryStore();
  for (const { slot, row } of rounds) await store.commitRound(slot, JSON.stringify(row), "{}", []);
  return store;
}

function bookOf(objective: Objective, rounds: readonly KeptExample[]): ObjectiveBook {
  let book: ObjectiveBook = {};
  for (const [index, { slot, row }] of rounds.entries()) {
    const slots = { slot, missedSlots: row.missedSlots, lastSlot: rounds[index - 1]?.slot ?? null };
    book = stepObjectives(book, promising(objective), row, slots, NO_INTENT);
  }
  return book;
}

/** Each knows how many slots before it had no round, as the fold tells it. */
function withGaps(drawn: readonly KeptExample[]): readonly KeptExample[] {
  const rounds = drawn.toSorted((a, b) => a.slot - b.slot);
  return rounds.map(({ slot, row }, index) => {
    const last = rounds[index - 1]?.slot;
    return { slot, row: { ...row, missedSlots: last === undefined ? 0 : Math.max(0, (slot - last) / I - 1) } };
  });
}

/** Until nothing is left to count. */
async function countAll(objective: Objective, objectives: ObjectiveBook, store: MemoryStore, lastSlot: number) {
  let state: MonitorState = { ...EMPTY_STATE, lastSlot, objectives };
  for (let stretch = 0; stretch < STRETCHES_MAX; stretch += 1) {
    const counted = await runCountBack(promising(objective), state, store);
    if (counted.kind === "failed") throw new Error(counted.detail);
    if (counted.value === state) return state;
    state = counted.value;
  }
  throw new Error("it never ends");
}

function standing(objective: Objective, { objectives = {}, lastSlot }: MonitorState) {
  return budgetOf(objective, objectives[countingKey(countingOf(objective))] ?? null, lastSlot ?? 0);
}

describe("counting back", () => {
  test.each([
    { name: "looks", objective: REGION },
    { name: "slices", objective: SLICED },
  ])("gives of any rounds what counting them from the first would have given: $name", async ({ objective }) => {
    await fc.assert(
      fc.asyncProperty(anyRounds, async (drawn) => {
        const rounds = withGaps(drawn);
        const beginsAt = 4 * DAY_MS - ((4 * DAY_MS) % (7 * MINUTE_MS));
        const first = kept(beginsAt, [cell(AWS.id, "enam", 20)]);
        const state = await countAll(objective, bookOf(objective, [first]), await storeOf(rounds), beginsAt);
        const direct = { ...EMPTY_STATE, lastSlot: beginsAt, objectives: bookOf(objective, [...rounds, first]) };
        expect(standing(objective, state)).toEqual(standing(objective, direct));
      }),
    );
  });

  test("makes no second unit of the slice in which the objective begins", async () => {
    const minutes = (from: number, to: number): readonly KeptExample[] =>
      Array.from({ length: to - from }, (_, at) => kept((from + at) * MINUTE_MS, [cell(AWS.id, "enam", 20)]));
    const store = await storeOf(minutes(0, 10));
    const state = await countAll(SLICED, bookOf(SLICED, minutes(10, 15)), store, 14 * MINUTE_MS);
    expect(standing(SLICED, state).counts).toEqual(counts({ good: 2 }));
  });

  test("knows maintenance and slots without a round, and leaves out what it cannot read", async () => {
    const rounds = [
      kept(DAY_MS, [cell(AWS.id, "enam", 20)]),
      kept(DAY_MS + 4 * MINUTE_MS, [cell(AWS.id, "enam", "timeout")], { missedSlots: 7 }),
      kept(DAY_MS + 5 * MINUTE_MS, [cell(AWS.id, "enam", "timeout")], { maintenance: [AWS.id] }),
    ];
    const store = await storeOf(rounds);
    await store.commitRound(DAY_MS + 6 * MINUTE_MS, "{}", "{}", []);
    const lastSlot = DAY_MS + HOUR_MS;
    const state = await countAll(REGION, bookOf(REGION, [kept(lastSlot, [])]), store, lastSlot);
    const { since, counts: found } = standing(REGION, state);
    expect(since).toBe(DAY_MS);
    // Three vantages; two of them were silent in each round, and all in the new one.
    expect(found).toEqual(counts({ good: 1, bad: 1, unknown: 2 + 2 + 3 * 7 + 3, excused: 3 }));
  });

  test("reaches a week back and no further, an hour at a time", async () => {
    const lastSlot = 20 * DAY_MS;
    const old = [8, 6].map((days) => kept(lastSlot - days * DAY_MS, [cell(AWS.id, "enam", 20)]));
    const asked: number[] = [];
    const store = await storeOf(old);
    const counting = {
      ...store,
      readRounds: (from: number, to: number) => {
        asked.push(to - from);
        return store.readRounds(from, to);
      },
    };
    const state = await countAll(REGION, bookOf(REGION, [kept(lastSlot, [])]), counting, lastSlot);
    expect(standing(REGION, state).counts.good).toBe(1);
    expect(asked).toHaveLength(7 * 24);
    expect(Math.max(...asked)).toBeLessThan(HOUR_MS);
  });

  test("asks nothing where all was counted, and is told when the store fails", async () => {
    const failing = { readRounds: () => Promise.resolve({ kind: "failed" as const, detail: "disk" }) };
    const none: MonitorState = { ...EMPTY_STATE, lastSlot: 0 };
    expect(await runCountBack(promising(REGION), none, failing)).toEqual({ kind: "done", value: none });
    const due = { ...EMPTY_STATE, lastSlot: DAY_MS, objectives: bookOf(REGION, [kept(DAY_MS, [])]) };
    expect(await runCountBack(promising(REGION), due, failing)).toEqual({ kind: "failed", detail: "disk" });
  });
});
