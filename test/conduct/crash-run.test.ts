// A whole drill, killed before and after each exchange with its monitor and with what it breaks: `drill restore`, which knows
// nothing but the disk, leaves the world as it was and a monitor that counts no drill as running.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { recordFolder } from "../../monitor/conduct/record-file.ts";
import { createJournal, openJournals } from "../../monitor/lever/journal.ts";
import { journalFolder } from "../../monitor/lever/state-folder.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { openSmallWorld, PORT, type SmallWorld } from "../lever/local-world.ts";
import { makeTempDir } from "../local/commands.ts";
import { ROOT } from "../support/source-files.ts";
import type { RunOrder } from "./crash-run.ts";

/** Some thirty processes one after another, on a machine that may be busy. */
const MATRIX_MS_MAX = 240_000;

/** What it was told: drills that run, by their ids. */
let running: Set<string>;
let told: string[];
let monitorUrl: string;
let world: SmallWorld;
let tempDir: string;
let state: string;

beforeEach(async () => {
  tempDir = await makeTempDir();
  state = join(tempDir, "state");
  vi.stubEnv("NODE_COMPILE_CACHE", join(tempDir, "compiled"));
  vi.stubEnv("MULTICLOUD_PROBE_STATE", state);
  vi.stubEnv("ADMIN_TOKEN", "x".repeat(16));
  world = await openSmallWorld(tempDir);
  [running, told] = [new Set(), []];
  const server = createServer((request, response) => {
    const { method = "", url = "" } = request;
    if (method !== "GET") told.push(method);
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("end", () => {
      const id = url.split("/").at(-1) ?? "";
      const known = method === "POST" || running.has(id);
      if (method === "POST") running.add((JSON.parse(body) as { readonly id: string }).id);
      else if (method === "DELETE") running.delete(id);
      response.writeHead(method === "GET" || !known ? 404 : 200).end("{}");
    });
  });
  monitorUrl = `http://127.0.0.1:${await listenOn(server, { host: "127.0.0.1", port: 0 })}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    await closeListener(server);
    await world.close();
    vi.unstubAllEnvs();
  });
});

interface Ended {
  /** Exit code, or the signal that ended it. */
  readonly code: number | string | null;
  readonly out: string;
  readonly err: string;
}

async function runNode(...argv: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ["--no-warnings", ...argv], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const texts = { out: "", err: "" };
  child.stdout.on("data", (piece: Buffer) => (texts.out += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (texts.err += piece.toString()));
  await once(child, "close");
  return { code: child.exitCode ?? child.signalCode, ...texts };
}

/** The points that it passed; null: it was killed. */
async function runMortal(id: string, dieAt: number | null): Promise<readonly string[] | null> {
  const order: RunOrder = { id, state, monitorUrl, worldPort: PORT, dieAt };
  const { code, out, err } = await runNode("test/conduct/crash-run.ts", JSON.stringify(order));
  if (code === "SIGKILL" && dieAt !== null) return null;
  if (code !== 0 || dieAt !== null) throw new Error(`ended with ${code}: ${err}`);
  return JSON.parse(out) as readonly string[];
}

function restore(...argv: readonly string[]): Promise<Ended> {
  return runNode("monitor/cli/main.ts", "drill", "restore", ...argv);
}

async function expectCalm(when: string): Promise<void> {
  const faults = Object.values(world.faults()).filter((fault) => fault !== "open");
  const open = await openJournals(journalFolder(state));
  expect([when, faults, open, [...running]]).toEqual([when, [], [], []]);
}

test(
  "killed at any point, it is put back, and its monitor knows that it is over",
  { timeout: MATRIX_MS_MAX },
  async () => {
    const points = (await runMortal("whole", null)) ?? [];
    const around = (what: string): readonly string[] => [`before ${what}`, `after ${what}`];
    const gates = Array.from({ length: 4 }, () => around("POST /gate")).flat();
    expect(points).toEqual([...around("POST /v1/drills"), ...gates, ...around("DELETE /v1/drills/whole")]);
    await expectCalm("after a whole drill");
    let counted = 0;
    for (const [dieAt, name] of points.entries()) {
      const id = `d${dieAt}`;
      expect([name, await runMortal(id, dieAt)]).toEqual([name, null]);
      if (running.has(id)) counted += 1;
      const { code, err } = await restore();
      expect([name, code, err]).toEqual([name, 0, ""]);
      await expectCalm(`after death ${name}`);
    }
    // From the answer to the first word on, until the last one is heard.
    expect(counted).toBe(points.length - 2);
  },
);

const HEAD = { kind: "drill", schemaVersion: 1, title: "One", startedAt: 0, expiresAt: 1, pid: 1 } as const;

test("with its journal on the disk and no record yet, its monitor is told all the same", async () => {
  const watcher = { url: monitorUrl, worldPort: null };
  await (await createJournal(journalFolder(state), { ...HEAD, drill: "d1", watcher })).release();
  running.add("d1");
  expect(await restore()).toEqual({ code: 0, out: "d1: nothing was left to put back\n", err: "" });
  await expectCalm("after it");
});

test("with a record that broke off in its head, its monitor is told all the same", async () => {
  const watcher = { url: monitorUrl, worldPort: null };
  await (await createJournal(journalFolder(state), { ...HEAD, drill: "d1", watcher })).release();
  mkdirSync(recordFolder(state), { recursive: true });
  writeFileSync(join(recordFolder(state), "d1.record"), '{"schemaVersion":1,"id":"d1"');
  running.add("d1");
  expect((await restore()).code).toBe(0);
  await expectCalm("after it");
});

test("where its monitor cannot be told, that is left, and the next restore of its id tells it", async () => {
  await (
    await createJournal(journalFolder(state), {
      ...HEAD,
      drill: "d1",
      watcher: { url: "http://127.0.0.1:1", worldPort: null },
    })
  ).release();
  const { code, out } = await restore();
  expect([code, out]).toEqual([1, expect.stringContaining("the monitor was not told that the drill is over")]);
  running.add("d1");
  const again = await restore("d1", "--url", monitorUrl);
  expect([again.code, again.err]).toEqual([
    0,
    "d1: nothing was left to put back, and the monitor knows that it is over\n",
  ]);
  await expectCalm("after it");
});

test("a local world that has ended needs not be told", async () => {
  const watcher = { url: "http://127.0.0.1:1", worldPort: 1 };
  await (await createJournal(journalFolder(state), { ...HEAD, drill: "d1", watcher })).release();
  expect(await restore()).toEqual({ code: 0, out: "d1: nothing was left to put back\n", err: "" });
});

test("without anything on this disk a monitor must be named", async () => {
  running.add("d1");
  const unnamed = await restore("d1");
  expect([unnamed.code, unnamed.err]).toEqual([
    2,
    "d1: no drill of this id was run from here, so nothing was put back (--url or --port names a monitor that counts it as running)\n",
  ]);
  expect(await restore("d1", "--url", monitorUrl)).toEqual({
    code: 4,
    out: "",
    err: "d1: nothing of it is kept here, so nothing was put back: what its levers changed must be looked at by hand (docs/levers.md), and the monitor knows that it is over\n",
  });
  await expectCalm("after it");
});
