// Every call of a round to its world goes wrong once, in every way there is: the round ends, it is stored whole or not at
// all, nobody else's look is lost, and the next round is made.
import { describe, expect, test } from "vitest";
import type { MonitorState } from "../../../monitor/model/state.ts";
import { type AskVantage, type RoundResult, runRound } from "../../../monitor/run/round.ts";
import type { RoundRow } from "../../../monitor/run/row.ts";
import { EMPTY_STATE, parseState } from "../../../monitor/run/state.ts";
import { runVantage } from "../../../monitor/run/vantage.ts";
import { type Break, BREAKS, type BreakingWorld, makeBreakingWorld } from "../../support/breaking-world.ts";
import { EXAMPLE } from "../../support/example-topology.ts";
import { makeFakeWorld } from "../../support/fake-world.ts";
import { makeMemoryStore, type MemoryStore } from "../../support/memory-store.ts";

const I = 30_000;

function roundAt(slot: number, before: MonitorState, world: BreakingWorld): Promise<RoundResult> {
  world.set(slot);
  const ask: AskVantage = (job) => runVantage(job, { colo: job.vantage.id, nameServers: new Map() }, world);
  return runRound(EXAMPLE, slot, before, ask, world);
}

function worldOf(at: number | null, how: Break, store: MemoryStore): BreakingWorld {
  return makeBreakingWorld(at, how, makeFakeWorld({ store }));
}

/** A round before, in an unbroken world of its own. */
async function begun(store: MemoryStore): Promise<MonitorState> {
  return (await roundAt(0, EMPTY_STATE, worldOf(null, "fails", store))).state;
}

/** What one look came to, by who looked at what. */
function looksIn(store: MemoryStore, slot: number): ReadonlyMap<string, string> {
  const text = store.rounds().find((round) => round.slot === slot)?.row;
  if (text === undefined) return new Map();
  const row = JSON.parse(text) as RoundRow;
  return new Map([
    ...row.cells.map((cell) => [`${cell.vantage} ${cell.region}`, `${cell.status} ${cell.cause}`] as const),
    ...row.dns.map((seen) => [seen.subject, seen.reply.kind] as const),
  ]);
}

/** The state speaks of the rounds that are there, and of no others. */
function expectAgreement(store: MemoryStore): void {
  const state = parseState(store.state() ?? "");
  if (!state.ok) throw new Error("the stored state cannot be read");
  const rounds = store.rounds();
  const missed = rounds.reduce((sum, { row }) => sum + (JSON.parse(row) as RoundRow).missedSlots, 0);
  expect(state.value).toMatchObject({
    lastSlot: rounds.at(-1)?.slot,
    rounds: rounds.length,
    missedSlots: missed,
  });
}

async function unbroken(): Promise<{ readonly calls: readonly string[]; readonly looks: ReadonlyMap<string, string> }> {
  const store = makeMemoryStore();
  const world = worldOf(null, "fails", store);
  await roundAt(I, await begun(store), world);
  return { calls: world.calls, looks: looksIn(store, I) };
}

const good = await unbroken();

test("an unbroken round uses every door, and sees every region and DNS from everywhere", () => {
  expect(new Set(good.calls)).toEqual(new Set(["dial", "fetchOnce", "ask", "commitRound"]));
  expect(good.looks.size).toBe(3 * (2 + 2));
});

describe.each(BREAKS.map((how) => ({ how })))("a call that $how", ({ how }) => {
  test.each(good.calls.map((door, index) => ({ n: index + 1, door })))("$n: $door", async ({ n, door }) => {
    const store = makeMemoryStore();
    const before = await begun(store);
    const world = worldOf(n, how, store);
    const { state, saved } = await roundAt(I, before, world);
    expect(saved.kind).toBe(door === "commitRound" ? "unsaved" : "saved");
    expect(Object.values(state.vantages).map((vantage) => vantage.missed)).toEqual([null, null, null]);
    expectAgreement(store);
    if (saved.kind === "saved") {
      const looks = looksIn(store, I);
      expect([...looks.keys()]).toEqual([...good.looks.keys()]);
      expect([...looks].filter(([who, what]) => good.looks.get(who) !== what).length).toBeLessThanOrEqual(1);
    }
    const next = await roundAt(2 * I, state, world);
    expect(next.saved.kind).toBe("saved");
    expect(looksIn(store, 2 * I)).toEqual(good.looks);
    expectAgreement(store);
    expect(next.state.missedSlots).toBe(saved.kind === "saved" ? 0 : 1);
  });
});
