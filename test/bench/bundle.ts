// Part "bundle": how large the Worker is beside an empty one of the same framework, and how long starts take beside those of
// the runtimes themselves.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../support/source-files.ts";
import type { Belongings } from "./belongings.ts";
import type { BenchContext, PartResult } from "./part.ts";
import { median, rounded } from "./statistics.ts";
import { topologyText } from "./topologies.ts";
import { startWorker, writeConstantWorker } from "./workerds.ts";
import { runWrangler } from "./wrangler.ts";

const STARTS = { full: 5, quick: 1 };
const START_MS_MAX = 30_000;
const EMPTY_WORKER = "test/bench/workerd/empty-worker.ts";
const run = promisify(execFile);

export async function runBundle({ quick, belongings }: BenchContext): Promise<PartResult> {
  const ours = await runWrangler(null, belongings);
  const empty = await runWrangler(EMPTY_WORKER, belongings);
  const constant = writeConstantWorker("{}", belongings);
  const starts: { worker: number; constant: number; cli: number; node: number }[] = [];
  for (let turn = 0; turn < (quick ? STARTS.quick : STARTS.full); turn += 1) {
    starts.push({
      worker: await firstStatusMs(ours.folder, belongings),
      constant: await firstStatusMs(constant, belongings),
      cli: await endMs(["monitor/cli/main.ts", "--help"]),
      node: await endMs(["-e", "0"]),
    });
  }
  const ms = (key: "worker" | "constant" | "cli" | "node"): number => rounded(median(starts.map((one) => one[key])), 0);
  const figures = {
    workerKib: ours.totalKib,
    workerGzipKib: ours.gzipKib,
    emptyKib: empty.totalKib,
    emptyGzipKib: empty.gzipKib,
    workerStartMs: ms("worker"),
    constantStartMs: ms("constant"),
    cliStartMs: ms("cli"),
    nodeStartMs: ms("node"),
  };
  const row = (what: string, mine: number, peers: number, unit: string): readonly string[] => [
    what,
    `${mine} ${unit}`,
    `${peers} ${unit}`,
    `${rounded(mine / peers, 1)} ×`,
  ];
  return {
    columns: ["", "ours", "peer", "ratio"],
    rows: [
      row("Worker's bundle, against an empty Hono Worker", figures.workerKib, figures.emptyKib, "KiB"),
      row("the same, gzip", figures.workerGzipKib, figures.emptyGzipKib, "KiB"),
      row("first /status, against a constant Worker", figures.workerStartMs, figures.constantStartMs, "ms"),
      row("monitor --help, against node -e 0", figures.cliStartMs, figures.nodeStartMs, "ms"),
    ],
    figures,
    notes: ["starts are those of a workerd process of its own; the sizes are wrangler's own, not minified"],
  };
}

/** From nothing to the first answer. */
async function firstStatusMs(bundleDir: string, belongings: Belongings): Promise<number> {
  const startedMs = performance.now();
  const worker = await startWorker(bundleDir, topologyText({ regions: 2, vantages: 5 }), belongings);
  const reply = await fetch(`${worker.url}/status`);
  await reply.arrayBuffer();
  const elapsedMs = performance.now() - startedMs;
  await worker.end();
  if (!reply.ok) throw new Error(`the Worker answered ${reply.status}`);
  return elapsedMs;
}

async function endMs(words: readonly string[]): Promise<number> {
  const startedMs = performance.now();
  await run(process.execPath, [...words], { cwd: join(ROOT), timeout: START_MS_MAX });
  return performance.now() - startedMs;
}
