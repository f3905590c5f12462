// Maintenance as a person does it: announced and ended by the command line at a running local world, whose region is really
// taken away meanwhile.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { ROOT } from "../support/source-files.ts";
import { AWS, GCP, startWorld, type World } from "./world.ts";

const CAUSE = "maintenance:m1";

let world: World;
beforeAll(async () => {
  world = await startWorld("--router", "proxy");
  await world.untilStatus("calm", isCalm);
});
afterAll(() => world.stop());

const isCalm = (report: StatusReport): boolean =>
  report.verdict === "conforms" && report.incidents.every((one) => one.closedAt !== undefined);

async function maintenance(...argv: readonly string[]): Promise<{ status: number | null; out: string }> {
  const child = spawn(process.execPath, ["monitor/cli/main.ts", "maintenance", ...argv], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: world.tempDir },
  });
  let out = "";
  child.stdout.on("data", (piece: Buffer) => (out += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (out += piece.toString()));
  await once(child, "close");
  return { status: child.exitCode, out };
}

const open = (report: StatusReport): readonly string[] =>
  report.incidents
    .filter(({ closedAt }) => closedAt === undefined)
    .map((one) => `${one.subject} ${one.causedBy ?? "real"}`);

test("announced, a region may go: it is seen to be down, users are led away, and nothing pages", async () => {
  const start = await maintenance("start", "New kernel", "--for", "1h", "--region", AWS, "--id", "m1", "--yes");
  expect(start).toMatchObject({ status: 0 });
  const closed = await world.untilStatus("the router closes it", (report) => report.router?.regions[0]?.drain !== null);
  expect(closed.router?.regions[0]?.drain).toMatchObject({ kind: "maintenance" });
  expect(closed.maintenance).toMatchObject([{ id: "m1", state: "active", regions: [AWS] }]);

  await world.gate(AWS, "refuse");
  const seen: string[] = [];
  const moved = await world.untilStatus("users are led away", (report) => {
    seen.push(report.verdict, ...open(report));
    const [aws] = report.regions;
    return aws?.userHealth === "unhealthy" && report.failover.active === GCP && report.verdict === "conforms";
  });
  expect(open(moved)).toEqual([`region:${AWS} ${CAUSE}`]);
  expect(moved.regions[0]).toMatchObject({ maintenance: "m1", health: "unhealthy" });
  expect(Object.values(moved.matrix[AWS] ?? {}).map(({ state }) => state)).toEqual([
    "down",
    "down",
    "down",
    "down",
    "down",
  ]);
  expect(seen).not.toContain("deviates");
  expect(seen.filter((line) => line.endsWith(" real"))).toEqual([]);
  const page = await (await fetch(new URL("/", world.statusUrl))).text();
  expect(page).toContain("under way</span> New kernel: aws-us-east-1, ");
});

test("ended while it is still down, what it excused turns real; mended, all is calm", async () => {
  expect((await maintenance("end", "m1")).out).toContain(`! region:${AWS} still fails: that turns real, and pages`);
  expect((await maintenance("end", "m1", "--yes")).out).toBe("m1 is over\n");
  const real = await world.untilStatus("it is an outage", (report) => report.verdict === "deviates");
  expect(open(real)).toEqual([`region:${AWS} real`]);
  expect(real.maintenance).toEqual([]);
  await world.gate(AWS, "open");
  await world.untilStatus("calm again", (report) => isCalm(report) && report.failover.active === AWS);
});
