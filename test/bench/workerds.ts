// Workers under the bench: the Worker whose vantages make up what they see, and one that answers from a constant; both with
// the same bindings in the same workerd, so that only what they do differs.
import { renameSync } from "node:fs";
import { join } from "node:path";
import { serveWorker } from "../support/workerd-serve.ts";
import type { Belongings } from "./belongings.ts";
import { writeInto } from "./files.ts";
import { cpuMsOf } from "./processes.ts";
import { runWrangler } from "./wrangler.ts";

export interface RunningWorker {
  readonly url: string;
  /** Of workerd alone, so far; null where there is no /proc. */
  cpuMs(): number | null;
  end(): Promise<void>;
}

const HOST = "127.0.0.1";
const MAIN = "index.js";

/** Gives the folder of its bundle. */
export async function buildRoundsWorker(belongings: Belongings): Promise<string> {
  const { folder } = await runWrangler("test/bench/workerd/rounds-worker.ts", belongings);
  renameSync(join(folder, "rounds-worker.js"), join(folder, MAIN));
  return folder;
}

/** A Worker that says `text` and nothing else. Gives the folder of its bundle. */
export function writeConstantWorker(
  text: string,
  belongings: Belongings,
  headers: Readonly<Record<string, string>> = { "content-type": "application/json" },
): string {
  const folder = belongings.makeFolder();
  const code = `import { DurableObject } from "cloudflare:workers";
export class Coordinator extends DurableObject {}
export class Vantage extends DurableObject {}
const text = ${JSON.stringify(text)};
const headers = ${JSON.stringify(headers)};
export default { fetch: () => new Response(text, { headers }) };
`;
  writeInto(folder, MAIN, code);
  return folder;
}

/** Ready when it resolves. Nothing stands between a client and workerd. */
export async function startWorker(bundleDir: string, topology: string, belongings: Belongings): Promise<RunningWorker> {
  const { port, pid, end } = await serveWorker({ bundleDir, texts: { TOPOLOGY: topology, TRACE_URL: "" } });
  const { release } = belongings.add(end);
  return {
    url: `http://${HOST}:${port}`,
    cpuMs: () => cpuMsOf(pid),
    end: async () => {
      release();
      await end();
    },
  };
}
