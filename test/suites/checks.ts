// The checks of a suite: each passes, fails with what is wrong, or is skipped because its program is not here. The last line
// counts them, and skipped ones are never counted as passed.
import { spawnSync } from "node:child_process";
import { errorText } from "../../monitor/local/listening.ts";

const LOOK_MS_MAX = 120_000;

export interface SuiteCheck<Program extends string = string> {
  readonly name: string;
  readonly program: Program;
  /** Throws with what is wrong; what it gives is said beside the name. */
  readonly run: () => unknown;
}

/** How to see that a program is here, and how to have it. */
export interface Presence {
  readonly isHere: boolean;
  readonly install: string;
}

/** Sets the exit code. */
export async function runChecks<Program extends string>(
  checks: readonly SuiteCheck<Program>[],
  programs: Readonly<Record<Program, Presence>>,
): Promise<void> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const check of checks) {
    const outcome = await runOne(check, programs[check.program]);
    counts[outcome.kind] += 1;
    console.log(`${outcome.kind}: ${check.name}${outcome.words === "" ? "" : `: ${outcome.words}`}`);
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

interface Outcome {
  readonly kind: "passed" | "failed" | "skipped";
  readonly words: string;
}

async function runOne({ program, run }: SuiteCheck, { isHere, install }: Presence): Promise<Outcome> {
  if (!isHere) return { kind: "skipped", words: `there is no ${program} here (${install})` };
  try {
    const words = await run();
    return { kind: "passed", words: typeof words === "string" ? words : "" };
  } catch (thrown) {
    return { kind: "failed", words: errorText(thrown) };
  }
}

/** "started": it only has to be a program. "succeeded": it also has to end well, as where a module is asked for. */
export function isInstalled(program: string, words: readonly string[], asks: "started" | "succeeded"): boolean {
  const { error, status } = spawnSync(program, words, { timeout: LOOK_MS_MAX });
  return error === undefined && (asks === "started" || status === 0);
}

export function expectSame(what: string, seen: unknown, wanted: unknown): void {
  if (JSON.stringify(seen) === JSON.stringify(wanted)) return;
  throw new Error(`${what}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(seen)}`);
}
