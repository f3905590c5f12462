// Where batches wait for a round: whatever their order and however often they come, and whatever happens in between.
import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { MonitorState } from "../../monitor/model/state.ts";
import { HELD_MAX } from "../../monitor/run/batch-order.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { sqlOf } from "../../monitor/node/store.ts";
import { ObservationDesk } from "../../monitor/wire/observation-desk.ts";
import { batchAt, OFFICE, withPrivate } from "../support/private-vantage.ts";

const TOPOLOGY = withPrivate();
const I = 30_000;
const SLOT = Date.UTC(2026, 10, 28, 12);

function open(sql = sqlOf(new DatabaseSync(":memory:"))) {
  let now = SLOT + 2000;
  const waits: number[] = [];
  const clock = {
    now: () => now,
    monotonicMs: () => now,
    sleepUntil: () => Promise.resolve(),
    within: async <T>(work: Promise<T>, limitMs: number): Promise<T | null> => {
      waits.push(limitMs);
      return Promise.race([work, new Promise<null>((resolve) => setImmediate(() => resolve(null)))]);
    },
  };
  return { sql, desk: new ObservationDesk(sql, clock), waits, set: (at: number) => (now = at) };
}

/** `slot`: the latest of which a round had a report. */
function reported(slot: number, missed: string | null = null): MonitorState {
  return { ...EMPTY_STATE, vantages: { [OFFICE]: { colo: "private-office", lastAt: slot, missed, slot } } };
}

test("any order and any repetition of batches is the same to the next round", async () => {
  const slots = [SLOT - 2 * I, SLOT - I, SLOT];
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...slots), { minLength: 1, maxLength: 8 }).filter((list) => list.includes(SLOT)),
      async (arrivals) => {
        const { desk } = open();
        for (const slot of arrivals) desk.accept(TOPOLOGY, EMPTY_STATE, batchAt(TOPOLOGY, slot), String(slot));
        const [outcome] = await desk.hear(TOPOLOGY, EMPTY_STATE, SLOT);
        const distinct = [...new Set(arrivals)].toSorted((a, b) => a - b);
        expect(outcome).toMatchObject({ kind: "reported", sent: { slot: SLOT } });
        const earlier = outcome?.kind === "reported" ? (outcome.sent?.earlier ?? []) : [];
        expect(earlier.map(({ observations }) => observations[0]?.at)).toEqual(
          distinct.slice(0, -1).map((slot) => slot + 100),
        );
      },
    ),
  );
});

test("what was held outlives the desk, and is handed to one round alone", async () => {
  const { sql, desk } = open();
  expect(desk.accept(TOPOLOGY, EMPTY_STATE, batchAt(TOPOLOGY, SLOT), "a")).toEqual({ kind: "held", everySeconds: 30 });
  const { desk: later } = open(sql);
  expect(await later.hear(TOPOLOGY, EMPTY_STATE, SLOT)).toMatchObject([{ kind: "reported", sent: { slot: SLOT } }]);
  expect(await later.hear(TOPOLOGY, reported(SLOT, "it was away"), SLOT + I)).toMatchObject([
    { kind: "missed", detail: "it is private, and sent nothing after 2026-11-28T12:00:00.000Z, 30 s ago" },
  ]);
});

test("a slot that a round had, or one before it, comes too late", () => {
  const { desk } = open();
  const state = reported(SLOT - I);
  for (const slot of [SLOT - I, SLOT - 2 * I])
    expect(desk.accept(TOPOLOGY, state, batchAt(TOPOLOGY, slot), "x")).toMatchObject({ refusal: "late" });
  expect(desk.accept(TOPOLOGY, state, batchAt(TOPOLOGY, SLOT), "x").kind).toBe("held");
});

test("a round waits for who reported lately, until it must have looked and sent, and for nobody else", async () => {
  const { desk, waits, set } = open();
  set(SLOT + 200);
  await desk.hear(TOPOLOGY, EMPTY_STATE, SLOT);
  await desk.hear(TOPOLOGY, reported(SLOT - 3 * I, "nothing came"), SLOT);
  expect(waits).toEqual([]);
  await desk.hear(TOPOLOGY, reported(SLOT - I), SLOT);
  expect(waits).toEqual([2500 + 1000 - 200]);
});

test("a batch that comes while a round waits is in that round", async () => {
  const { desk } = open();
  const heard = desk.hear(TOPOLOGY, reported(SLOT - I), SLOT);
  desk.accept(TOPOLOGY, reported(SLOT - I), batchAt(TOPOLOGY, SLOT), "a");
  expect(await heard).toMatchObject([{ kind: "reported", sent: { slot: SLOT, earlier: [] } }]);
});

test("a batch of a slot ahead waits for its round", async () => {
  const { desk, set } = open();
  set(SLOT - 5000);
  expect(desk.accept(TOPOLOGY, EMPTY_STATE, batchAt(TOPOLOGY, SLOT), "a").kind).toBe("held");
  expect(await desk.hear(TOPOLOGY, EMPTY_STATE, SLOT - I)).toMatchObject([{ kind: "missed" }]);
  expect(await desk.hear(TOPOLOGY, EMPTY_STATE, SLOT)).toMatchObject([{ kind: "reported" }]);
});

test("however long it sends and no round comes, a few batches are kept", () => {
  const { sql, desk, set } = open();
  for (let slot = SLOT; slot < SLOT + 40 * I; slot += I) {
    set(slot + 1000);
    expect(desk.accept(TOPOLOGY, EMPTY_STATE, batchAt(TOPOLOGY, slot), String(slot)).kind).toBe("held");
  }
  const rows = sql.all("SELECT json FROM observations");
  const kept = JSON.parse(String(rows[0]?.["json"])) as { batches: unknown[] };
  expect([rows.length, kept.batches.length <= HELD_MAX]).toEqual([1, true]);
});

test("who is no private vantage any more leaves nothing behind", () => {
  const { sql, desk } = open();
  const both = withPrivate(undefined, OFFICE, "attic");
  desk.accept(both, EMPTY_STATE, batchAt(both, SLOT, { vantage: "attic" }), "a");
  desk.accept(TOPOLOGY, EMPTY_STATE, batchAt(TOPOLOGY, SLOT), "b");
  expect(sql.all("SELECT vantage FROM observations").map((row) => row["vantage"])).toEqual([OFFICE]);
});

test("what another version stored is left out", async () => {
  const { sql } = open();
  sql.all("INSERT INTO observations (vantage, json) VALUES ('office', '{\"version\":2}')");
  expect(await open(sql).desk.hear(TOPOLOGY, EMPTY_STATE, SLOT)).toMatchObject([{ kind: "missed" }]);
});
