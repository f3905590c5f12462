// The ways in which a drill ends that nobody planned: kill -9 and restore, Ctrl-C, a world that goes away, a second drill.
// After each the world is as it was before.
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { until } from "../support/until.ts";
import { type DrillProcess, journalsOf, reportOf, runDrill, snapshotOf, startDrill } from "./drill-process.ts";
import { AWS, startWorld, type World } from "./world.ts";

const CALM_MS = 60_000;
const OTHER_TOPOLOGY = "the monitor watches by another topology than this one";

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());

async function untilCalm(): Promise<void> {
  await world.untilStatus(
    "calm",
    ({ verdict, incidents }) => verdict === "conforms" && incidents.every((one) => one.closedAt),
    CALM_MS,
  );
}

/** When the fault stands and the monitor has seen it. */
async function untilBroken(drill: DrillProcess): Promise<void> {
  await until(
    "the fault",
    async () => {
      if (drill.process.exitCode !== null) throw new Error(`the drill ended before:\n${drill.stderr()}`);
      const { regions } = await world.status();
      return regions.find(({ id }) => id === AWS)?.userHealth === "unhealthy";
    },
    CALM_MS,
  );
  expect((await world.control()).regions[0]?.fault).toBe("refuse");
}

test("killed in the middle, it is restored from its journal, and once is as good as twice", async () => {
  await untilCalm();
  const before = await snapshotOf(world);
  const drill = startDrill(world, "run", "primary-outage", "--yes");
  await untilBroken(drill);
  drill.process.kill("SIGKILL");
  expect(await drill.ended).toBe("SIGKILL");
  expect((await world.control()).regions[0]?.fault).toBe("refuse");

  const another = await runDrill(world, "run", "standby-outage", "--yes");
  expect(another.code).toBe(4);
  expect(another.stderr()).toMatch(
    /the drill \S+-primary-outage is under way; if it broke off, `monitor drill restore` puts back what it left/,
  );

  const history = await runDrill(world, "history");
  expect(history.stderr()).toMatch(
    /^\S+-primary-outage broke off, and may have left gate: `monitor drill restore` puts that back$/m,
  );
  const broken = await runDrill(world, "report");
  expect([broken.code, broken.stdout()]).toEqual([1, expect.stringContaining("still stands: undo it with")]);

  const restored = await runDrill(world, "restore");
  expect([restored.code, restored.stdout()]).toEqual([
    0,
    expect.stringMatching(
      /^\S+-primary-outage: everything is as it was\n {2}gate: the gate of aws-us-east-1 is open again\n$/,
    ),
  ]);
  expect(await snapshotOf(world)).toEqual(before);
  const report = await runDrill(world, "report", "--json");
  expect([report.code, reportOf(report)]).toMatchObject([4, { outcome: "aborted", endedAt: null }]);
  expect(reportOf(report).reasons.map(({ text }) => text)).not.toContainEqual(expect.stringContaining("still stands"));
  const again = await runDrill(world, "restore");
  expect([again.code, again.stdout()]).toEqual([0, "Nothing is left of any drill.\n"]);
  const named = await runDrill(world, "restore", reportOf(report).id);
  expect([named.code, named.stderr()]).toEqual([
    0,
    `${reportOf(report).id}: nothing was left to put back, and the monitor knows that it is over\n`,
  ]);
  expect(await snapshotOf(world)).toEqual(before);
  expect(journalsOf(world)).toHaveLength(1);
});

test("Ctrl-C to its group puts everything back, reports, and leaves no process", async () => {
  await untilCalm();
  const before = await snapshotOf(world);
  const drill = startDrill(world, "run", "primary-outage", "--yes", "--json");
  await untilBroken(drill);
  process.kill(-(drill.process.pid ?? 0), "SIGINT");
  expect(await drill.ended).toBe(4);
  expect(reportOf(drill)).toMatchObject({
    outcome: "aborted",
    reasons: expect.arrayContaining([
      { weight: "aborts", text: expect.stringContaining("it was stopped") as unknown },
    ]) as unknown,
  });
  expect(await snapshotOf(world)).toEqual(before);
  expect(() => process.kill(-(drill.process.pid ?? 0), 0)).toThrow("ESRCH");
  expect((await runDrill(world, "restore")).stdout()).toBe("Nothing is left of any drill.\n");
});

test("when nobody reads any more what it tells, it puts everything back, and the report is kept", async () => {
  await untilCalm();
  const before = await snapshotOf(world);
  const drill = startDrill(world, "run", "primary-outage", "--yes");
  await untilBroken(drill);
  // As `| head` ends, and as a terminal is closed.
  drill.process.stderr?.destroy();
  drill.process.stdout?.destroy();
  expect(await drill.ended).toBe(4);
  expect(await snapshotOf(world)).toEqual(before);
  expect((await runDrill(world, "restore")).stdout()).toBe("Nothing is left of any drill.\n");
  const report = await runDrill(world, "report", "--json");
  expect(reportOf(report).reasons).toContainEqual({
    weight: "aborts",
    text: expect.stringMatching(/^aborted at .*: nobody reads any more what it tells$/) as unknown,
  });
});

test("a monitor that watches by another topology than the drill's is no monitor of the drill", async () => {
  vi.stubEnv("ADMIN_TOKEN", "x".repeat(16));
  const plan = (...argv: readonly string[]) => runDrill(world, "plan", "primary-outage", ...argv);
  const other = await plan("--url", world.statusUrl, "--topology", "manifests/topology.yaml");
  const own = await plan();
  vi.unstubAllEnvs();
  expect([other.stdout().includes(OTHER_TOPOLOGY), own.stdout().includes(OTHER_TOPOLOGY)]).toEqual([true, false]);
});

test("the plan alone changes nothing, and a running drill keeps others out", async () => {
  await untilCalm();
  const before = await snapshotOf(world);
  const plan = await runDrill(world, "run", "primary-outage");
  expect([plan.code, plan.stderr()]).toEqual([0, "Nothing was changed: --yes runs it.\n"]);
  expect(plan.stdout()).toContain('set the gate of aws-us-east-1 to "refuse"');
  expect(await snapshotOf(world)).toEqual(before);

  const first = startDrill(world, "run", "brown-out", "--yes");
  await until("the first drill", async () => (await world.status()).drill?.endedAt === null, CALM_MS);
  const second = await runDrill(world, "run", "standby-outage", "--yes");
  expect(second.code).toBe(4);
  expect(second.stderr()).toMatch(/ {2}- the drill \S+-brown-out is under way/);
  const soFar = await runDrill(world, "report", "--json");
  expect([soFar.code, reportOf(soFar)]).toMatchObject([
    4,
    { drill: "brown-out", endedAt: null, underWay: { pid: first.process.pid, next: expect.any(String) as unknown } },
  ]);
  const list = await runDrill(world, "list");
  expect(list.stderr()).toMatch(/^\S+-brown-out is under way, as process \d+, since .*: `monitor drill report /);
  const busy = await runDrill(world, "restore");
  expect([busy.code, busy.stdout()]).toEqual([
    1,
    expect.stringContaining(`it still runs, as process ${first.process.pid ?? 0}`),
  ]);
  first.process.kill("SIGTERM");
  expect(await first.ended).toBe(4);
  expect(await snapshotOf(world)).toEqual(before);
});

test("the world goes away in the middle: the drill gives up, and nothing is left to restore", async () => {
  await untilCalm();
  const drill = startDrill(world, "run", "primary-outage", "--yes", "--json");
  await untilBroken(drill);
  await world.stop();
  expect(await drill.ended).toBe(4);
  expect(reportOf(drill)).toMatchObject({ outcome: "aborted" });
  expect(drill.stderr()).toMatch(/ABORTED: nothing was heard of the monitor for/);
  const { id } = reportOf(drill);
  expect(drill.stderr()).toContain(`\`monitor drill restore ${id}\` tells it`);
});
