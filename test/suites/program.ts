// A program that a suite starts is ended by the suite, politely first.
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
