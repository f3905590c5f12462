// What every Store must hold to, whatever lies beneath it.
import { describe, expect, test } from "vitest";
import type { Store } from "../../monitor/run/world.ts";

/** Fresh storage for one test; each `open` gives a store of its own over it, as after a restart. */
export type WithStorage = (work: (open: (roundsMax: number) => Store) => Promise<void>) => Promise<void>;

const SLOT_MS = 30_000;
const ROUNDS_MAX = 5;

export function storeContract(withStorage: WithStorage): void {
  describe("a store", () => {
    test("is empty at first", async () => {
      await withStorage(async (open) => {
        const store = open(ROUNDS_MAX);
        expect(await store.readState()).toEqual({ kind: "done", value: null });
        expect(await slots(store)).toEqual([]);
      });
    });

    test("keeps what was committed", async () => {
      await withStorage(async (open) => {
        const store = open(ROUNDS_MAX);
        expect(await store.commitRound(SLOT_MS, "row é", "state ✓")).toEqual({ kind: "done", value: true });
        expect(await store.readState()).toEqual({ kind: "done", value: "state ✓" });
        expect(await store.readRounds(0, SLOT_MS)).toEqual({ kind: "done", value: [{ slot: SLOT_MS, row: "row é" }] });
      });
    });

    test("changes nothing when a slot is committed again", async () => {
      await withStorage(async (open) => {
        const store = open(ROUNDS_MAX);
        await store.commitRound(SLOT_MS, "first", "first state");
        expect(await store.commitRound(SLOT_MS, "second", "second state")).toEqual({ kind: "done", value: false });
        expect(await store.readState()).toEqual({ kind: "done", value: "first state" });
        expect(await store.readRounds(0, SLOT_MS)).toEqual({ kind: "done", value: [{ slot: SLOT_MS, row: "first" }] });
      });
    });

    test("lets the oldest round leave when the ring is full", async () => {
      await withStorage(async (open) => {
        const store = open(ROUNDS_MAX);
        await commitSlots(store, [1, 2, 3, 4, 5]);
        expect(await slots(store)).toEqual([1, 2, 3, 4, 5]);
        await commitSlots(store, [6, 7]);
        expect(await slots(store)).toEqual([3, 4, 5, 6, 7]);
      });
    });

    test("does not count a repeated slot against the ring", async () => {
      await withStorage(async (open) => {
        const store = open(ROUNDS_MAX);
        await commitSlots(store, [1, 2, 2, 2, 3, 3, 3, 4, 5]);
        expect(await slots(store)).toEqual([1, 2, 3, 4, 5]);
      });
    });

    test("counts slots that were missed as nothing", async () => {
      await withStorage(async (open) => {
        const store = open(ROUNDS_MAX);
        await commitSlots(store, [1, 2, 100, 101, 102, 103]);
        expect(await slots(store)).toEqual([2, 100, 101, 102, 103]);
      });
    });

    reading(withStorage);
    reopening(withStorage);
  });
}

function reading(withStorage: WithStorage): void {
  test.each([
    { name: "both ends belong to the window", from: 2, to: 4, want: [2, 3, 4] },
    { name: "a window between two slots is empty", from: 2.2, to: 2.8, want: [] },
    { name: "a window that ends before it begins is empty", from: 4, to: 2, want: [] },
    { name: "a window may reach beyond what there is", from: -100, to: 100, want: [1, 2, 3, 4, 5] },
  ])("reads rounds in order: $name", async ({ from, to, want }) => {
    await withStorage(async (open) => {
      const store = open(ROUNDS_MAX);
      await commitSlots(store, [3, 1, 5, 2, 4]);
      expect(await slots(store, from * SLOT_MS, to * SLOT_MS)).toEqual(want);
    });
  });
}

function reopening(withStorage: WithStorage): void {
  test("finds everything again after a restart, the place in the ring too", async () => {
    await withStorage(async (open) => {
      await commitSlots(open(ROUNDS_MAX), [1, 2, 3, 4]);
      const store = open(ROUNDS_MAX);
      expect(await store.readState()).toEqual({ kind: "done", value: "state 4" });
      await commitSlots(store, [4, 5, 6]);
      expect(await slots(store)).toEqual([2, 3, 4, 5, 6]);
    });
  });

  test("shrinks step by step when its bound was lowered, and grows when it was raised", async () => {
    await withStorage(async (open) => {
      await commitSlots(open(ROUNDS_MAX), [1, 2, 3, 4, 5]);
      const smaller = open(2);
      await commitSlots(smaller, [6]);
      expect(await slots(open(ROUNDS_MAX))).toEqual([3, 4, 5, 6]);
      await commitSlots(smaller, [7, 8]);
      expect(await slots(open(ROUNDS_MAX))).toEqual([7, 8]);
      await commitSlots(open(3), [9, 10]);
      expect(await slots(open(ROUNDS_MAX))).toEqual([8, 9, 10]);
    });
  });
}

/** Slots by their number on the grid. */
async function commitSlots(store: Store, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const done = await store.commitRound(number * SLOT_MS, `row ${number}`, `state ${number}`);
    expect(done.kind).toBe("done");
  }
}

async function slots(
  store: Store,
  from = -Number.MAX_SAFE_INTEGER,
  to = Number.MAX_SAFE_INTEGER,
): Promise<readonly number[]> {
  const rounds = await store.readRounds(from, to);
  if (rounds.kind === "failed") throw new Error(rounds.detail);
  return rounds.value.map((round) => round.slot / SLOT_MS);
}
