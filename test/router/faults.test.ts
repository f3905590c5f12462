// What users lose when a region fails under load: nothing that could be saved. Two regions behind the gates of the local world,
// the production bundle in workerd, 250 requests a second from users who do not wait for each other. Nothing probes here, so
// the router knows of a fault only what its own requests meet: with probes it knows more.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { GateFault } from "../../monitor/drill/faults.ts";
import { type Gate, openGate } from "../../monitor/local/gate.ts";
import { until } from "../support/until.ts";
import type { ServedWorker } from "../support/workerd-serve.ts";
import { describeLoad, runLoad, type Served } from "./load.ts";
import { ask, HOST, routerTopology, serveRouter } from "./router-world.ts";

const PER_SECOND = 250;
const COUNT = 600;
const BREAKS_AT = 100;
const MENDS_AT = 400;
/** Below what `waitMs` lets a region be silent. */
const SLOW_MS = 150;
const WAIT_MS = 300;
const ORDER_MS = 50;
/** Sent within 400 ms: a machine may be busy for so long. */
const ORDERS_LOST_MAX = 100;
const METHODS = ["GET", "GET", "GET", "HEAD", "OPTIONS"];

/** Every so many replies of the region: 503, or a break in the middle of the body. */
type Play = "well" | "half-503" | "reset-body";

interface FaultRegion {
  readonly gate: Gate;
  readonly server: Server;
  /** How often each id has arrived, of requests that may not be repeated. */
  readonly orders: Map<string, number>;
  play: Play;
}

let east: FaultRegion;
let west: FaultRegion;
let worker: ServedWorker;
const told: string[] = [];

beforeAll(async () => {
  [east, west] = await Promise.all([startRegion("us-east-1"), startRegion("us-west-2")]);
  const ports = [east.gate.place.port, west.gate.place.port] as const;
  const topology = routerTopology(`mode: proxy, host: ${HOST}, retry: { waitMs: ${WAIT_MS} }`, ...ports);
  worker = await serveRouter(topology);
});
afterAll(async () => {
  await worker.end();
  for (const { gate, server } of [east, west]) {
    await gate.close();
    server.closeAllConnections();
    server.close();
  }
  console.log(told.join("\n"));
});
beforeEach(async () => {
  east.play = "well";
  await east.gate.setFault("open");
  await untilEastServes();
});

function untilEastServes(): Promise<unknown> {
  // Each reply that helps closes its breaker; the first may still be another region's.
  return until(
    "east serves again",
    async () => {
      const replies = [await ask({ worker }), await ask({ worker }), await ask({ worker })];
      return replies.every(({ headers }) => headers["x-served-region"] === "east");
    },
    20_000,
  );
}

async function startRegion(region: string): Promise<FaultRegion> {
  const orders = new Map<string, number>();
  let replies = 0;
  const server = createServer((request, response) => {
    const id = String(request.headers["x-id"]);
    if (request.method === "POST") orders.set(id, (orders.get(id) ?? 0) + 1);
    response.on("error", () => undefined);
    request.resume().on("end", () => {
      replies += 1;
      response.setHeader("x-region", region);
      const play = started.play;
      // An order is work, and some of it is always under way.
      if (request.method === "POST") setTimeout(() => response.end(`from ${region}`), ORDER_MS);
      else if (play === "half-503" && replies % 2 === 0) response.writeHead(503).end("busy");
      else if (play === "reset-body" && replies % 2 === 0) {
        response.writeHead(200, { "content-length": "1000" });
        response.write("half", () => response.socket?.resetAndDestroy());
      } else response.end(`from ${region}`);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const upstream = { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  const falseClaim = { region: "elsewhere", cluster: "elsewhere" };
  const gate = await openGate({ host: "127.0.0.1", upstream, slowMs: SLOW_MS, falseClaim }, 0);
  const started: FaultRegion = { gate, server, orders, play: "well" };
  return started;
}

interface Row {
  readonly name: string;
  /** From the number on until another is said; at MENDS_AT everything is well again. */
  readonly breaks: Readonly<Record<number, () => unknown>>;
  /** Replies that had begun may break; elsewhere none does. */
  readonly mayBreak?: boolean;
}

const gated =
  (fault: GateFault): (() => Promise<void>) =>
  () =>
    east.gate.setFault(fault);
const plays =
  (play: Play): (() => void) =>
  () =>
    void (east.play = play);
const flapping = Object.fromEntries(
  Array.from({ length: 10 }, (_, turn) => [BREAKS_AT + turn * 30, gated(turn % 2 === 0 ? "refuse" : "open")]),
);

const ROWS: readonly Row[] = [
  // Cutting what is under way may hit a reply of which the head has gone out.
  { name: "killed", breaks: { [BREAKS_AT]: gated("refuse") }, mayBreak: true },
  { name: "black-holed", breaks: { [BREAKS_AT]: gated("blackhole") }, mayBreak: true },
  { name: "reset at every request", breaks: { [BREAKS_AT]: gated("reset") }, mayBreak: true },
  { name: "garbage instead of HTTP", breaks: { [BREAKS_AT]: gated("garbage") }, mayBreak: true },
  { name: "503 from its gateway", breaks: { [BREAKS_AT]: gated("http-503") }, mayBreak: true },
  { name: "slow", breaks: { [BREAKS_AT]: gated("slow") } },
  { name: "flapping", breaks: flapping, mayBreak: true },
  { name: "half of its replies 503", breaks: { [BREAKS_AT]: plays("half-503") } },
  { name: "reset in the middle of half of its bodies", breaks: { [BREAKS_AT]: plays("reset-body") }, mayBreak: true },
];

async function loadOver(row: Row, methods: readonly string[]): Promise<readonly Served[]> {
  const mend = async (): Promise<void> => {
    plays("well")();
    await gated("open")();
  };
  const all = await runLoad({
    port: worker.port,
    host: HOST,
    perSecond: PER_SECOND,
    count: COUNT,
    methods,
    at: { ...row.breaks, [MENDS_AT]: mend },
  });
  told.push(describeLoad(`${row.name}, ${methods[0]}`, all, all.slice(BREAKS_AT, MENDS_AT)));
  return all;
}

test.each(ROWS)("a region that is $name costs no request that may be repeated", async (row) => {
  const all = await loadOver(row, METHODS);
  expect(all.filter(({ fate }) => fate === "lost")).toEqual([]);
  const broken = all.filter(({ fate }) => fate === "broken");
  if (row.mayBreak !== true) expect(broken).toEqual([]);
  // Whatever broke was a reply of the region that failed, while it failed.
  for (const one of broken) {
    expect(one.region).toBe("east");
    expect(Number(one.id)).toBeLessThan(MENDS_AT);
  }
  await untilEastServes();
});

test("a region that is killed costs no order twice, and only those that met it before its breaker opened", async () => {
  for (const { orders } of [east, west]) orders.clear();
  const all = await loadOver({ name: "killed", breaks: { [BREAKS_AT]: gated("refuse") } }, ["POST"]);
  const arrivals = all.map(({ id }) => (east.orders.get(id) ?? 0) + (west.orders.get(id) ?? 0));
  expect(Math.max(...arrivals)).toBe(1);
  const lost = all.filter(({ fate }) => fate !== "served");
  // Each of those in the region's hands, and the three that open a breaker.
  expect(lost.length).toBeLessThanOrEqual(ORDERS_LOST_MAX);
  for (const { id } of lost) expect(Number(id)).toBeLessThan(MENDS_AT);
});
