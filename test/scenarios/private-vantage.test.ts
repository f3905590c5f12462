// The whole way on one machine: the Worker in workerd, and `monitor vantage` as a process of its own that looks at the same regions
// and reports, is believed about what it sees, and is missed when it is killed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../support/source-files.ts";
import { until } from "../support/until.ts";
import { AWS, startWorld, type World } from "./world.ts";

const OFFICE = "office-berlin";

let world: World;
let office: ChildProcess | null = null;
beforeAll(async () => {
  world = await startWorld("--private", OFFICE);
});
afterAll(async () => {
  office?.kill("SIGKILL");
  await world.stop();
});

function startOffice(...argv: readonly string[]): { readonly child: ChildProcess; readonly stderr: () => string } {
  const child = spawn(process.execPath, ["monitor/cli/main.ts", "vantage", OFFICE, ...argv], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: world.tempDir },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
  return { child, stderr: () => stderr };
}

test("what it sees stands in the Worker's matrix and is part of its verdicts, until it is killed", async () => {
  const before = await world.status();
  expect(before.vantages.at(-1)).toMatchObject({ id: OFFICE, private: true });
  expect(before.matrix[AWS]?.[OFFICE]?.state).toBe("missed");

  const { child, stderr } = startOffice();
  office = child;
  const up = await world.untilStatus("its cells", (report) => report.matrix[AWS]?.[OFFICE]?.state === "up");
  expect(Object.keys(up.matrix[AWS]?.[OFFICE]?.phases ?? {})).toEqual(["connect", "ttfb", "transfer"]);
  await world.untilStatus("its answers", (report) =>
    ["authoritative", "recursive"].every((view) =>
      report.dns.some((row) => row.vantage === OFFICE && row.view === view && row.verdict === "conforms"),
    ),
  );
  expect(stderr()).toContain("takes what is seen here");

  await world.gate(AWS, "http-503");
  const down = await world.untilStatus(
    "the region to be down, there too",
    ({ matrix, regions }) => matrix[AWS]?.[OFFICE]?.state === "down" && regions[0]?.userHealth === "unhealthy",
  );
  expect(down.matrix[AWS]?.[OFFICE]?.failure?.cause).toBe("http-status");
  await world.gate(AWS, "open");
  await world.untilStatus("calm", ({ verdict }) => verdict === "conforms");

  child.kill("SIGKILL");
  const missed = await world.untilStatus(
    "that it is missed",
    ({ matrix }) => matrix[AWS]?.[OFFICE]?.state === "missed",
  );
  expect(missed.vantages.at(-1)?.missed).toContain("sent nothing after");
  expect(missed.regions.map(({ userHealth }) => userHealth)).toEqual(["healthy", "healthy"]);
});

test("a world has no more private vantages than it was started with", async () => {
  const child = spawn(process.execPath, ["monitor/cli/main.ts", "vantage", "attic"], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: world.tempDir },
  });
  let stderr = "";
  child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  expect(code).toBe(2);
  await until("its words", () => stderr.includes('found "attic": there is office-berlin'));
});
