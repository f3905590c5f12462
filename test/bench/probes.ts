// Part "probes": the CPU of one look with all phases, ours in Node and blackbox_exporter's, at the same endpoint, both on fresh
// connections, in turns. The endpoint and whoever drives the exporter are other processes.
import type { BenchContext, PartResult } from "./part.ts";
import type { ProbeCost, ProbeOrder } from "./probe-worker.ts";
import { type Endpoint, startEndpoint } from "./endpoint.ts";
import { type Exporter, startExporter } from "./exporter.ts";
import { type Helpmate, startHelpmate } from "./processes.ts";
import { median, rounded } from "./statistics.ts";

const ROUNDS = { full: 7, quick: 2 };
const COUNT = { full: 400, quick: 150 };
/** Until V8 has compiled what matters. */
const WARM_COUNT = 1500;
const LANES = 4;
const GOAL = 3;
/** The key exchange of Go 1.19, with which Debian builds the exporter; Node offers a post-quantum one beside it. */
const PLAIN_CURVE = "X25519";

interface Case {
  readonly key: string;
  readonly name: string;
  readonly scheme: "http" | "https";
  readonly kind: ProbeOrder["kind"];
  readonly curve: string | null;
}

const CASES: readonly Case[] = [
  { key: "http", name: "http, one look", scheme: "http", kind: "look", curve: null },
  { key: "https", name: "https, one look", scheme: "https", kind: "look", curve: null },
  { key: "httpsFloor", name: "https, a handshake alone", scheme: "https", kind: "handshake", curve: null },
  { key: "httpsSameKeys", name: "https, one look, X25519 only", scheme: "https", kind: "look", curve: PLAIN_CURVE },
  { key: "httpProbe", name: "http, health page and claim", scheme: "http", kind: "probe", curve: null },
];

interface Measured {
  readonly ours: number;
  readonly peer: number | null;
  readonly ratio: number | null;
  readonly phases: readonly string[];
}

export async function runProbes(context: BenchContext): Promise<PartResult> {
  const endpoint = await startEndpoint(context.belongings);
  const exporter = await startExporter(endpoint.authorityFile, endpoint.family, context.belongings);
  const measured = new Map<Case, Measured>();
  for (const one of CASES) measured.set(one, await measure(one, endpoint, exporter, context));
  const request = exporter === null ? null : await requestCost(exporter, context);
  await exporter?.end();
  await endpoint.end();
  return report(measured, request);
}

async function measure(
  one: Case,
  endpoint: Endpoint,
  exporter: Exporter | null,
  { quick, belongings }: BenchContext,
): Promise<Measured> {
  const url = `${one.scheme}://${endpoint.name}:${endpoint.ports[one.scheme]}/healthz`;
  const env = {
    NODE_EXTRA_CA_CERTS: endpoint.authorityFile,
    ...(one.curve === null ? {} : { BENCH_CURVE: one.curve }),
  };
  const ours = startHelpmate("probe-worker.ts", [], env, belongings);
  const count = quick ? COUNT.quick : COUNT.full;
  const order: ProbeOrder = { kind: one.kind, url, count, lanes: LANES };
  const costs: { readonly ours: number; readonly peer: number | null }[] = [];
  // Both are warm when it counts.
  const { phases } = await ours.ask<ProbeCost>({ ...order, count: quick ? count : WARM_COUNT });
  await exporter?.probe(url, count, LANES);
  for (let round = 0; round < (quick ? ROUNDS.quick : ROUNDS.full); round += 1) {
    costs.push({
      ours: await ourCost(ours, order),
      peer: exporter === null ? null : (await exporter.probe(url, count, LANES)) / count,
    });
  }
  await ours.end();
  const pairs = costs.flatMap((cost) => (cost.peer === null ? [] : [{ ...cost, peer: cost.peer }]));
  return {
    phases,
    ours: median(costs.map((cost) => cost.ours)),
    peer: pairs.length === 0 ? null : median(pairs.map((pair) => pair.peer)),
    ratio: pairs.length === 0 ? null : median(pairs.map((pair) => pair.peer / pair.ours)),
  };
}

async function ourCost(ours: Helpmate, order: ProbeOrder): Promise<number> {
  return (await ours.ask<ProbeCost>(order)).cpuMs / order.count;
}

/** What one request costs the exporter before it probes anything: an exporter cannot do without. */
async function requestCost(exporter: Exporter, { quick }: BenchContext): Promise<number> {
  const count = 4 * (quick ? COUNT.quick : COUNT.full);
  await exporter.greet(count, LANES);
  return (await exporter.greet(count, LANES)) / count;
}

function report(measured: ReadonlyMap<Case, Measured>, request: number | null): PartResult {
  const perSecond = (cpuMs: number): string => `${Math.round(1000 / cpuMs)}`;
  const entries = [...measured];
  const rows = entries.map(([{ name }, { ours, peer, ratio }]) => [
    name,
    perSecond(ours),
    peer === null ? "skipped" : perSecond(peer),
    ratio === null ? "-" : `${rounded(ratio)} ×`,
    ratio === null || request === null || peer === null ? "-" : `${rounded((peer - request) / ours)} ×`,
  ]);
  const looks = entries.filter(([{ kind }]) => kind !== "handshake");
  const ofKey = (key: string): Measured | undefined => entries.find(([one]) => one.key === key)?.[1];
  const [https, floor] = [ofKey("https"), ofKey("httpsFloor")];
  const overFloor = https === undefined || floor === undefined ? null : rounded(https.ours / floor.ours);
  const notes =
    request === null
      ? [
          "skipped: there is no prometheus-blackbox-exporter here (apt-get install prometheus-blackbox-exporter), or no /proc",
        ]
      : [
          `a request without a probe (/-/healthy) costs the exporter ${rounded(request * 1000, 0)} µs: "less request" leaves that out`,
          ...floorNotes(floor?.ratio ?? null),
          `goal ${GOAL} ×: ${looks.map(([{ name }, { ratio }]) => `${name} ${ratio !== null && ratio >= GOAL ? "reached" : "not reached"}`).join("; ")}`,
        ];
  return {
    columns: ["probes a CPU-second", "ours", "blackbox", "ratio", "less request"],
    rows,
    figures: {
      ...Object.fromEntries(
        entries.flatMap(([{ key }, { ours, peer, ratio }]) => [
          [`${key}CpuUs`, rounded(ours * 1000, 0)],
          [`${key}PeerCpuUs`, peer === null ? null : rounded(peer * 1000, 0)],
          [`${key}Ratio`, ratio === null ? null : rounded(ratio)],
        ]),
      ),
      httpsOverFloor: overFloor,
      peerRequestCpuUs: request === null ? null : rounded(request * 1000, 0),
    },
    notes: [
      `phases seen over https: ${https?.phases.join(", ") ?? ""}`,
      `an https look costs ${overFloor ?? "?"} × its floor, a handshake of Node's OpenSSL that asks for nothing`,
      ...notes,
    ],
  };
}

function floorNotes(ratio: number | null): readonly string[] {
  if (ratio === null || ratio >= GOAL) return [];
  return [
    `over https ${GOAL} × is out of reach: ${rounded(ratio)} × is what a handshake alone has, and no look can be cheaper`,
  ];
}
