// Runs commands, prints what they say, and tells which failed: for `npm run check`, `npm test` and the extra suites. All
// steps run, even after a failure: every problem at once.
import { spawn } from "node:child_process";

export interface Step {
  readonly name: string;
  /** Arguments for Node itself: a package's entry and its flags. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Output that makes the step fail although its exit code is 0. */
  readonly refuse?: RegExp;
}

/** Twice what the longest takes on a slow day. */
const STEP_TIME_MAX_MS = 27 * 60_000;

/** One step after another. Gives the names of those that failed. */
export async function runSteps(steps: readonly Step[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const step of steps) {
    const { ok, output } = await runStep(step);
    process.stdout.write(`${output}\n${ok ? "ok    " : "FAILED"}  ${step.name}\n`);
    if (!ok) failed.push(step.name);
  }
  return failed;
}

/** Several such rows at once. Each step's output comes whole, when it has ended. */
export async function runLanes(lanes: readonly (readonly Step[])[]): Promise<readonly string[]> {
  return (await Promise.all(lanes.map((steps) => runSteps(steps)))).flat();
}

async function runStep(step: Step): Promise<{ readonly ok: boolean; readonly output: string }> {
  const child = spawn(process.execPath, step.args, {
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", ...step.env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: STEP_TIME_MAX_MS,
  });
  const pieces: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece: Buffer) => pieces.push(piece));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const output = Buffer.concat(pieces).toString("utf8");
  return { ok: code === 0 && step.refuse?.test(output) !== true, output };
}
