// A process that commits round after round until it is killed, and tells each slot that it was told is stored.
import { writeSync } from "node:fs";
import { makeNodeStore } from "../../monitor/node/store.ts";

const ROUNDS_MAX = 1_000_000;
const ROW = "x".repeat(3000);

const [file = "", ring = ""] = process.argv.slice(2);
const made = makeNodeStore({ file, roundsMax: Number(ring) });
if (made.kind === "failed") throw new Error(made.detail);
const store = made.value;
const read = await store.readState();
if (read.kind === "failed") throw new Error(read.detail);
let state = JSON.parse(read.value ?? '{ "lastSlot": 0, "rounds": 0 }') as { lastSlot: number; rounds: number };
for (let round = 0; round < ROUNDS_MAX; round += 1) {
  const next = { lastSlot: state.lastSlot + 1, rounds: state.rounds + 1 };
  const done = await store.commitRound(next.lastSlot, ROW, JSON.stringify({ ...next, padding: ROW }));
  if (done.kind === "failed") throw new Error(done.detail);
  if (!done.value) throw new Error(`slot ${next.lastSlot} was there before`);
  writeSync(1, `${next.lastSlot}\n`);
  state = next;
}
