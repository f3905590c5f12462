// The Worker's bundle in workerd by way of Miniflare: the modules, bindings and limits that Cloudflare would give it, with
// nothing that reaches out of this machine on its own.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Log, LogLevel, Miniflare, type MiniflareOptions } from "miniflare";
import * as z from "zod";

/** Files of a bundle; wrangler writes a handful. */
const BUNDLE_FILES_MAX = 64;
const WORKER_NAME = "multicloud-probe";
const MAIN_MODULE = "index.js";
const VERSION_MS = 10_000;
/** Oldest C library that workerd runs on. */
const GLIBC_MIN = "2.35";

export const WORKERD_PLAN = z.strictObject({
  /** What `wrangler deploy --dry-run --outdir` wrote. */
  bundleDir: z.string(),
  compatibilityDate: z.string(),
  host: z.string(),
  /** 0: the system chooses. */
  port: z.int(),
  /** Where Durable Objects keep their storage. */
  storageDir: z.string(),
  /** YAML text. */
  topology: z.string(),
  /** What opens the routes that change something. */
  adminToken: z.string(),
  /** By the names of their bindings. */
  secrets: z.record(z.string(), z.string()),
});
export type WorkerdPlan = z.infer<typeof WORKERD_PLAN>;

/** Starts; `ready` of what it gives says whether and where it runs. Throws when the bundle cannot be read. */
export function startWorkerd(plan: WorkerdPlan): Miniflare {
  return new Miniflare(workerdOptions(plan, readBundle(plan.bundleDir)));
}

/**
 * What to say of a start that failed. Workerd that cannot even be loaded is gone before Miniflare has spoken to it, which
 * then knows no more than a broken pipe; so it is asked once more for something harmless.
 */
export function explainWorkerd(detail: string): string {
  const { status, stderr, error } = spawnSync(workerdPath(), ["--version"], { timeout: VERSION_MS, encoding: "utf8" });
  if (status === 0) return detail;
  const said = error?.message ?? stderr.trim();
  return `workerd could not start. On Linux it needs glibc ${GLIBC_MIN} or newer (Debian 12, Ubuntu 22.04).\n${said}\n${detail}`;
}

/** The one that Miniflare starts. */
function workerdPath(): string {
  const workerd = z.object({ default: z.string() }).parse(createRequire(import.meta.resolve("miniflare"))("workerd"));
  return process.env["MINIFLARE_WORKERD_PATH"] ?? workerd.default;
}

type Modules = Record<string, { readonly type: "esm" | "text"; readonly contents: string }>;

function readBundle(bundleDir: string): Modules {
  const modules: Modules = {};
  const names = readdirSync(bundleDir);
  if (names.length > BUNDLE_FILES_MAX)
    throw new Error(`${bundleDir} holds more than ${BUNDLE_FILES_MAX} files: not a bundle`);
  for (const name of names) {
    const type = name.endsWith(".js") ? "esm" : name.endsWith(".yaml") ? "text" : null;
    if (type !== null) modules[name] = { type, contents: readFileSync(join(bundleDir, name), "utf8") };
  }
  if (modules[MAIN_MODULE] === undefined) throw new Error(`${bundleDir} has no ${MAIN_MODULE}: not a bundle`);
  return modules;
}

function workerdOptions(plan: WorkerdPlan, modules: Modules): MiniflareOptions {
  const durableObject = { type: "durable-object", storage: "sqlite" } as const;
  const binding = (exportName: string) => ({ type: "durable-object", worker: WORKER_NAME, exportName }) as const;
  return {
    host: plan.host,
    port: plan.port,
    // No request to Cloudflare for a plausible `request.cf`, no registry of running Workers in the home directory.
    cf: false,
    enableDevRegistry: false,
    telemetry: { enabled: false },
    logRequests: false,
    log: new Log(LogLevel.ERROR),
    // The parent keeps the last lines of stderr for the day on which something dies.
    handleStructuredLogs: ({ level, message }) => void process.stderr.write(`${level}: ${message}\n`),
    resourcePersistencePath: plan.storageDir,
    workers: [
      {
        config: {
          name: WORKER_NAME,
          compatibilityDate: plan.compatibilityDate,
          manifest: { mainModule: MAIN_MODULE, modulesRoot: plan.bundleDir, modules },
          env: {
            COORDINATOR: binding("Coordinator"),
            VANTAGE: binding("Vantage"),
            ADMIN_TOKEN: { type: "text", value: plan.adminToken },
            TOPOLOGY: { type: "text", value: plan.topology },
            ...Object.fromEntries(
              Object.entries(plan.secrets).map(([name, value]) => [name, { type: "text" as const, value }]),
            ),
            // Empty: do not ask where we are, and say so.
            TRACE_URL: { type: "text", value: "" },
          },
          exports: { Coordinator: durableObject, Vantage: durableObject },
        },
      },
    ],
  };
}
