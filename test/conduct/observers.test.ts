// A drill's users before a region that accepts and stays silent, on real sockets: they come at the rate at which they came
// before, however long each of them hangs, so that the share of lost requests is what users at a constant rate would see.
import { createServer } from "node:http";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MonitorClient } from "../../monitor/conduct/monitor-client.ts";
import { type Looking, runObservers } from "../../monitor/conduct/observers.ts";
import type { DrillEvent, DrillEventOf } from "../../monitor/drill/record.ts";
import { sightsOf } from "../../monitor/drill/sights.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { localTopology } from "../../monitor/local/topology.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { until } from "../support/until.ts";

const HOST = "127.0.10.1";
const CLAIM = JSON.stringify({
  region: "us-east-1",
  hostname: "pod-1",
  podIP: "10.0.0.7",
  time: "2026-11-28T12:00:00Z",
  cluster: "aws-us-east-1",
});
/** Far longer than requests are apart: one at a time, a user would send one. */
const REQUEST_MS = 100;
const TURNS = 6;

let hangs = false;
let heard = new Map<string, number>();
const server = createServer((request, response) => {
  const vantage = String(request.headers["x-probe-vantage"]);
  heard.set(vantage, (heard.get(vantage) ?? 0) + 1);
  if (!hangs) response.end(CLAIM);
});
let port = 0;
beforeEach(async () => {
  heard = new Map();
  port = await listenOn(server, { host: HOST, port: 0 });
});
afterEach(async () => {
  server.closeAllConnections();
  await closeListener(server);
});

/** Until every user has come so often; gives what was noted. */
async function watchUsers(turns: number): Promise<readonly DrillEventOf<"request">[]> {
  const parsed = parseTopology(
    localTopology({ regions: 2, policy: "failover", intervalSeconds: 2, gatePort: port, dnsPort: 1, dohPort: 1 }),
  );
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const silent = async () => ({ kind: "silent", detail: "nobody there" }) as const;
  const monitor: MonitorClient = { url: "", readStatus: silent, startDrill: silent, endDrill: silent };
  const events: DrillEvent[] = [];
  const reply = { kind: "reply", rcode: "NOERROR", authoritative: false, addresses: [HOST], ttlSeconds: 60 } as const;
  const looking: Looking = {
    topology: parsed.value,
    cadence: { roundMs: 60_000, statusMs: 60_000, dnsMs: 60_000, requestMs: REQUEST_MS },
    drillId: "d1",
    monitor,
    router: null,
    world: { ...makeNodeWorld(), dns: { ask: async () => ({ ...reply, scope: null, elapsedMs: 1 }) } },
    note: (event) => void events.push(event),
  };
  const over = new AbortController();
  const running = runObservers(looking, { status: null, silence: null }, over.signal);
  const places = parsed.value.probe.vantages.length;
  await until(
    "every user's turns",
    () => heard.size === places && [...heard.values()].every((times) => times >= turns),
  );
  over.abort();
  await running;
  return sightsOf(events).requests;
}

test("as many requests are sent while a region hangs as before it did, and each is noted when its time is up", async () => {
  hangs = false;
  const startedMs = performance.now();
  const served = await watchUsers(TURNS);
  const servedMs = performance.now() - startedMs;
  expect(new Set(served.map(({ served: by }) => by))).toEqual(new Set(["aws-us-east-1"]));
  heard = new Map();
  hangs = true;
  const hungMs = performance.now();
  const lost = await watchUsers(TURNS);
  const tookMs = performance.now() - hungMs;
  expect(new Set(lost.map(({ cause }) => cause))).toEqual(new Set(["timeout"]));
  // Those under way at the end are waited for: 800 ms.
  expect(tookMs - 800).toBeLessThan(servedMs + 2 * REQUEST_MS);
  expect(Math.abs(lost.length - served.length)).toBeLessThanOrEqual(5);
  for (const { totalMs } of lost) expect(totalMs).toBeGreaterThan(750);
});
