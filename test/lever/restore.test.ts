import { readFile, truncate } from "node:fs/promises";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { createJournal, type Journal, journalPath, openJournals } from "../../monitor/lever/journal.ts";
import type { LeverResult } from "../../monitor/lever/lever.ts";
import { makeLever, rollbackUndo } from "../../monitor/lever/make-lever.ts";
import { pullLever } from "../../monitor/lever/pull.ts";
import { makeReach, type Reach } from "../../monitor/lever/reach.ts";
import { letGoOfAll, restoreJournal, settleByHand } from "../../monitor/lever/restore.ts";
import { journalFolder } from "../../monitor/lever/state-folder.ts";
import type { Undo } from "../../monitor/lever/undo.ts";
import type { LeverWish } from "../../monitor/drill/lever-wish.ts";
import { makeTempDir } from "../local/commands.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { openSmallWorld, PORT, REGION, type SmallWorld } from "./local-world.ts";

const WISHES: readonly LeverWish[] = [
  { lever: "gate", region: REGION, fault: "refuse", onlyFrom: [], flap: null },
  { lever: "dns-gate", fault: "stuck" },
];
const HEAD = {
  kind: "drill",
  schemaVersion: 1,
  drill: "d1",
  title: "Both",
  startedAt: 0,
  expiresAt: 1,
  pid: process.pid,
} as const;

let world: SmallWorld;
let reach: Reach;
let folder = "";
beforeEach(async () => {
  const temp = await makeTempDir();
  folder = journalFolder(temp);
  world = await openSmallWorld(temp);
  reach = makeReach({});
  onTestFinished(async () => {
    await world.close();
    vi.unstubAllEnvs();
  });
});

/** Both levers pulled, and nobody there any more to let go of them. */
async function brokenOff(): Promise<Journal> {
  const journal = await createJournal(folder, HEAD);
  for (const [step, wish] of WISHES.entries()) {
    const lever = makeLever(wish, { topology: EXAMPLE, worldPort: PORT }, reach);
    const plan = await lever.plan();
    if (plan.kind === "refused") throw new Error(plan.why.join("\n"));
    await pullLever(journal, { step, undo: plan.undo }, lever.apply, reach.clock);
  }
  return journal;
}

describe("restoring", () => {
  test("undoes the latest lever first, and twice is once", async () => {
    const journal = await brokenOff();
    await journal.release();
    const restored = await restoreJournal(journal.path, reach);
    expect(restored).toMatchObject({
      kind: "finished",
      drill: "d1",
      steps: [
        { step: 1, lever: "dns-gate", result: { kind: "done" } },
        { step: 0, lever: "gate", result: { kind: "done" } },
      ],
    });
    expect(world.orders).toEqual([`${REGION} refuse`, "dns stuck", "dns open", `${REGION} open`]);
    const text = await readFile(journal.path, "utf8");
    expect(await restoreJournal(journal.path, reach)).toEqual({ kind: "finished", drill: "d1", steps: [] });
    expect(await readFile(journal.path, "utf8")).toBe(text);
    expect(world.orders).toHaveLength(4);
    expect(await openJournals(folder)).toEqual([]);
  });

  test("waits for nobody while the drill itself has the journal", async () => {
    const journal = await brokenOff();
    expect(await restoreJournal(journal.path, reach)).toEqual({ kind: "busy", pid: process.pid });
    expect(world.faults()).toMatchObject({ [REGION]: "refuse", dns: "stuck" });
    await journal.release();
  });

  test("keeps the journal for what it cannot undo, and undoes the rest", async () => {
    const journal = await brokenOff();
    await journal.release();
    world.set(REGION, "slow");
    expect(await restoreJournal(journal.path, reach)).toMatchObject({
      kind: "stuck",
      steps: [{ result: { kind: "done" } }, { result: { kind: "failed", cause: "moved" } }],
    });
    expect(await openJournals(folder)).toMatchObject([{ kind: "unfinished", open: [{ step: 0 }] }]);
    world.set(REGION, "refuse");
    expect(await restoreJournal(journal.path, reach)).toMatchObject({ kind: "finished", steps: [{ step: 0 }] });
    expect(world.faults()).toMatchObject({ [REGION]: "open", dns: "open" });
    expect(await openJournals(folder)).toEqual([]);
  });

  test("keeps the journal while nobody answers, and says what to do by hand", async () => {
    const journal = await brokenOff();
    await journal.release();
    await world.close();
    expect(await restoreJournal(journal.path, reach)).toMatchObject({
      kind: "stuck",
      steps: [
        {
          result: { kind: "failed", cause: "unavailable", byHand: ["npm run -s monitor -- gate --port 8787 dns open"] },
        },
        { result: { cause: "unavailable", byHand: [`npm run -s monitor -- gate --port 8787 ${REGION} open`] } },
      ],
    });
    expect(await openJournals(folder)).toMatchObject([{ kind: "unfinished", open: [{ step: 1 }, { step: 0 }] }]);
    expect((await readFile(journal.path, "utf8")).match(/"kind":"stuck"/g)).toHaveLength(2);
  });

  test("by hand closes the journal and touches nothing", async () => {
    const journal = await brokenOff();
    expect(await settleByHand(journal.path, "the world is gone", reach.clock)).toMatchObject({ kind: "busy" });
    await journal.release();
    expect(await settleByHand(journal.path, "the world is gone", reach.clock)).toEqual({
      kind: "settled",
      drill: "d1",
      reason: "the world is gone",
    });
    expect(world.orders).toHaveLength(2);
    expect(await readFile(journal.path, "utf8")).toContain('"detail":"by hand: the world is gone"');
    expect(await openJournals(folder)).toEqual([]);
    expect(await restoreJournal(journal.path, reach)).toMatchObject({ kind: "finished", steps: [] });
  });

  test("of a drill that never began finds nothing to undo", async () => {
    await (await createJournal(folder, HEAD)).release();
    const path = journalPath(folder, HEAD.drill);
    await truncate(path, 10);
    expect(await restoreJournal(path, reach)).toEqual({ kind: "finished", drill: "", steps: [] });
    expect(await settleByHand(path, "", reach.clock)).toMatchObject({ kind: "settled" });
  });

  test("goes on where the journal takes no more lines, and is done once more when it does", async () => {
    const journal = await brokenOff();
    const full: Journal = { ...journal, append: () => Promise.reject(new Error("ENOSPC: no space left on device")) };
    const rollback = (undo: Undo): Promise<LeverResult> => rollbackUndo(undo, reach);
    expect(await letGoOfAll(full, rollback, reach.clock)).toMatchObject({
      kind: "stuck",
      steps: [{ result: { kind: "done" } }, { result: { kind: "done" } }],
    });
    expect(world.faults()).toMatchObject({ [REGION]: "open", dns: "open" });
    await journal.release();
    expect(await restoreJournal(journal.path, reach)).toMatchObject({ kind: "finished" });
    expect(world.orders).toHaveLength(4);
  });

  test("goes on with the others where one rollback breaks", async () => {
    const journal = await brokenOff();
    const rollback = (undo: Undo): Promise<LeverResult> =>
      undo.lever === "dns-gate" ? Promise.reject(new Error("a bug of ours")) : rollbackUndo(undo, reach);
    expect(await letGoOfAll(journal, rollback, reach.clock)).toMatchObject({
      kind: "stuck",
      steps: [{ result: { kind: "failed", detail: "a bug of ours" } }, { result: { kind: "done" } }],
    });
    expect(world.faults()).toMatchObject({ [REGION]: "open", dns: "stuck" });
    await journal.release();
  });
});
