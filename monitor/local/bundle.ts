// The Worker as it would be deployed: wrangler bundles it without deploying, writes into a directory of ours, and is kept
// from the network and from the home directory.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import * as z from "zod";
import { errorText } from "./listening.ts";

/** A cold start of wrangler takes about two seconds; a slow disk some more. */
export const BUILD_MS = 60_000;
const OUTPUT_BYTES_MAX = 1024 * 1024;
const PROJECT = new URL("../../", import.meta.url);

export const BUNDLE_PLAN = z.strictObject({
  /** Where the bundle goes; created when missing. */
  outDir: z.string(),
  /** Where wrangler may keep what it would put into the home directory. */
  scratchDir: z.string(),
});
export type BundlePlan = z.infer<typeof BUNDLE_PLAN>;

/** Rejects with what wrangler said; `signal` kills it. Resolves or rejects only when wrangler is gone. */
export async function buildBundle(plan: BundlePlan, signal: AbortSignal): Promise<void> {
  const config = fileURLToPath(new URL("wrangler.toml", PROJECT));
  const argv = ["--no-warnings", wranglerEntry(), "deploy", "--dry-run", "--outdir", plan.outDir, "--config", config];
  const env = {
    ...process.env,
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_WRITE_LOGS: "false",
    // The banner is what asks the registry for updates.
    WRANGLER_HIDE_BANNER: "true",
    XDG_CONFIG_HOME: plan.scratchDir,
  };
  const limits = { signal, timeout: BUILD_MS, maxBuffer: OUTPUT_BYTES_MAX, killSignal: "SIGKILL" } as const;
  await new Promise<void>((resolve, reject) => {
    const failure: { detail: string | null } = { detail: null };
    const child = execFile(process.execPath, argv, { env, ...limits }, (error, stdout, stderr) => {
      if (error !== null) failure.detail = [error.message, stripVTControlCharacters(`${stdout}${stderr}`)].join("\n");
    });
    // The callback may come before the process is gone; "close" does not.
    child.on("close", () => {
      if (failure.detail === null) resolve();
      else reject(new Error(`the Worker's bundle could not be built: ${failure.detail}`));
    });
  });
}

/** The compatibility date that wrangler.toml gives the Worker. */
export async function readCompatibilityDate(): Promise<string> {
  const file = new URL("wrangler.toml", PROJECT);
  const date = /^compatibility_date\s*=\s*"(\d{4}-\d{2}-\d{2})"/m.exec(await readFile(file, "utf8"))?.[1];
  if (date === undefined) throw new Error(`${fileURLToPath(file)} has no compatibility_date`);
  return date;
}

function wranglerEntry(): string {
  try {
    return fileURLToPath(import.meta.resolve("wrangler"));
  } catch (error) {
    throw new Error(`wrangler is not installed (npm install brings it): ${errorText(error)}`, { cause: error });
  }
}
