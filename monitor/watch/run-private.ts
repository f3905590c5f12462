// A private vantage in one process: it looks in every slot of the monitor's grid, by the same code as all vantages, and brings home
// what it saw. Looking never waits for the way home; what cannot be brought in time is given up and counted.
import { setTimeout as sleep } from "node:timers/promises";
import { stepHealth } from "../health/book.ts";
import type { VantageReport } from "../model/observation.ts";
import { privateColo } from "../run/batch-order.ts";
import type { NameServerCache } from "../run/name-servers.ts";
import { batchId, batchText } from "../run/observation-batch.ts";
import { planPrivate, type Seen } from "../run/plan.ts";
import { runVantage } from "../run/vantage.ts";
import type { LookingWorld } from "../run/world.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import { looksFingerprint } from "../topology/fingerprint.ts";
import { pacesOf, paceTopology } from "../topology/pace.ts";
import type { Topology } from "../topology/topology.ts";
import { zoneOf } from "../topology/zone.ts";
import { freshnessFor } from "../verify/standing.ts";
import { type BatchCounts, BatchQueue } from "./batch-queue.ts";
import { keepGrid } from "./grid.ts";
import { sendBatch, type SendEnd } from "./send-batch.ts";
import { WayHome } from "./way-home.ts";

/** Where the topology comes from; it may be replaced between two slots. */
export interface PrivateSource {
  readonly topology: () => Topology;
  /** What is to be told of it since the last call. */
  readonly look: (at: Instant) => readonly string[];
}

export interface PrivatePlan {
  readonly vantage: string;
  readonly monitor: URL;
  readonly secret: string;
  readonly source: PrivateSource;
  /** Null: until it is asked to stop. */
  readonly roundsMax: number | null;
}

const ATTEMPTS_PER_SLOT_MAX = 4;
const BACKOFF_FIRST_MS = 500;
/** Before the next slot, so that it begins in time. */
const LEFT_MS = 100;

/** The slot that is under way when it is asked to stop ends, and is sent once more. */
export async function runPrivate(
  plan: PrivatePlan,
  tell: (lines: readonly string[]) => void,
  stop: AbortSignal,
  world: LookingWorld,
): Promise<BatchCounts> {
  const { clock } = world;
  const queue = new BatchQueue();
  const way = new WayHome(plan.monitor, tell);
  const nap = (ms: number): Promise<void> => sleep(ms, undefined, { signal: stop }).catch(() => {});
  const looker = makeLooker(plan, world);
  let everySeconds: number | null = null;
  const paced = (): Topology => pacedBy(plan.source.topology(), everySeconds);
  const runSlot = async (slot: Instant): Promise<void> => {
    const topology = paced();
    const batch = await looker(topology, slot);
    if (batch === null)
      return tell([`${plan.vantage} is no private vantage of the topology any more: it does not look`]);
    queue.add(batch);
    const until = slot + topology.probe.intervalSeconds * SECOND_MS - LEFT_MS;
    everySeconds = (await bringHome(queue, plan, way, { until, nap, stop, topology }, world)) ?? everySeconds;
  };
  const between = async (): Promise<void> => tell(plan.source.look(clock.now()));
  const intervalMs = (): number => paced().probe.intervalSeconds * SECOND_MS;
  await keepGrid({ intervalMs, runSlot, between, roundsMax: plan.roundsMax, stop }, clock, nap);
  return queue.counts;
}

interface Leave {
  readonly until: Instant;
  readonly nap: (ms: number) => Promise<void>;
  readonly stop: AbortSignal;
  readonly topology: Topology;
}

/** Gives the pace that the monitor told; null: it told none. At least one attempt is made, also when it is asked to stop. */
async function bringHome(
  queue: BatchQueue,
  { monitor, secret }: PrivatePlan,
  way: WayHome,
  { until, nap, stop, topology }: Leave,
  { clock }: LookingWorld,
): Promise<number | null> {
  let told: number | null = null;
  let failures = 0;
  for (let sent = 0; sent === 0 || (clock.now() < until && failures < ATTEMPTS_PER_SLOT_MAX); sent += 1) {
    queue.forgetStale(freshnessFor(topology).ageMaxMs, clock.now());
    const { oldest } = queue;
    if (oldest === null) break;
    const end: SendEnd = await sendBatch(monitor, secret, oldest, clock);
    if (end.kind !== "failed") queue.settle(end.kind);
    way.tell(end, queue.counts);
    if (end.kind !== "failed") {
      told = end.everySeconds ?? told;
      continue;
    }
    failures += 1;
    const waitMs = Math.max(end.waitMs, BACKOFF_FIRST_MS * 2 ** (failures - 1));
    if (stop.aborted || clock.now() + waitMs >= until) break;
    await nap(waitMs);
  }
  return told;
}

/** A drill's quicker grid, where the topology allows it. */
function pacedBy(topology: Topology, everySeconds: number | null): Topology {
  return everySeconds !== null && pacesOf(topology).includes(everySeconds)
    ? paceTopology(topology, everySeconds)
    : topology;
}

type Looker = (
  topology: Topology,
  slot: Instant,
) => Promise<{ readonly slot: Instant; readonly id: string; readonly body: string } | null>;

/** Remembers what hung, so that it takes no lane from others, and where the name servers are. */
function makeLooker({ vantage }: PrivatePlan, world: LookingWorld): Looker {
  const nameServers: NameServerCache = new Map();
  let seen: Seen = { cells: {}, health: {} };
  return async (topology, slot) => {
    const job = planPrivate(topology, vantage, slot, seen);
    if (job === null) return null;
    const report = await runVantage(job, { colo: privateColo(vantage), nameServers }, world);
    seen = seenBy(topology, seen, report);
    const { observations, dns } = report;
    const looks = looksFingerprint(topology, vantage);
    const body = batchText({
      vantage,
      slot,
      looks,
      observations: observations.map(({ vantage: _own, ...look }) => look),
      dns: dns.map(({ vantage: _own, ...answer }) => answer),
    });
    return { slot, id: batchId(vantage, slot), body };
  };
}

function seenBy(topology: Topology, before: Seen, { observations, colo }: VantageReport): Seen {
  const checks = new Map(zoneOf(topology).healthChecks.map((check) => [check.id, check]));
  const cells = Object.fromEntries(observations.map((look) => [look.region, { [look.vantage]: look }]));
  const health = observations.reduce((book, look) => {
    const check = checks.get(look.region);
    return check === undefined ? book : stepHealth(book, look, colo, check);
  }, before.health);
  return { cells, health };
}
