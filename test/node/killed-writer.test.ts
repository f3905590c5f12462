// A process that writes rounds is killed again and again, wherever it is: what it was told is stored stays stored, and the
// state never speaks of a round that is not there.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { makeNodeStore } from "../../monitor/node/store.ts";
import { makeDice } from "../support/dice.ts";

const KILLS = 50;
/** So small that every commit also deletes. */
const RING = 20;
/** One in so many is killed at a moment of its start. */
const EARLY_SHARE = 0.2;
const START_MS = 200;
const COMMITS_MAX = 30;
const LINGER_MS = 4;

/** The slots that the writer told before it was killed. */
async function writeAndKill(file: string, roll: () => number): Promise<readonly number[]> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, "round-writer.ts"), file, String(RING)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(writer, "close");
  let told = "";
  const enough = Math.ceil(roll() * COMMITS_MAX);
  const reached = new Promise<void>((resolve) => {
    writer.stdout.on("data", (piece: Buffer) => {
      told += piece.toString();
      if (told.split("\n").length > enough) resolve();
    });
  });
  if (roll() < EARLY_SHARE) await sleep(roll() * START_MS);
  else await Promise.race([reached, ended]);
  await sleep(roll() * LINGER_MS);
  writer.kill("SIGKILL");
  expect(await ended).toEqual([null, "SIGKILL"]);
  return told.split("\n").filter(Boolean).map(Number);
}

const STATE_ROW = z.object({ json: z.string(), rounds: z.int() });
const STATE = z.object({ lastSlot: z.int(), rounds: z.int() });

function inspect(file: string) {
  const database = new DatabaseSync(file);
  try {
    expect(database.prepare("PRAGMA integrity_check").all()).toEqual([{ integrity_check: "ok" }]);
    const row = database.prepare("SELECT json, rounds FROM state").get();
    const held = row === undefined ? null : STATE_ROW.parse(row);
    const slots = database.prepare("SELECT slot FROM rounds ORDER BY slot").all();
    return {
      slots: slots.map(({ slot }) => Number(slot)),
      held: held?.rounds ?? 0,
      state: held === null ? { lastSlot: 0, rounds: 0 } : STATE.parse(JSON.parse(held.json)),
    };
  } finally {
    database.close();
  }
}

test(`${KILLS} kills of a writer tear no file, lose no round and count none twice`, { timeout: 120_000 }, async () => {
  const { seed, roll } = makeDice();
  const folder = mkdtempSync(join(tmpdir(), "killed-writer-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "rounds.db");
  const made = makeNodeStore({ file, roundsMax: RING });
  if (made.kind === "done") made.value.close();
  let latest = 0;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const told = await writeAndKill(file, roll);
    const { slots, held, state } = inspect(file);
    const where = `kill ${kill}, ANOMALY_SEED=${seed}`;
    latest = Math.max(latest, ...told);
    expect({ where, lost: Math.max(0, latest - state.lastSlot) }).toEqual({ where, lost: 0 });
    const first = Math.max(0, state.lastSlot - RING) + 1;
    // The writer numbers its slots without a gap, so that the last one is their number.
    expect({ where, state, held, slots }).toEqual({
      where,
      state: { lastSlot: state.lastSlot, rounds: state.lastSlot },
      held: Math.min(RING, state.lastSlot),
      slots: Array.from({ length: Math.min(RING, state.lastSlot) }, (_, index) => first + index),
    });
    latest = state.lastSlot;
  }
  expect(latest).toBeGreaterThan(KILLS);
});
