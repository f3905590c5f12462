// Starts the service as a process of its own and reads what it says; whatever a test does, the process is gone after it.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { onTestFinished } from "vitest";

/** A start takes a fraction of a second; a slow machine may need longer. */
const WAIT_MS_MAX = 15_000;
const ENTRY = new URL("../../service/index.ts", import.meta.url).pathname;

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: { readonly cwd?: string; readonly uid?: number; readonly gid?: number };
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type LogLine = Readonly<Record<string, unknown>>;

export interface ServiceProcess {
  /** The first line on stdout with this `msg`; rejects when the process ends without it. */
  readonly said: (msg: string) => Promise<LogLine>;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: Promise<Ending>;
}

export const FROM_SOURCE: Launch = { command: process.execPath, args: [ENTRY], options: {} };

/** The process sees `env` and nothing of ours. */
export function startProcess(env: NodeJS.ProcessEnv, launch: Launch = FROM_SOURCE): ServiceProcess {
  const child = spawn(launch.command, launch.args, { ...launch.options, env, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = readEnding(child);
  const lines: LogLine[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on("line", (line) => lines.push(JSON.parse(line) as LogLine));

  const said = async (msg: string): Promise<LogLine> => {
    const signal = AbortSignal.timeout(WAIT_MS_MAX);
    const over = ended.then((ending) => Promise.reject(new Error(`no "${msg}" in ${JSON.stringify(ending)}`)));
    over.catch(() => {});
    for (;;) {
      const line = lines.find((one) => one["msg"] === msg);
      if (line !== undefined) return line;
      await Promise.race([once(reader, "line", { signal }), over]);
    }
  };
  return { said, signal: (name) => void child.kill(name), ended };
}

async function readEnding(child: ChildProcess): Promise<Ending> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (piece: Buffer) => (stdout += piece.toString()));
  child.stderr?.on("data", (piece: Buffer) => (stderr += piece.toString()));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  return { code, signal, stdout, stderr };
}

/** On loopback, on a port that the system chose, with `env` on top. */
export async function startService(
  env: NodeJS.ProcessEnv,
  launch: Launch = FROM_SOURCE,
): Promise<ServiceProcess & { readonly port: number; readonly url: string }> {
  const started = startProcess({ HOST: "127.0.0.1", PORT: "0", REGION: "us-east-1", ...env }, launch);
  const port = Number((await started.said("listening"))["port"]);
  return { ...started, port, url: `http://127.0.0.1:${port}` };
}
