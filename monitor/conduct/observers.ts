// Everything that looks while a drill runs, each at its own pace: the monitor's status, DNS for every vantage in both views,
// and users of every vantage who come by the name and, where there is one, through the router.
import type { DrillEvent } from "../drill/record.ts";
import type { Cadence } from "../drill/script.ts";
import { makeNodeNet } from "../node/net.ts";
import { findServer, type NameServerCache } from "../run/name-servers.ts";
import { planRound, type VantageJob } from "../run/plan.ts";
import { VANTAGE_HEADER } from "../run/probe.ts";
import { runVantage } from "../run/vantage.ts";
import type { LookingWorld, Net } from "../run/world.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { SECOND_MS } from "../time.ts";
import { recordTypes, type Topology } from "../topology/topology.ts";
import { tenths } from "../wire/tenths.ts";
import { type Crowd, type Rhythm, runEvery, runOnGrid } from "./every.ts";
import type { MonitorClient } from "./monitor-client.ts";
import { statusEvents } from "./status-events.ts";
import type { RouterDoor } from "./scene.ts";
import { type CachedName, cachedAt, cacheReply } from "./user-cache.ts";
import { runRequest, type Served, userUrl } from "./user-requests.ts";

/** Of all users together; with more vantages each of them comes less often. */
const REQUESTS_PER_SECOND_MAX = 50;
/** Of all users together: each has a socket open, and a process may have about a thousand. */
const REQUESTS_UNDER_WAY_MAX = 500;
/** Addresses that are remembered with a connection's settings; a zone of a service has a handful. */
const NETS_MAX = 64;

export interface Looking {
  readonly topology: Topology;
  readonly cadence: Cadence;
  readonly drillId: string;
  readonly monitor: MonitorClient;
  /** Null: none that serves requests itself. */
  readonly router: RouterDoor | null;
  readonly world: LookingWorld;
  readonly note: (event: DrillEvent) => void;
}

/** What the latest looks at the monitor gave, for whoever decides on going on. */
export interface Sight {
  status: StatusReport | null;
  /** Why the monitor is silent; null: it answers. */
  silence: string | null;
}

/** Until `signal` aborts; never rejects. */
export async function runObservers(looking: Looking, sight: Sight, signal: AbortSignal): Promise<void> {
  const { topology, cadence } = looking;
  const jobs = planRound(topology, 0);
  const spread = (everyMs: number, index: number): Rhythm => ({ everyMs, phaseMs: (everyMs * index) / jobs.length });
  const requestMs = Math.max(cadence.requestMs, (jobs.length / REQUESTS_PER_SECOND_MAX) * SECOND_MS);
  const netOf = rememberNets(looking);
  const crowd = { requestMs, users: jobs.length * (looking.router === null ? 1 : 2) };
  await Promise.all([
    runEvery({ everyMs: cadence.statusMs, phaseMs: 0 }, () => lookAtMonitor(looking, sight), signal),
    ...jobs.flatMap((job, index) => {
      const place = { colo: "node", nameServers: new Map() };
      const user = makeUser(looking, job, netOf);
      return [
        runEvery(spread(cadence.dnsMs, index), () => lookAtDns(looking, job.vantage.id, place), signal),
        runOnGrid(spread(requestMs, index), crowdOf(looking, job, crowd), user.byName, signal),
        ...(looking.router === null
          ? []
          : [runOnGrid(spread(requestMs, index), crowdOf(looking, job, crowd), user.byRouter, signal)]),
      ];
    }),
  ]);
}

/** Users wait for nobody: one at a time, a fault that hangs would let the fewest be lost. As many are under way as a timeout holds. */
function crowdOf(
  { topology, note, world }: Looking,
  { vantage }: VantageJob,
  { requestMs, users }: { readonly requestMs: number; readonly users: number },
): Crowd {
  const needed = Math.ceil(topology.probe.timeoutMs / requestMs) + 1;
  const underWayMax = Math.max(1, Math.min(needed, Math.floor(REQUESTS_UNDER_WAY_MAX / users)));
  let isTold = false;
  const leaveOut = (): void => {
    if (isTold) return;
    isTold = true;
    const text = `users in ${vantage.id}: requests are left out while ${underWayMax} are under way, so too few are counted`;
    note({ kind: "note", at: world.clock.now(), text });
  };
  return { underWayMax, leaveOut };
}

async function lookAtMonitor({ monitor, drillId, note, world }: Looking, sight: Sight): Promise<void> {
  const reply = await monitor.readStatus();
  if (reply.kind !== "answer") {
    if (sight.silence === null) note({ kind: "note", at: world.clock.now(), text: `the monitor: ${reply.detail}` });
    sight.silence = reply.detail;
    return;
  }
  const { value } = reply;
  for (const event of statusEvents(sight.status, value, drillId)) note(event);
  sight.silence = null;
  sight.status = value;
}

/** Servers have their turns, as in the monitor's own rounds. */
async function lookAtDns(
  { topology, cadence, world, note }: Looking,
  vantage: string,
  place: { readonly colo: string; readonly nameServers: NameServerCache },
): Promise<void> {
  const turn = Math.floor(world.clock.now() / cadence.dnsMs);
  const job = planRound(topology, turn * topology.probe.intervalSeconds * SECOND_MS).find(
    (one) => one.vantage.id === vantage,
  );
  if (job === undefined) return;
  const { dns } = await runVantage({ ...job, probes: [] }, place, world);
  const at = world.clock.now();
  for (const { view, reply } of dns) {
    const answered = reply.kind === "reply";
    note({
      kind: "dns",
      at,
      vantage,
      view,
      answer: answered ? reply.addresses : [],
      ttlSeconds: answered ? reply.ttlSeconds : null,
      expected: [],
      verdict: null,
    });
  }
}

interface User {
  readonly byName: () => Promise<void>;
  readonly byRouter: () => Promise<void>;
}

function makeUser(looking: Looking, job: VantageJob, netOf: (address: string | null) => Net): User {
  const { topology, world, note, router } = looking;
  const vantage = job.vantage.id;
  const headers = { [VANTAGE_HEADER]: vantage };
  let cached: CachedName | null = null;
  let turns = 0;
  /** What was lost took the time until it was given up: so it is known when each was sent, whatever order they end in. */
  const sendBy = async (via: "dns" | "router", send: (deadlineMs: number) => Promise<Served>): Promise<void> => {
    const sentMs = world.clock.monotonicMs();
    const served = await send(sentMs + topology.probe.timeoutMs);
    const totalMs = served.totalMs ?? tenths(world.clock.monotonicMs() - sentMs);
    note({ kind: "request", at: world.clock.now(), via, vantage, ...served, totalMs });
  };
  const byName = (): Promise<void> =>
    sendBy("dns", async (deadlineMs) => {
      const found = cachedAt(cached, world.clock.now()) ?? (await resolveName(looking, job, deadlineMs));
      if (found.kind === "failed") return { served: null, totalMs: null, cause: found.cause };
      cached = found;
      const address = found.addresses[(turns += 1) % found.addresses.length] ?? "";
      return await runRequest(
        topology,
        { url: userUrl(topology, address), address, headers },
        deadlineMs,
        netOf(address),
      );
    });
  const byRouter = async (): Promise<void> => {
    if (router === null) return;
    const request = { url: router.url, address: null, headers };
    await sendBy("router", (deadlineMs) => runRequest(topology, request, deadlineMs, netOf(router.address)));
  };
  return { byName, byRouter };
}

/** Users ask a resolver; where the topology names none, the zone's own servers, with their place. */
async function resolveName({ topology, world }: Looking, job: VantageJob, deadlineMs: number): Promise<CachedName> {
  const view = topology.dns.resolvers.length > 0 ? "recursive" : "authoritative";
  const question = job.questions.find((one) => one.view === view);
  const [type = "A"] = recordTypes(topology);
  if (question === undefined) return { kind: "failed", cause: "name-not-resolved" };
  const found = await findServer(question, deadlineMs, new Map(), world);
  if (found.kind === "failed") return { kind: "failed", cause: found.failure.cause };
  const clientSubnet = job.vantage.clientSubnet;
  const reply = await world.dns.ask({ name: question.name, type, clientSubnet, deadlineMs }, found.server);
  return cacheReply(reply, world.clock.now());
}

/** The names of the service and of the router lead to the address, as in the user's cache; null: wherever the system finds it. */
function rememberNets({ topology, world, router }: Looking): (address: string | null) => Net {
  const names = [topology.service.host, ...(router === null ? [] : [new URL(router.url).hostname])];
  const nets = new Map<string | null, Net>();
  return (address) => {
    const known = nets.get(address);
    if (known !== undefined) return known;
    if (nets.size >= NETS_MAX) nets.clear();
    const resolve = address === null ? {} : Object.fromEntries(names.map((name) => [name, address]));
    const net = makeNodeNet({ clock: world.clock, resolve });
    nets.set(address, net);
    return net;
  };
}
