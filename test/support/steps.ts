// Runs commands one after another, prints what failed, and ends with one line of counts: for `npm run check` and `npm test`.
import { spawnSync } from "node:child_process";

export interface Step {
  readonly name: string;
  /** Arguments for Node itself: a package's entry and its flags. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Output that makes the step fail although its exit code is 0. */
  readonly refuse?: RegExp;
}

const STEP_TIME_MAX_MS = 15 * 60_000;

/** Output goes straight through, unless it must be searched. */
function runStep(step: Step): { readonly ok: boolean; readonly output: string } {
  const done = spawnSync(process.execPath, step.args, {
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", ...step.env },
    stdio: step.refuse === undefined ? "inherit" : "pipe",
    encoding: "utf8",
    timeout: STEP_TIME_MAX_MS,
  });
  const output = `${done.stdout ?? ""}${done.stderr ?? ""}`;
  return { ok: done.status === 0 && step.refuse?.test(output) !== true, output };
}

/** All steps, even after a failure: every problem at once. Gives the names of those that failed. */
export function runSteps(steps: readonly Step[]): readonly string[] {
  const failed: string[] = [];
  for (const step of steps) {
    const { ok, output } = runStep(step);
    if (!ok) failed.push(step.name);
    console.log(`${ok ? "ok    " : "FAILED"}  ${step.name}`);
    if (!ok && output !== "") console.log(output);
  }
  return failed;
}
