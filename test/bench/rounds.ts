// Part "rounds": what a round costs the Worker as the service grows. Planning, the calls to the vantage objects, folding,
// judging and committing are the real ones, in workerd; what the vantages report is made up, so no network is measured.
import type { BenchContext, PartResult } from "./part.ts";
import { growthExponent, rounded } from "./statistics.ts";
import { topologyText, type TopologySize } from "./topologies.ts";
import { buildRoundsWorker, type RunningWorker, startWorker } from "./workerds.ts";

const SIZES: readonly TopologySize[] = [2, 20, 100].flatMap((regions) =>
  [5, 9].map((vantages) => ({ regions, vantages })),
);
const QUICK_SIZES: readonly TopologySize[] = [2, 20].map((regions) => ({ regions, vantages: 5 }));
/** Until V8 has seen enough. */
const WARM_MS = { full: 2000, quick: 500 };
const MEASURED_MS = { full: 5000, quick: 1000 };
const ROUNDS_AT_ONCE_MAX = 200;
/** A fit over noisy figures is not exact; a cost that grows by the square of one side is far above this. */
const EXPONENT_MAX = 1.1;
/** Below, what a round costs by itself hides what its cells cost. */
const CELLS_MIN = 100;
/** "Row and value 2 MB": Cloudflare's limits of SQLite-backed Durable Objects, 2026. */
const VALUE_BYTES_MAX = 2_000_000;

/** As `test/bench/workerd/rounds-worker.ts` answers. */
interface RoundsReport {
  readonly rounds: number;
  readonly verdict: string;
  readonly rowBytes: number;
  readonly stateBytes: number;
  readonly rowsWritten: number;
}

interface Measured extends RoundsReport {
  readonly size: TopologySize;
  readonly cells: number;
  readonly roundsPerSecond: number;
  /** Null where there is no /proc. */
  readonly cpuMs: number | null;
}

export async function runRounds(context: BenchContext): Promise<PartResult> {
  const bundleDir = await buildRoundsWorker(context.belongings);
  const measured: Measured[] = [];
  for (const size of context.quick ? QUICK_SIZES : SIZES) measured.push(await measure(size, bundleDir, context));
  return report(measured);
}

async function measure(size: TopologySize, bundleDir: string, { quick, belongings }: BenchContext): Promise<Measured> {
  const worker = await startWorker(bundleDir, topologyText(size), belongings);
  try {
    const warm = await runFor(quick ? WARM_MS.quick : WARM_MS.full, 1, worker);
    const atOnce = Math.max(1, Math.min(ROUNDS_AT_ONCE_MAX, Math.round(warm.rounds / 4)));
    const cpuBefore = worker.cpuMs();
    const done = await runFor(quick ? MEASURED_MS.quick : MEASURED_MS.full, atOnce, worker);
    const cpuAfter = worker.cpuMs();
    return {
      ...done.last,
      size,
      cells: size.regions * size.vantages,
      roundsPerSecond: (done.rounds * 1000) / done.elapsedMs,
      cpuMs: cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / done.rounds,
    };
  } finally {
    await worker.end();
  }
}

interface Stretch {
  readonly rounds: number;
  readonly elapsedMs: number;
  readonly last: RoundsReport;
}

async function runFor(limitMs: number, atOnce: number, worker: RunningWorker): Promise<Stretch> {
  const startedMs = performance.now();
  let rounds = 0;
  for (;;) {
    const reply = await fetch(`${worker.url}/bench/rounds?count=${atOnce}`);
    if (!reply.ok) throw new Error(`the Worker under the bench answered ${reply.status}: ${await reply.text()}`);
    const last = (await reply.json()) as RoundsReport;
    rounds += atOnce;
    const elapsedMs = performance.now() - startedMs;
    if (last.rounds < rounds) throw new Error(`${rounds} rounds were asked for, ${last.rounds} were made`);
    if (last.verdict !== "conforms" && last.rounds > 10) throw new Error(`a healthy world was judged ${last.verdict}`);
    if (elapsedMs >= limitMs) return { rounds, elapsedMs, last };
  }
}

function report(measured: readonly Measured[]): PartResult {
  const rows = measured.map((one) => [
    `${one.size.regions} regions × ${one.size.vantages} vantages`,
    `${one.cells}`,
    `${rounded(one.roundsPerSecond, 1)}`,
    one.cpuMs === null ? "-" : `${rounded(one.cpuMs)}`,
    one.cpuMs === null ? "-" : `${rounded((1000 * one.cpuMs) / one.cells, 1)}`,
    `${one.rowsWritten}`,
    `${one.rowBytes}`,
    `${one.stateBytes}`,
  ]);
  const { exponents, linear } = judgeGrowth(measured);
  return {
    columns: ["size", "cells", "rounds/s", "CPU ms/round", "CPU µs/cell", "rows/round", "row bytes", "state bytes"],
    rows,
    figures: {
      ...Object.fromEntries(
        measured.flatMap(({ size, cpuMs, roundsPerSecond }) => {
          const key = `${size.regions}x${size.vantages}`;
          return [
            [`roundsPerSecond${key}`, rounded(roundsPerSecond, 1)],
            [`cpuMsPerRound${key}`, cpuMs === null ? null : rounded(cpuMs)],
          ];
        }),
      ),
      growthExponent: exponents.all,
      growthExponentLarge: exponents.large,
      growsNoFasterThanCells: linear,
      cellsAtRowLimit: cellsAtLimit(measured, "rowBytes"),
      cellsAtStateLimit: cellsAtLimit(measured, "stateBytes"),
    },
    notes: [
      "rows/round: the round, the state, the meters, the next alarm; a full ring adds the row that leaves it",
      "synthetic: the vantages are objects of their own, called as in production, but report without looking",
      `CPU of a round ~ cells^${exponents.all ?? "?"}; from ${CELLS_MIN} cells on ~ cells^${exponents.large ?? "?"}`,
      `grows no faster than the cells: ${linear === null ? "not measured" : linear ? "yes" : "no"}`,
      ...limitNotes(measured),
    ],
  };
}

interface Growth {
  readonly exponents: { readonly all: number | null; readonly large: number | null };
  readonly linear: boolean | null;
}

function judgeGrowth(measured: readonly Measured[]): Growth {
  const points = measured.flatMap(({ cells, cpuMs }) => (cpuMs === null ? [] : [{ x: cells, y: cpuMs }]));
  const large = points.filter(({ x }) => x >= CELLS_MIN);
  const fit = (some: typeof points): number | null => (some.length < 2 ? null : rounded(growthExponent(some)));
  const exponents = { all: fit(points), large: fit(large) };
  const worst = exponents.large ?? exponents.all;
  return { exponents, linear: worst === null ? null : worst <= EXPONENT_MAX };
}

/** By a straight line through the smallest and the largest size. */
function cellsAtLimit(measured: readonly Measured[], key: "rowBytes" | "stateBytes"): number | null {
  const ordered = measured.toSorted((a, b) => a.cells - b.cells);
  const [small] = ordered;
  const large = ordered.at(-1);
  if (small === undefined || large === undefined || small.cells === large.cells) return null;
  const perCell = (large[key] - small[key]) / (large.cells - small.cells);
  return Math.floor(large.cells + (VALUE_BYTES_MAX - large[key]) / perCell);
}

function limitNotes(measured: readonly Measured[]): readonly string[] {
  const largest = Math.max(...measured.map(({ cells }) => cells));
  return (["rowBytes", "stateBytes"] as const).map((key) => {
    const at = cellsAtLimit(measured, key) ?? 0;
    const what = key === "rowBytes" ? "a round's row" : "the state";
    return `${what} would reach Cloudflare's ${VALUE_BYTES_MAX / 1e6} MB a value at about ${at} cells (${rounded(at / largest, 1)} × the largest here)`;
  });
}
