// Bundles the Worker once for all scenarios, as `wrangler deploy` would.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { ROOT } from "../support/source-files.ts";

const BUNDLE_MAX_MS = 60_000;

declare module "vitest" {
  interface ProvidedContext {
    bundleDir: string;
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), "multicloud-probe-bundle-"));
  const wrangler = join(ROOT, "node_modules/wrangler/bin/wrangler.js");
  execFileSync(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", folder], {
    cwd: ROOT,
    env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" },
    stdio: "pipe",
    timeout: BUNDLE_MAX_MS,
  });
  project.provide("bundleDir", folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
