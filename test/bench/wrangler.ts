// Bundles by `wrangler deploy --dry-run`, as a deployment would, and tells what wrangler says of the size.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../support/source-files.ts";
import type { Belongings } from "./belongings.ts";

export interface Bundle {
  readonly folder: string;
  readonly totalKib: number;
  readonly gzipKib: number;
}

const run = promisify(execFile);
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
const BUNDLE_MS_MAX = 60_000;
const SIZE = /Total Upload: ([\d.]+) KiB \/ gzip: ([\d.]+) KiB/;

/** `entry`: relative to the root, instead of the Worker that ships. */
export async function runWrangler(entry: string | null, belongings: Belongings): Promise<Bundle> {
  const folder = belongings.makeFolder();
  const over = new AbortController();
  const noted = belongings.add(() => over.abort());
  const words = ["deploy", ...(entry === null ? [] : [entry]), "--dry-run", "--outdir", folder];
  const { stdout } = await run(process.execPath, ["--no-warnings", WRANGLER, ...words], {
    cwd: ROOT,
    timeout: BUNDLE_MS_MAX,
    signal: over.signal,
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_WRITE_LOGS: "false",
      WRANGLER_HIDE_BANNER: "true",
      XDG_CONFIG_HOME: belongings.makeFolder(),
    },
  });
  noted.release();
  const [, totalKib, gzipKib] = SIZE.exec(stdout) ?? [];
  if (totalKib === undefined || gzipKib === undefined) throw new Error(`wrangler named no size: ${stdout}`);
  return { folder, totalKib: Number(totalKib), gzipKib: Number(gzipKib) };
}
