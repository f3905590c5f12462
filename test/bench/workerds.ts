// Workers under the bench: the Worker whose vantages make up what they see, and one that answers from a constant; both with
// the same bindings in the same workerd, so that only what they do differs.
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { readCompatibilityDate } from "../../monitor/local/bundle.ts";
import type { WorkerdPlan } from "../../monitor/local/workerd.ts";
import type { Belongings } from "./belongings.ts";
import { writeInto } from "./files.ts";
import { childrenOf, cpuMsOf, startHelpmate } from "./processes.ts";
import { runWrangler } from "./wrangler.ts";

export interface RunningWorker {
  readonly url: string;
  /** Of workerd alone, so far; null where there is no /proc. */
  cpuMs(): number | null;
  end(): Promise<void>;
}

const HOST = "127.0.0.1";
/** Nobody under the bench changes anything; the Worker logs a token that is too short. */
const ADMIN_TOKEN = "nobody-under-the-bench";
const MAIN = "index.js";

/** Gives the folder of its bundle. */
export async function buildRoundsWorker(belongings: Belongings): Promise<string> {
  const { folder } = await runWrangler("test/bench/workerd/rounds-worker.ts", belongings);
  renameSync(join(folder, "rounds-worker.js"), join(folder, MAIN));
  return folder;
}

/** A Worker that says `text` and nothing else. Gives the folder of its bundle. */
export function writeConstantWorker(text: string, belongings: Belongings): string {
  const folder = belongings.makeFolder();
  const code = `import { DurableObject } from "cloudflare:workers";
export class Coordinator extends DurableObject {}
export class Vantage extends DurableObject {}
const text = ${JSON.stringify(text)};
const headers = { "content-type": "application/json" };
export default { fetch: () => new Response(text, { headers }) };
`;
  writeInto(folder, MAIN, code);
  return folder;
}

/** Ready when it resolves. */
export async function startWorker(bundleDir: string, topology: string, belongings: Belongings): Promise<RunningWorker> {
  const storageDir = join(belongings.makeFolder(), "storage");
  mkdirSync(storageDir);
  const host = startHelpmate("workerd-host.ts", [], {}, belongings);
  const compatibilityDate = await readCompatibilityDate();
  const plan: WorkerdPlan = {
    bundleDir,
    compatibilityDate,
    host: HOST,
    port: 0,
    storageDir,
    topology,
    adminToken: ADMIN_TOKEN,
  };
  const url = await host.ask<string>(plan);
  const workerds = cpuMsOf(host.pid) === null ? [] : childrenOf(host.pid);
  return {
    url,
    cpuMs: () => (workerds.length === 0 ? null : workerds.reduce((sum, pid) => sum + (cpuMsOf(pid) ?? 0), 0)),
    end: host.end,
  };
}
