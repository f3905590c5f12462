// The command line as people run it, with a kubeconfig of real clusters.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../../support/source-files.ts";

const COMMAND_MS_MAX = 120_000;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function monitor(
  kubeconfig: string,
  words: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const args = ["--no-warnings", join(ROOT, "monitor/cli/main.ts"), ...words];
  const env = { ...process.env, KUBECONFIG: kubeconfig, ...more };
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env, timeout: COMMAND_MS_MAX, encoding: "utf8" }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : -1, stdout, stderr }),
    );
  });
}

/** Throws with all that was said where it ended otherwise. */
export function expectEnd(what: string, ended: Ended, code: number, ...sentences: readonly (string | RegExp)[]): void {
  const said = `${ended.stdout}${ended.stderr}`;
  if (ended.code !== code) throw new Error(`${what}: expected exit code ${code}, found ${ended.code}:\n${said}`);
  for (const sentence of sentences)
    if (typeof sentence === "string" ? !said.includes(sentence) : !sentence.test(said))
      throw new Error(`${what}: expected ${String(sentence)} in:\n${said}`);
}
