// A program of a cluster: what it says goes into a file of its own, of which the end is told when it dies. It ends when our end
// of its standard input closes, so that not even kill -9 of the suite leaves one behind.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { stopProgram } from "../program.ts";

const TOLD_CHARACTERS_MAX = 2000;

export interface Program {
  readonly child: ChildProcess;
  /** Throws with its last words where it has ended. */
  expectRunning(): void;
  lastWords(): string;
  stop(): Promise<void>;
}

export function startProgram(program: string, folder: string, name: string, words: readonly string[]): Program {
  const path = join(folder, `${name}.log`);
  const log = openSync(path, "a");
  const child = spawn(program, words, { stdio: ["pipe", log, log] });
  closeSync(log);
  let failure: Error | null = null;
  child.once("error", (error) => (failure = error));
  const lastWords = (): string => readFileSync(path, "utf8").trimEnd().slice(-TOLD_CHARACTERS_MAX);
  return {
    child,
    expectRunning: () => {
      if (failure !== null) throw failure;
      if (child.exitCode === null && child.signalCode === null) return;
      throw new Error(`${name} ended with ${child.signalCode ?? child.exitCode}: ${lastWords()}`);
    },
    lastWords,
    stop: () => stopProgram(child),
  };
}
