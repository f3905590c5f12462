// The Worker's production bundle under `workerd serve`, with nothing between a client's socket and it: Miniflare's entry would
// read and write every request once more.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readCompatibilityDate } from "../../monitor/local/bundle.ts";

const START_MS_MAX = 20_000;
const END_MS_MAX = 5000;

export interface ServedWorker {
  readonly port: number;
  readonly pid: number;
  end(): Promise<void>;
}

export interface ServePlan {
  /** What `wrangler deploy --dry-run --outdir` wrote; its main module is index.js. */
  readonly bundleDir: string;
  /** Text bindings, TOPOLOGY among them. */
  readonly texts: Readonly<Record<string, string>>;
}

/** Ready when it resolves. */
export async function serveWorker({ bundleDir, texts }: ServePlan): Promise<ServedWorker> {
  const folder = mkdtempSync(join(tmpdir(), "workerd-serve-"));
  mkdirSync(join(folder, "storage"));
  // Embedded files must be beside the text that names them.
  cpSync(bundleDir, folder, { recursive: true });
  const bindings = Object.entries(texts).map(([name, text]) => {
    writeFileSync(join(folder, `${name}.txt`), text);
    return `(name = "${name}", text = embed "${name}.txt")`;
  });
  writeFileSync(join(folder, "config.capnp"), configOf(bundleDir, folder, bindings, await readCompatibilityDate()));
  const child = spawn(workerdPath(), ["serve", "config.capnp", "--control-fd=3"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const port = await portOf(child);
  return {
    port,
    pid: child.pid ?? 0,
    end: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, "exit", { signal: AbortSignal.timeout(END_MS_MAX) });
        child.kill("SIGKILL");
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The one that Miniflare starts. */
function workerdPath(): string {
  const { default: path } = createRequire(import.meta.resolve("miniflare"))("workerd") as { default: string };
  return path;
}

function configOf(bundleDir: string, folder: string, bindings: readonly string[], date: string): string {
  const modules = readdirSync(bundleDir)
    .filter((name) => /[.](js|yaml)$/.test(name))
    .toSorted((a, b) => Number(b === "index.js") - Number(a === "index.js"))
    .map((name) => `(name = "${name}", ${name.endsWith(".js") ? "esModule" : "text"} = embed "${name}")`);
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "disk", disk = (path = "${join(folder, "storage")}", writable = true)),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [${modules.join(", ")}],
  compatibilityDate = "${date}",
  bindings = [
    (name = "COORDINATOR", durableObjectNamespace = "Coordinator"),
    (name = "VANTAGE", durableObjectNamespace = "Vantage"),
    ${bindings.join(", ")}
  ],
  durableObjectNamespaces = [
    (className = "Coordinator", uniqueKey = "Coordinator", enableSql = true),
    (className = "Vantage", uniqueKey = "Vantage", enableSql = true),
  ],
  durableObjectStorage = (localDisk = "disk"),
);
`;
}

async function portOf(child: ChildProcess): Promise<number> {
  let said = "";
  let trouble = "";
  child.stderr?.on("data", (piece: Buffer) => (trouble += piece.toString()));
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`workerd did not listen: ${trouble}`)), START_MS_MAX);
    child.stdio[3]?.on("data", (piece: Buffer) => {
      said += piece.toString();
      const port = /"event":"listen"[^\n]*"port":(\d+)/.exec(said)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
    child.on("exit", () => {
      clearTimeout(timer);
      reject(new Error(`workerd ended: ${trouble}`));
    });
  });
}
