// Processes of the bench: each thing that is measured has one of its own, so that its CPU is told from everyone else's.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Belongings } from "./belongings.ts";

export interface Helpmate {
  readonly pid: number;
  /** One order, one answer; orders do not overlap. Rejects when the process ends instead. */
  ask<Answer>(order: unknown): Promise<Answer>;
  end(): Promise<void>;
}

/** An order may be a batch of thousands. */
const ANSWER_MS_MAX = 120_000;
const END_MS_MAX = 3000;
/** schedstat counts nanoseconds. */
const NS_PER_MS = 1_000_000;

/** Runs one of the bench's own files, which answers every message with one. */
export function startHelpmate(
  file: string,
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  belongings: Belongings,
): Helpmate {
  const child = fork(join(import.meta.dirname, file), [...words], { env: { ...process.env, ...env } });
  // An order to a child that is going breaks the channel; whoever waits for the answer hears of it.
  child.on("error", () => {});
  // A closed channel asks it to go, and to take along what it has started.
  const { end } = endable(child, () => child.disconnect(), belongings);
  return {
    pid: child.pid ?? 0,
    end,
    ask: async <Answer>(order: unknown): Promise<Answer> => {
      const done = new AbortController();
      const signal = AbortSignal.any([done.signal, AbortSignal.timeout(ANSWER_MS_MAX)]);
      const gone = once(child, "exit", { signal }).then(() => Promise.reject(new Error(`${file} ended`)));
      const answered = once(child, "message", { signal });
      child.send(order as object);
      try {
        const [answer] = (await Promise.race([answered, gone])) as [Answer];
        return answer;
      } finally {
        done.abort();
        gone.catch(() => {});
        answered.catch(() => {});
      }
    },
  };
}

/** Any other program, silent. */
export function startProgram(
  program: string,
  words: readonly string[],
  belongings: Belongings,
): { readonly pid: number; readonly end: () => Promise<void> } {
  const child = spawn(program, [...words], { stdio: "ignore" });
  child.on("error", () => {});
  return { pid: child.pid ?? 0, ...endable(child, () => child.kill("SIGTERM"), belongings) };
}

function endable(
  child: ChildProcess,
  askToEnd: () => void,
  belongings: Belongings,
): { readonly end: () => Promise<void> } {
  const end = async (): Promise<void> => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // Not `once`, which rejects when the child's channel breaks first: then nothing else of the run would be ended.
    const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
    const hard = setTimeout(() => child.kill("SIGKILL"), END_MS_MAX);
    askToEnd();
    await ended;
    clearTimeout(hard);
  };
  const noted = belongings.add(end);
  return {
    end: async () => {
      noted.release();
      await end();
    },
  };
}

/** Processor time so far of all its threads that still run, in milliseconds, to the nanosecond; null where there is no /proc. */
export function cpuMsOf(pid: number): number | null {
  try {
    // What `stat` tells is in hundredths of a second, a twentieth of what a batch takes.
    const threads = readdirSync(`/proc/${pid}/task`).map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]),
    );
    return threads.reduce((sum, ns) => sum + ns, 0) / NS_PER_MS;
  } catch {
    return null;
  }
}

/** Direct children by parent. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && statFields(name)?.[1] === String(pid))
    .map(Number);
}

/** From the state on, because the name before it may hold blanks; null when the process is gone. */
function statFields(pid: string): readonly string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}
