// Every shipped drill for real, one after another in one local world with the real Worker: each passes, with figures that
// its own simulation could have had, and leaves the world as it was.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../support/source-files.ts";
import { journalsOf, reportOf, runDrill, snapshotOf } from "./drill-process.ts";
import type { DrillFigureRow } from "../../monitor/report/drill-report-schema.ts";
import { INTERVAL_MS, startWorld, type World } from "./world.ts";

/** Two steady windows, fault and aftermath take half a minute each. */
const DRILL_MS = 120_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

const NAMES = readdirSync(join(ROOT, "drills"))
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => file.replace(/\.yaml$/, ""));

/** As the report says it, but on a busy machine everybody's looks may be late by a round. */
function isLikeSimulated({ measured, simulated }: DrillFigureRow): boolean {
  if (measured === null || simulated === null) return true;
  return measured.atMostMs >= simulated.min - INTERVAL_MS && measured.atLeastMs <= simulated.max + INTERVAL_MS;
}

test.each(NAMES)(
  "%s passes, is like its simulation, and leaves the world as it was",
  { timeout: DRILL_MS },
  async (name) => {
    await world.untilStatus(
      "calm",
      ({ verdict, incidents }) => verdict === "conforms" && incidents.every((one) => one.closedAt),
    );
    const before = await snapshotOf(world);
    const drill = await runDrill(world, "run", name, "--yes", "--json");
    expect(drill.code, `${drill.stderr()}\n${drill.stdout().slice(0, 2000)}`).toBe(0);
    const { outcome, figures } = reportOf(drill);
    expect(outcome).toBe("passed");
    expect(figures.filter((figure) => !isLikeSimulated(figure)).map((figure) => JSON.stringify(figure))).toEqual([]);
    expect(await snapshotOf(world)).toEqual(before);
    expect((await world.status()).incidents.filter((one) => one.subject.startsWith("drill:"))).toEqual([]);
  },
);

test("what a drill was meant to cause is marked as planned, and nothing else was caused", async () => {
  const { incidents } = await world.status();
  expect(incidents.length).toBeGreaterThan(0);
  for (const { subject, causedBy } of incidents) expect([subject, typeof causedBy]).toEqual([subject, "string"]);
});

test("each has a report, and together they have a history", async () => {
  const history = await runDrill(world, "history");
  expect([history.code, history.stdout().match(/1 of 1 passed/g)?.length]).toEqual([0, NAMES.length]);
  const latest = await runDrill(world, "report", "--format", "junit");
  expect([latest.code, latest.stdout()]).toEqual([0, expect.stringContaining("<testsuite")]);
});

test("every journal is finished, so nothing is left to restore", async () => {
  expect(journalsOf(world)).toHaveLength(NAMES.length);
  const restore = await runDrill(world, "restore");
  expect([restore.code, restore.stdout()]).toEqual([0, "Nothing is left of any drill.\n"]);
});
