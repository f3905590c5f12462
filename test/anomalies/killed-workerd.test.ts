// The deployed bundle in workerd is killed again and again, wherever it is: no round that anybody was told of is lost, none
// is counted twice, and after each start one request is enough for the rounds to go on.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { makeDice } from "../support/dice.ts";
import { until } from "../support/until.ts";
import { INTERVAL_MS, type Life, NOTHING, readRemains, type Remains, startLife, type Told } from "./killed-workerd.ts";

const KILLS = 50;
/** One in so many is killed before it is known that it goes on. */
const EARLY_SHARE = 0.3;

/** What was told last. The one request that wakes the object stands for cron, which does the same every minute. */
async function liveAndDie(life: Life, roll: () => number): Promise<readonly Told[]> {
  try {
    return await live(life, roll);
  } finally {
    await life.kill();
  }
}

async function live(life: Life, roll: () => number): Promise<readonly Told[]> {
  const woken = await life.ask();
  if (roll() < EARLY_SHARE) {
    await sleep(roll() * INTERVAL_MS);
    return [woken];
  }
  const later = await until("rounds go on", async () => {
    const told = await life.ask();
    return told.rounds > woken.rounds ? told : null;
  });
  await sleep(roll() * INTERVAL_MS);
  return [woken, later];
}

/** What has been told of until now. */
interface Known {
  readonly rounds: number;
  readonly lastRoundAt: string;
}

function expectNothingForgotten(where: string, known: Known, told: Told): Known {
  const now = { rounds: told.rounds, lastRoundAt: told.lastRoundAt ?? "" };
  const latest = {
    rounds: Math.max(known.rounds, now.rounds),
    lastRoundAt: laterOf(known.lastRoundAt, now.lastRoundAt),
  };
  expect({ where, ...now }).toEqual({ where, ...latest });
  return now;
}

function laterOf(a: string, b: string): string {
  return a > b ? a : b;
}

/** Every slot since the first is a row, or was counted as missed by one. */
function expectWhole(where: string, known: Known, left: Remains | null): void {
  const { integrity, slots, missedSlots, state } = left ?? NOTHING;
  const [first = 0] = slots;
  const lastSlot = slots.at(-1) ?? 0;
  expect({ where, integrity, state, due: slots.length + missedSlots, lost: slots.length < known.rounds }).toEqual({
    where,
    integrity: "ok",
    state: { lastSlot, rounds: slots.length, missedSlots },
    due: slots.length === 0 ? 0 : (lastSlot - first) / INTERVAL_MS + 1,
    lost: false,
  });
}

/** A counter never falls, counts no round twice, and a kill costs it one round at most. */
function expectCounted(where: string, before: number, kills: number, left: Remains | null): number {
  const { slots, looks } = left ?? NOTHING;
  const lost = slots.length - looks;
  expect({ where, fell: looks < before, twice: lost < 0, forgotten: lost > kills }).toEqual({
    where,
    fell: false,
    twice: false,
    forgotten: false,
  });
  return looks;
}

test(`${KILLS} kills of workerd lose no round, count none twice, and stop none`, { timeout: 300_000 }, async () => {
  const { seed, roll } = makeDice();
  const storageDir = mkdtempSync(join(tmpdir(), "killed-workerd-test-"));
  onTestFinished(() => rmSync(storageDir, { recursive: true, force: true }));
  // Its own log of alarms that died with it.
  const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  onTestFinished(() => log.mockRestore());
  let known: Known = { rounds: 0, lastRoundAt: "" };
  let looks = 0;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const where = `kill ${kill}, ANOMALY_SEED=${seed}`;
    const life = await startLife(inject("bundleDir"), storageDir);
    const told = await liveAndDie(life, roll);
    known = told.reduce((before, one) => expectNothingForgotten(where, before, one), known);
    const left = readRemains(storageDir);
    expectWhole(where, known, left);
    looks = expectCounted(where, looks, kill, left);
  }
  expect(known.rounds).toBeGreaterThan(KILLS / 2);
});
