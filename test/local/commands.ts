// Runs `monitor up` and `monitor gate` as processes, in a process group and a temporary directory of their own, and takes
// stock of what such a process owns, so that a test can see whether anything is left of it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import * as z from "zod";
import { WORLD_STATE, type WorldState } from "../../monitor/local/control.ts";
import { until } from "../support/until.ts";

export const BUNDLE_DIR = fileURLToPath(new URL("./bundle", import.meta.url));
const START_MAX_MS = 45_000;

export interface Command {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly tempDir: string;
  stdout(): string;
  stderr(): string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export async function makeTempDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "local-world-test-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** `name` is "up" or "gate". */
export function startCommand(
  name: "up" | "gate",
  argv: readonly string[],
  tempDir: string,
  env: Readonly<Record<string, string>> = {},
): Command {
  const entry = fileURLToPath(new URL(`./${name}-process.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--no-warnings", entry, ...argv], {
    env: { ...process.env, TMPDIR: tempDir, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const { pid } = child;
  if (pid === undefined) throw new Error("the command could not be started");
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (piece: Buffer) => (texts.stdout += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (texts.stderr += piece.toString()));
  const ended = once(child, "close").then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null);
  onTestFinished(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    await ended;
  });
  return { process: child, pid, tempDir, stdout: () => texts.stdout, stderr: () => texts.stderr, ended };
}

export async function runCommand(
  name: "up" | "gate",
  argv: readonly string[],
  tempDir: string,
): Promise<Command & { code: unknown }> {
  const command = startCommand(name, argv, tempDir);
  return { ...command, code: await command.ended };
}

export interface UpWorld {
  readonly command: Command;
  readonly statusUrl: string;
  readonly port: number;
  readonly state: WorldState;
  readonly stock: Stock;
}

/** `monitor up` on ports of the system's choice, when it has told its addresses and everything is running. */
export async function startUp(
  argv: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<UpWorld> {
  const tempDir = await makeTempDir();
  const command = startCommand("up", ["--port", "0", "--bundle", BUNDLE_DIR, ...argv], tempDir, env);
  const { ended } = command;
  let isOver = false;
  void ended.then(() => (isOver = true));
  await until("the world to be up", () => isOver || command.stdout().includes("stop it:"), START_MAX_MS);
  const statusUrl = /status page\s+(\S+)\/\n/.exec(command.stdout())?.[1];
  if (statusUrl === undefined) throw new Error(`it did not come up:\n${command.stdout()}${command.stderr()}`);
  const state = await readState(tempDir, new URL(statusUrl).port);
  return { command, statusUrl, port: Number(new URL(statusUrl).port), state, stock: await takeStock(command, state) };
}

async function readState(tempDir: string, port: string): Promise<WorldState> {
  const gate = await runCommand("gate", ["--port", port, "--json"], tempDir);
  return z.object({ data: WORLD_STATE }).parse(JSON.parse(gate.stdout())).data;
}

/** What a running world owns. */
export interface Stock {
  /** With their start times, which tell a process from a later one with its id. */
  readonly processes: readonly string[];
  readonly ports: readonly string[];
  readonly tempDir: string;
}

async function takeStock(command: Command, { statusUrl, regions, dns }: WorldState): Promise<Stock> {
  const processes = await descendantsOf(command.pid);
  onTestFinished(() => endProcesses({ processes, ports: [], tempDir: command.tempDir }));
  const ports = [statusUrl, ...regions.map((region) => region.url), `http://${dns.address}`, dns.dohUrl];
  return { processes, ports: ports.map((url) => new URL(url).host), tempDir: command.tempDir };
}

interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly started: string;
  readonly command: string;
}

async function listProcesses(): Promise<readonly ProcessRow[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const rows = await Promise.all(pids.map((pid) => readProcess(pid).catch(() => null)));
  return rows.filter((row) => row !== null);
}

/** Fields as in proc(5): the command is in brackets and may hold anything, so fields count from the last bracket. */
async function readProcess(pid: string): Promise<ProcessRow | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z") return null;
  const command = (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ").trim();
  return { pid: Number(pid), parent: Number(fields[1]), started: fields[19] ?? "", command };
}

/** The process and everything below it: "<pid> <start time> <command line>". */
export async function descendantsOf(pid: number): Promise<readonly string[]> {
  const all = await listProcesses();
  const found = new Map(all.filter((row) => row.pid === pid).map((row) => [row.pid, row]));
  for (let size = -1; size < found.size;) {
    size = found.size;
    for (const row of all) if (found.has(row.parent)) found.set(row.pid, row);
  }
  return [...found.values()].map(textOf);
}

function textOf({ pid, started, command }: ProcessRow): string {
  return `${pid} ${started} ${command}`;
}

/** What is left of it: processes, ports that answer, files; empty when nothing is. */
export async function listRemains(stock: Stock): Promise<readonly string[]> {
  const running = new Set((await listProcesses()).map(textOf));
  const ports = await Promise.all(stock.ports.map(async (port) => ((await isOpen(port)) ? [`port ${port}`] : [])));
  return [...stock.processes.filter((row) => running.has(row)), ...ports.flat(), ...(await listFiles(stock.tempDir))];
}

/** The directory of world files stays; a world's own does not. */
async function listFiles(dir: string): Promise<readonly string[]> {
  try {
    const files = await readdir(dir, { recursive: true, withFileTypes: true });
    return files
      .filter((file) => !file.name.startsWith("multicloud-probe-"))
      .map((file) => join(file.parentPath, file.name));
  } catch {
    // Something went while it was looked at.
    return [dir];
  }
}

function isOpen(port: string): Promise<boolean> {
  const { hostname, port: number } = new URL(`http://${port}`);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(number) }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** A test that fails must not leave them to the next one. */
async function endProcesses({ processes }: Stock): Promise<void> {
  const rows = await listProcesses();
  for (const row of rows.filter((one) => processes.includes(textOf(one)))) process.kill(row.pid, "SIGKILL");
}

/** Waits until nothing is left; fails with what is, and ends it. */
export async function untilNothingIsLeft(stock: Stock): Promise<void> {
  let remains: readonly string[] = [];
  try {
    await until("nothing is left", async () => {
      remains = await listRemains(stock);
      return remains.length === 0;
    });
  } catch {
    await endProcesses(stock);
    throw new Error(`still there:\n${remains.join("\n")}`);
  }
}
