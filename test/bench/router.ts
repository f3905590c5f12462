// Part "router": what a request costs on its way through our router, beside the barest Worker that passes requests on, two
// reverse proxies, and nothing at all. All ways take turns in short batches, so that what else the machine does hits all alike.
import type { LoadOrder, LoadResult } from "./load-worker.ts";
import type { BenchContext, PartResult } from "./part.ts";
import { cpuMsOf, type Helpmate, startHelpmate } from "./processes.ts";
import { HOST, startWays, type Way, WAY_NAMES, type WayName } from "./router-ways.ts";
import { median, rounded } from "./statistics.ts";

const TURNS = { full: 15, quick: 2 };
/** Requests of a batch: many at once for throughput, one after another for latency. */
const MANY = { count: 2500, connections: 16 };
const ALONE = { count: 400, connections: 1 };
const QUICK_SHARE = 0.1;
const WARM_TURNS = 2;
/** Ours against the barest Worker. */
const GOAL = { throughput: 0.95, p50Ms: 0.1 };

interface Turn {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the process between, a request, with many at once; null: there is none, or no /proc. */
  readonly cpuUs: number | null;
}

type Turns = Readonly<Record<string, readonly Turn[]>>;

export async function runRouter({ quick, belongings }: BenchContext): Promise<PartResult> {
  const upstream = startHelpmate("router-upstream.ts", [], {}, belongings);
  const { port } = await upstream.ask<{ readonly port: number }>({});
  const ways = await startWays(port, belongings);
  const load = startHelpmate("load-worker.ts", [], {}, belongings);
  const share = quick ? QUICK_SHARE : 1;
  const turns: Record<string, Turn[]> = Object.fromEntries(ways.map(({ name }) => [name, []]));
  const count = (quick ? TURNS.quick : TURNS.full) + WARM_TURNS;
  for (let turn = 0; turn < count; turn += 1) {
    // Each time another one begins, so that none always follows the same.
    const order = [...ways.slice(turn % ways.length), ...ways.slice(0, turn % ways.length)];
    for (const way of order) {
      const measured = await runTurn(way, load, share);
      if (turn >= WARM_TURNS) turns[way.name]?.push(measured);
    }
  }
  return report(ways, turns);
}

async function runTurn({ port, pid }: Way, load: Helpmate, share: number): Promise<Turn> {
  const ask = ({ count, connections }: typeof MANY): Promise<LoadResult> => {
    const order: LoadOrder = { url: `http://127.0.0.1:${port}/a?b=c`, host: HOST, count: count * share, connections };
    return load.ask<LoadResult>(order);
  };
  const cpuMs = (): number | null => (pid === null ? null : cpuMsOf(pid));
  const before = cpuMs();
  const many = await ask(MANY);
  const after = cpuMs();
  const alone = await ask(ALONE);
  return {
    perSecond: (MANY.count * share * 1000) / many.elapsedMs,
    p50Ms: alone.p50Ms,
    p99Ms: alone.p99Ms,
    cpuUs: before === null || after === null ? null : (1000 * (after - before)) / (MANY.count * share),
  };
}

function report(ways: readonly Way[], turns: Turns): PartResult {
  const of = (name: WayName, key: "perSecond" | "p50Ms" | "p99Ms"): number =>
    median((turns[name] ?? []).map((turn) => turn[key]));
  const cpuUs = (name: WayName): number | null => {
    const all = (turns[name] ?? []).map((turn) => turn.cpuUs).filter((us) => us !== null);
    // The mean, because a batch has few of the hundredths of a second in which it is told.
    return all.length === 0 ? null : all.reduce((sum, us) => sum + us, 0) / all.length;
  };
  /** Turn by turn, so that both sides of a ratio met the same machine. */
  const beside = (name: WayName, peer: WayName, compare: (one: Turn, other: Turn) => number): number =>
    median((turns[name] ?? []).map((turn, at) => compare(turn, turns[peer]?.[at] ?? turn)));
  const ratio = (name: WayName, peer: WayName = "bare"): number =>
    beside(name, peer, (one, other) => one.perSecond / other.perSecond);
  const laterMs = (name: WayName): number => beside(name, "bare", (one, other) => one.p50Ms - other.p50Ms);
  const figures = Object.fromEntries(
    ways.flatMap(({ name }): readonly (readonly [string, number | null])[] => {
      const us = cpuUs(name);
      return [
        [`${name}PerSecond`, rounded(of(name, "perSecond"), 0)],
        [`${name}P50Ms`, rounded(of(name, "p50Ms"), 3)],
        [`${name}P99Ms`, rounded(of(name, "p99Ms"), 3)],
        [`${name}CpuUs`, us === null ? null : rounded(us, 0)],
      ];
    }),
  );
  const reached = ratio("ours") >= GOAL.throughput && laterMs("ours") <= GOAL.p50Ms;
  const missing = WAY_NAMES.filter((name) => !ways.some((way) => way.name === name));
  return {
    columns: ["way", "requests/s", "of bare", "p50 ms", "beside bare", "p99 ms", "CPU µs"],
    rows: ways.map(({ name }) => [
      TITLES[name],
      `${rounded(of(name, "perSecond"), 0)}`,
      `${rounded(ratio(name))} ×`,
      `${rounded(of(name, "p50Ms"), 3)}`,
      `${laterMs(name) < 0 ? "-" : "+"}${Math.abs(rounded(laterMs(name), 3))}`,
      `${rounded(of(name, "p99Ms"), 3)}`,
      cpuUs(name) === null ? "-" : `${rounded(cpuUs(name) ?? 0, 0)}`,
    ]),
    figures: {
      ...figures,
      ratio: rounded(ratio("ours")),
      markingRatio: rounded(ratio("marking")),
      forwardingRatio: rounded(ratio("forwarding")),
      laterMs: rounded(laterMs("ours"), 3),
      goalReached: reached,
    },
    notes: [
      `requests/s and CPU (of the process between) with ${MANY.connections} kept connections, latencies with one; 1 KiB replies; medians of ${turns["ours"]?.length ?? 0} turns`,
      `goal: at least ${GOAL.throughput} of bare in throughput, p50 within ${GOAL.p50Ms} ms of it: ${reached ? "reached" : "not reached"}`,
      `of bare, a Worker that only marks replies has ${rounded(ratio("marking"))}, and one that also tells the region of the client ${rounded(ratio("forwarding"))}: neither looks at health, drops what clients claim, or gives up a silent region`,
      ...missing.map((name) => `${name} is not here (apt-get install ${name}), and was left out`),
    ],
  };
}

const TITLES: Readonly<Record<WayName, string>> = {
  direct: "the upstream itself",
  bare: "the barest Worker",
  marking: "the cheapest that marks replies",
  forwarding: "and tells the region of the client",
  ours: "our router",
  nginx: "nginx",
  haproxy: "HAProxy",
};
