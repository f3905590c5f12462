// A keeper on the grid of a process whose clock is set and whose machine sleeps: what was not looked at is told as missed, and
// the monitor looks on. Its storage fails for a while; nobody is told of anything that is not stored.
import { describe, expect, test } from "vitest";
import { makeNodeStore } from "../../monitor/node/store.ts";
import { runVantage } from "../../monitor/run/vantage.ts";
import { HOUR_MS, type Instant } from "../../monitor/time.ts";
import { keepGrid } from "../../monitor/watch/grid.ts";
import { Keeper } from "../../monitor/wire/keeper.ts";
import { makeSender } from "../../monitor/wire/send.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { makeFakeWorld } from "../support/fake-world.ts";

const START = 500_000 * HOUR_MS;
const INTERVAL_MS = 30_000;

function open() {
  let now = START;
  const clock = {
    now: () => now,
    monotonicMs: () => now - START,
    sleepUntil: async () => {},
    within: <T>(work: Promise<T>) => work,
  };
  const made = makeNodeStore({ file: ":memory:" });
  if (made.kind === "failed") throw new Error(made.detail);
  const store = made.value;
  const told: string[] = [];
  const log = { note: () => {}, warn: (line: string) => void told.push(line) };
  const sender = makeSender(() => Promise.reject(new Error("nobody is told")), clock);
  const keeper = new Keeper({ clock, store, sql: store.sql, checkers: null, sender, log });
  const world = { ...makeFakeWorld(), clock };
  const place = { colo: "node", nameServers: new Map() };
  const run = async (rounds: number, napping: (now: Instant, nap: number) => Instant = (at) => at): Promise<void> => {
    let naps = 0;
    const duty = {
      intervalMs: () => keeper.intervalMsAt(EXAMPLE, now),
      runSlot: (slot: Instant) => keeper.runSlot(EXAMPLE, slot, (job) => runVantage(job, place, world)),
      between: async () => {},
      roundsMax: rounds,
      stop: new AbortController().signal,
    };
    await keepGrid(duty, clock, async (ms) => {
      naps += 1;
      now = napping(now + ms, naps);
    });
    now += INTERVAL_MS;
  };
  return { keeper, store, told, run };
}

describe("a monitor in one process", () => {
  test("derives the slots that a machine slept through, and looks on", async () => {
    const { keeper, told, run } = open();
    await run(3, (now, nap) => (nap === 5 ? now + HOUR_MS : now));
    expect(await keeper.faces.readSelf(EXAMPLE)).toMatchObject({ rounds: 3, missedSlots: HOUR_MS / INTERVAL_MS - 1 });
    expect(told).toEqual([]);
  });

  test("looks on while the clock is behind what is stored, says so once, and once when it is over", async () => {
    const { keeper, told, run } = open();
    await run(8);
    await run(12, (now, nap) => (nap === 5 ? now - 4 * INTERVAL_MS : now));
    expect(told).toEqual([expect.stringContaining("the clock was set back"), "rounds are stored again"]);
    expect(await keeper.faces.readSelf(EXAMPLE)).toMatchObject({ status: "pass", problems: [] });
  });

  test("goes on with a full disk, fails its own health in words, and stores again when there is room", async () => {
    const { keeper, store, told, run } = open();
    await run(2);
    const [{ page_count: pages = 0 } = {}] = store.sql.all("PRAGMA page_count");
    store.sql.all(`PRAGMA max_page_count = ${Number(pages)}`);
    await run(12);
    expect(await keeper.faces.readSelf(EXAMPLE)).toMatchObject({
      status: "fail",
      problems: expect.arrayContaining(["the latest round was not stored: database or disk is full"]),
    });
    // It judges on: the fake world answers with the first region's claim everywhere.
    expect((await keeper.faces.readStatus(EXAMPLE)).regions.map(({ userHealth }) => userHealth)).toEqual([
      "healthy",
      "unhealthy",
    ]);
    store.sql.all("PRAGMA max_page_count = 1000000");
    await run(1);
    expect((await keeper.faces.readSelf(EXAMPLE)).problems).toEqual([]);
    expect(told.filter((line) => line.includes("stored"))).toEqual([
      "the round was not stored: database or disk is full",
      "rounds are stored again",
    ]);
  });
});
