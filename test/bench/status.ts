// Part "status": `/status` of a Worker that has made rounds, against a Worker that says the same bytes from a constant, and against
// one that says our security headers with them; the same workerd, load generator and number of connections, in turns.
import type { LoadOrder, LoadResult } from "./load-worker.ts";
import type { BenchContext, PartResult } from "./part.ts";
import { type Helpmate, startHelpmate } from "./processes.ts";
import { median, rounded } from "./statistics.ts";
import { topologyText, type TopologySize } from "./topologies.ts";
import { buildRoundsWorker, type RunningWorker, startWorker, writeConstantWorker } from "./workerds.ts";

const SIZES: readonly TopologySize[] = [
  { regions: 2, vantages: 5 },
  { regions: 20, vantages: 9 },
];
const ROUNDS = { full: 7, quick: 2 };
const COUNT = { full: 2000, quick: 250 };
const CONNECTIONS = 16;
const ROUNDS_BEFORE = 5;
const GOAL = 0.8;
/** Of the connection or of the body, and so each Worker's own. */
const LENGTH_HEADERS: ReadonlySet<string> = new Set([
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "date",
]);

interface Measured {
  readonly size: TopologySize;
  readonly bytes: number;
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
  /** Against the constant with our headers. */
  readonly sameRatio: number;
  /** Of workerd, a request; null where there is no /proc. */
  readonly oursCpuUs: number | null;
  readonly peerCpuUs: number | null;
}

export async function runStatus(context: BenchContext): Promise<PartResult> {
  const bundleDir = await buildRoundsWorker(context.belongings);
  const measured: Measured[] = [];
  for (const size of context.quick ? SIZES.slice(0, 1) : SIZES) measured.push(await measure(size, bundleDir, context));
  return report(measured);
}

async function measure(size: TopologySize, bundleDir: string, { quick, belongings }: BenchContext): Promise<Measured> {
  const topology = topologyText(size);
  const ours = await startWorker(bundleDir, topology, belongings);
  await fetch(`${ours.url}/bench/rounds?count=${ROUNDS_BEFORE}`);
  const reply = await fetch(`${ours.url}/status`);
  const text = await reply.text();
  const peer = await startWorker(writeConstantWorker(text, belongings), topology, belongings);
  const headers = Object.fromEntries([...reply.headers].filter(([name]) => !LENGTH_HEADERS.has(name)));
  const same = await startWorker(writeConstantWorker(text, belongings, headers), topology, belongings);
  const load = startHelpmate("load-worker.ts", [], {}, belongings);
  const count = quick ? COUNT.quick : COUNT.full;
  // Twice, until all are compiled.
  for (const worker of [ours, peer, same, ours, peer, same]) await askMany(load, worker, count);
  const cpuBefore = [ours.cpuMs(), peer.cpuMs()] as const;
  const turns: { readonly ours: number; readonly peer: number; readonly same: number }[] = [];
  for (let turn = 0; turn < (quick ? ROUNDS.quick : ROUNDS.full); turn += 1) {
    turns.push({
      ours: await askMany(load, ours, count),
      peer: await askMany(load, peer, count),
      same: await askMany(load, same, count),
    });
  }
  const cpuUs = (worker: RunningWorker, before: number | null): number | null =>
    before === null ? null : (1000 * ((worker.cpuMs() ?? before) - before)) / (count * turns.length);
  const result = {
    size,
    bytes: Buffer.byteLength(text),
    ours: median(turns.map((turn) => turn.ours)),
    peer: median(turns.map((turn) => turn.peer)),
    ratio: median(turns.map((turn) => turn.ours / turn.peer)),
    sameRatio: median(turns.map((turn) => turn.ours / turn.same)),
    oursCpuUs: cpuUs(ours, cpuBefore[0]),
    peerCpuUs: cpuUs(peer, cpuBefore[1]),
  };
  for (const one of [load, ours, peer, same]) await one.end();
  return result;
}

/** Requests a second. */
async function askMany(load: Helpmate, worker: RunningWorker, count: number): Promise<number> {
  const order: LoadOrder = { url: `${worker.url}/status`, count, connections: CONNECTIONS };
  const { elapsedMs } = await load.ask<LoadResult>(order);
  return (count * 1000) / elapsedMs;
}

function report(measured: readonly Measured[]): PartResult {
  const us = (value: number | null): string => (value === null ? "-" : `${Math.round(value)}`);
  return {
    columns: [
      "GET /status",
      "bytes",
      "ours/s",
      "constant/s",
      "ratio",
      "with our headers",
      "ours CPU µs",
      "constant CPU µs",
    ],
    rows: measured.map((one) => [
      `${one.size.regions} regions × ${one.size.vantages} vantages`,
      `${one.bytes}`,
      `${Math.round(one.ours)}`,
      `${Math.round(one.peer)}`,
      `${rounded(one.ratio)} ×`,
      `${rounded(one.sameRatio)} ×`,
      us(one.oursCpuUs),
      us(one.peerCpuUs),
    ]),
    figures: Object.fromEntries(
      measured.flatMap(({ size, ours, peer, ratio, sameRatio }) => {
        const key = `${size.regions}x${size.vantages}`;
        return [
          [`oursPerSecond${key}`, rounded(ours, 0)],
          [`constantPerSecond${key}`, rounded(peer, 0)],
          [`ratio${key}`, rounded(ratio)],
          [`ratioWithHeaders${key}`, rounded(sameRatio)],
        ];
      }),
    ),
    notes: [
      `${CONNECTIONS} kept connections; both under workerd serve, with nothing before it`,
      `goal ${GOAL} ×: ${measured.every(({ ratio }) => ratio >= GOAL) ? "reached" : "not reached"}`,
    ],
  };
}
