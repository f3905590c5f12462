// One child process of the local world: started with an IPC channel, its last words kept, ended within a bound. The parent
// alone ends children; one that ends by itself is a death worth telling.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";

/** What is kept of a child's stderr. */
const TAIL_LINES_MAX = 12;
const TAIL_CHARACTERS_MAX = 8 * 1024;
/** After its end a child's last lines may still be in the pipe. */
const LAST_WORDS_MS = 300;

export interface ChildPlan {
  /** For people: "service of aws-us-east-1". */
  readonly name: string;
  /** Arguments of Node: flags, entry, its arguments. */
  readonly nodeArguments: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** "own": out of the terminal's reach, and killed with everything it started. */
  readonly processGroup: "ours" | "own";
}

export interface ChildEnd {
  readonly name: string;
  /** "exit code 1", "SIGKILL". */
  readonly how: string;
  readonly lastLines: readonly string[];
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** Never rejects. */
  readonly ended: Promise<ChildEnd>;
  lastLines(): readonly string[];
  /** Now, with its group where it has one. Does nothing to a child that has ended. */
  kill(): void;
}

export function startChild(plan: ChildPlan): Child {
  const child = spawn(process.execPath, [...plan.nodeArguments], {
    env: plan.env,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: plan.processGroup === "own",
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${plan.name} could not be started with ${process.execPath}`);
  child.on("error", () => {});
  // Whoever wants to read it adds a listener before this takes effect; a pipe that nobody reads would stop the child.
  child.stdout?.resume();
  const lastLines = keepTail(child.stderr);
  const ended = watchEnd(child, plan, lastLines);
  return { name: plan.name, pid, process: child, ended, lastLines, kill: () => kill(child, plan) };
}

/** Asks by `ask`, waits up to `boundMs`, then kills. Resolves when the process is gone. */
export async function endChild(child: Child, ask: () => void, boundMs: number): Promise<void> {
  if (isRunning(child.process) && child.process.connected) ask();
  const late = new AbortController();
  const bound = sleep(boundMs, "late", { signal: late.signal }).catch(() => "ended");
  if ((await Promise.race([child.ended, bound])) === "late") child.kill();
  late.abort();
  await child.ended;
}

export function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function watchEnd(child: ChildProcess, plan: ChildPlan, lastLines: () => readonly string[]): Promise<ChildEnd> {
  // Not the child's own "close": it does not come when it was us who closed the channel.
  const closed = child.stderr === null ? Promise.resolve() : once(child.stderr, "close");
  if (isRunning(child)) await once(child, "exit");
  if (plan.processGroup === "own") killGroup(child);
  await Promise.race([closed, sleep(LAST_WORDS_MS)]);
  const how = child.signalCode ?? `exit code ${child.exitCode ?? "unknown"}`;
  return { name: plan.name, how, lastLines: lastLines() };
}

function kill(child: ChildProcess, plan: ChildPlan): void {
  if (plan.processGroup === "own") killGroup(child);
  if (isRunning(child)) child.kill("SIGKILL");
}

/** What the child started and did not end: the group outlives its leader. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

function keepTail(stream: Readable | null): () => readonly string[] {
  let tail = "";
  stream?.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS_MAX);
  });
  return () =>
    stripVTControlCharacters(tail)
      .split("\n")
      .filter((line) => line.trim() !== "")
      .slice(-TAIL_LINES_MAX);
}
