// The real thing, driven as a person would: `monitor up` as a process, orders by `monitor gate`'s way, and everything else
// read from /status, which is checked against its published schema each time.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inject } from "vitest";
import { WORLD_STATE, type WorldState } from "../../monitor/local/control.ts";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { statusProblems } from "../support/status-check.ts";
import { until } from "../support/until.ts";
import { ROOT } from "../support/source-files.ts";

export const AWS = "aws-us-east-1";
export const GCP = "gcp-europe-west1";

/** Twice as fast as what people get. */
export const INTERVAL_MS = 1000;
const START_MAX_MS = 45_000;
const STOP_MAX_MS = 20_000;

export interface World {
  readonly process: ChildProcess;
  readonly tempDir: string;
  readonly statusUrl: string;
  readonly status: () => Promise<StatusReport>;
  /** What its control server knows: addresses and gates. */
  readonly control: () => Promise<WorldState>;
  readonly gate: (target: string, fault: string) => Promise<void>;
  /** The first report that fits; fails with the last one. */
  readonly untilStatus: (
    what: string,
    fits: (report: StatusReport) => boolean,
    boundMs?: number,
  ) => Promise<StatusReport>;
  readonly stop: () => Promise<void>;
}

interface WorldFile {
  readonly statusUrl: string;
  readonly controlUrl: string;
  readonly token: string;
}

export async function startWorld(...argv: readonly string[]): Promise<World> {
  const tempDir = mkdtempSync(join(tmpdir(), "scenario-"));
  const args = [
    "monitor/cli/main.ts",
    "up",
    "--port",
    "0",
    "--interval",
    String(INTERVAL_MS / 1000),
    "--bundle",
    inject("bundleDir"),
    ...argv,
  ];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: tempDir },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  child.stdout.on("data", (piece: Buffer) => (output += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (output += piece.toString()));
  const file = await until(
    "the world file",
    () => (child.exitCode === null ? readWorldFile(tempDir) : Promise.reject(new Error(output))),
    START_MAX_MS,
  );
  const status = (): Promise<StatusReport> => readStatus(file.statusUrl);
  await until("the first round", async () => (await status()).self.rounds > 0, START_MAX_MS);
  return {
    process: child,
    tempDir,
    statusUrl: file.statusUrl,
    status,
    control: () => readControl(file),
    gate: (target, fault) => orderGate(file, target, fault),
    untilStatus: (what, fits, boundMs = 30_000) => untilStatus(status, what, fits, boundMs),
    stop: () => stopWorld(child, tempDir),
  };
}

function readWorldFile(tempDir: string): WorldFile | null {
  const folder = readdirSync(tempDir).find((name) => /^multicloud-probe-\d+$/.test(name));
  const name =
    folder === undefined ? undefined : readdirSync(join(tempDir, folder)).find((one) => one.endsWith(".json"));
  return name === undefined || folder === undefined
    ? null
    : (JSON.parse(readFileSync(join(tempDir, folder, name), "utf8")) as WorldFile);
}

async function readStatus(statusUrl: string): Promise<StatusReport> {
  const report: unknown = await (await fetch(new URL("/status", statusUrl))).json();
  const problems = statusProblems(report);
  if (problems.length > 0) throw new Error(`/status is not what its schema says:\n${problems.join("\n")}`);
  return report as StatusReport;
}

async function untilStatus(
  status: World["status"],
  what: string,
  fits: (report: StatusReport) => boolean,
  boundMs: number,
): Promise<StatusReport> {
  let last: StatusReport | null = null;
  try {
    return await until(
      what,
      async () => {
        last = await status();
        return fits(last) ? last : null;
      },
      boundMs,
    );
  } catch (thrown) {
    throw new Error(`${String(thrown)}\n${JSON.stringify(last, null, 1)}`, { cause: thrown });
  }
}

async function readControl({ controlUrl, token }: WorldFile): Promise<WorldState> {
  const reply = await fetch(controlUrl, { headers: { authorization: `Bearer ${token}` } });
  return WORLD_STATE.parse(await reply.json());
}

async function orderGate({ controlUrl, token }: WorldFile, target: string, fault: string): Promise<void> {
  const reply = await fetch(new URL("/gate", controlUrl), {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ target, fault }),
  });
  if (!reply.ok) throw new Error(`gate ${target} ${fault}: ${await reply.text()}`);
}

async function stopWorld(child: ChildProcess, tempDir: string): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, "exit", { signal: AbortSignal.timeout(STOP_MAX_MS) });
    child.kill("SIGTERM");
    await ended;
  }
  rmSync(tempDir, { recursive: true, force: true });
}
