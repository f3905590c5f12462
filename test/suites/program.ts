// A program that a suite starts is ended by the suite, politely first; one that several checks share is started by the first.
import type { ChildProcess } from "node:child_process";

const STOP_MS_MAX = 10_000;

/** Ends with the program; one that has ended already, or never began, is no news. */
export async function stopProgram(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  const hard = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(hard);
}

/** `get` starts it at the first call; `end` ends what was started, if anything was. */
export function startOnce<T extends { stop(): Promise<void> }>(
  start: () => Promise<T>,
): { get(): Promise<T>; end(): Promise<void> } {
  let started: Promise<T> | null = null;
  return {
    get: () => (started ??= start()),
    end: async () => {
      // What did not start has said so to the check that asked for it, and cleaned up.
      const running = await started?.catch(() => null);
      await running?.stop();
    },
  };
}
