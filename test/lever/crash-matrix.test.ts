// Every lever, killed at every point of its drill and of its restore: what is left in the journal is enough for a process
// that knows nothing else to leave the world as it was.
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createJournal, journalPath, openJournals } from "../../monitor/lever/journal.ts";
import { applyUndo } from "../../monitor/lever/make-lever.ts";
import { pullLever } from "../../monitor/lever/pull.ts";
import { makeReach } from "../../monitor/lever/reach.ts";
import { restoreJournal } from "../../monitor/lever/restore.ts";
import { journalFolder } from "../../monitor/lever/state-folder.ts";
import { makeTempDir } from "../local/commands.ts";
import { type CrashOrder, runMortal } from "./crash-process.ts";
import { CRASH_WORLDS, type CrashWorld, flappingWorld } from "./crash-worlds.ts";

/** Some thirty processes one after another, on a machine that may be busy. */
const MATRIX_MS_MAX = 240_000;

let world: CrashWorld | null = null;
afterEach(async () => {
  await world?.close();
  world = null;
  vi.unstubAllEnvs();
});

const LINES = ["applying", "applied", "restoring", "restored", "closed"];

describe.each(Object.entries(CRASH_WORLDS))("the lever %s", (_, open) => {
  test("that dies at any point of a drill is restored from the journal", { timeout: MATRIX_MS_MAX }, async () => {
    const { order, restore, isAsBefore } = await opened(open);
    const points = (await runMortal(order("whole", "drill", null))) ?? [];
    await isAsBefore("after a whole drill");
    expect(points.filter((name) => name !== "answered")).toEqual([
      "journal begun",
      ...LINES.flatMap((line) => [`${line} torn`, `${line} written`]),
    ]);
    // Once to act and once to undo it, at the least.
    expect(points.filter((name) => name === "answered").length).toBeGreaterThanOrEqual(2);
    let acted = 0;
    for (const [dieAt, name] of points.entries()) {
      const drill = `d${dieAt}`;
      expect([name, await runMortal(order(drill, "drill", dieAt))]).toEqual([name, null]);
      if (!(await isUntouched())) acted += 1;
      await restore(drill);
      await isAsBefore(`after death at "${name}"`);
      await restore(drill);
      await isAsBefore(`after death at "${name}" and two restores`);
    }
    // Else every one of these deaths would have come too early or too late to matter.
    expect(acted).toBeGreaterThanOrEqual(3);

    async function isUntouched(): Promise<boolean> {
      return await isAsBefore("").then(
        () => true,
        () => false,
      );
    }
  });

  test("whose restore dies at any point is restored by the next one", { timeout: MATRIX_MS_MAX }, async () => {
    const { order, apply, restore, isAsBefore } = await opened(open);
    await apply("first");
    const points = (await runMortal(order("first", "restore", null))) ?? [];
    await isAsBefore("after a whole restore");
    expect(points).toContain("restoring torn");
    for (const [dieAt, name] of points.entries()) {
      const drill = `r${dieAt}`;
      await apply(drill);
      expect([name, await runMortal(order(drill, "restore", dieAt))]).toEqual([name, null]);
      await restore(drill);
      await isAsBefore(`after death at "${name}"`);
    }
  });
});

test("a gate that flaps is open for good when its drill is dead and restored", { timeout: MATRIX_MS_MAX }, async () => {
  const { order, restore, isAsBefore } = await opened(flappingWorld);
  // Requests come and go by themselves there, so these are some moments and no list of them.
  for (const dieAt of [4, 6, 9, 12]) {
    expect(await runMortal(order(`f${dieAt}`, "drill", dieAt))).toBe(null);
    await restore(`f${dieAt}`);
    await isAsBefore(`after death at point ${dieAt}`);
  }
});

interface Opened {
  readonly order: (drill: string, what: CrashOrder["what"], dieAt: number | null) => CrashOrder;
  /** In this process, which has no part in the drill. */
  readonly restore: (drill: string) => Promise<void>;
  /** A drill that was broken off with its lever pulled. */
  readonly apply: (drill: string) => Promise<void>;
  readonly isAsBefore: (when: string) => Promise<void>;
}

async function opened(open: (tempDir: string) => Promise<CrashWorld>): Promise<Opened> {
  const tempDir = await makeTempDir();
  // What one child has compiled, the next one need not.
  vi.stubEnv("NODE_COMPILE_CACHE", join(tempDir, "compiled"));
  const folder = journalFolder(tempDir);
  const here = await open(tempDir);
  world = here;
  const before = await here.snapshot();
  return {
    order: (drill, what, dieAt) => ({ what, folder, drill, undo: here.undo(), dieAt }),
    apply: async (drill) => {
      const head = {
        kind: "drill",
        schemaVersion: 1,
        drill,
        title: drill,
        startedAt: 0,
        expiresAt: 0,
        pid: 0,
      } as const;
      const journal = await createJournal(folder, head);
      const reach = makeReach(process.env);
      const pulled = { step: 0, undo: here.undo() };
      expect(await pullLever(journal, pulled, (undo) => applyUndo(undo, reach), reach.clock)).toMatchObject({
        kind: "done",
      });
      await journal.release();
    },
    restore: async (drill) => {
      const restored = await restoreJournal(journalPath(folder, drill), makeReach(process.env));
      expect(restored).toMatchObject({ kind: "finished" });
      expect(await openJournals(folder)).toEqual([]);
    },
    isAsBefore: async (when) => expect([when, await here.snapshot()]).toEqual([when, before]),
  };
}
