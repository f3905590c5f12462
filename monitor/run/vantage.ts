// A vantage's part of a round: all its looks within one deadline, over a few lanes. A lane has at most one connection open
// at a time, so the number of lanes is the number of connections.
import type { DnsObservation, DnsReply, Failure, Observation, VantageReport } from "../model/observation.ts";
import { compareText } from "../policy/name-lookup.ts";
import { runInLanes } from "./lanes.ts";
import { findServer, type NameServerCache, nameOfServer, unfoundServer } from "./name-servers.ts";
import type { DnsJob, ProbeJob, VantageJob } from "./plan.ts";
import { runProbe, unstartedProbe } from "./probe.ts";
import type { LookingWorld } from "./world.ts";

/** Cloudflare queues a seventh connection, and queueing would be measured as latency: stay well below six. */
export const CONNECTIONS_MAX = 4;

/** A look needs at least this share of the timeout. */
const START_SHARE = 0.5;

/** How long after the deadline a look may still end by itself: whatever is later never would. */
const OVERDUE_MS_MAX = 500;
const OVERDUE: Failure = { cause: "internal", detail: "the look did not end by its deadline" };

/** A vantage's own place in the world, kept between rounds. */
export interface Place {
  readonly colo: string;
  readonly nameServers: NameServerCache;
}

/** Never throws, and ends by `job.timeoutMs`, or a little later where the world breaks its deadlines. DNS goes first: it is quick. */
export async function runVantage(job: VantageJob, place: Place, world: LookingWorld): Promise<VantageReport> {
  const deadlineMs = world.clock.monotonicMs() + job.timeoutMs;
  const dns: DnsObservation[] = [];
  const observations: Observation[] = [];
  const tasks = [
    ...job.questions.map((question) => async (): Promise<void> => {
      const reply = runQuestion(question, deadlineMs, place.nameServers, world);
      dns.push(await endBy(deadlineMs, reply, () => overdueQuestion(question, world), world));
    }),
    ...job.probes.map((probe) => async (): Promise<void> => {
      const look = runInTime(probe, deadlineMs, job.timeoutMs * START_SHARE, world);
      observations.push(await endBy(deadlineMs, look, () => overdueProbe(probe, world), world));
    }),
  ];
  await runInLanes(tasks, CONNECTIONS_MAX);
  return {
    vantage: job.vantage.id,
    colo: place.colo,
    observations: observations.toSorted((a, b) => compareText(a.region, b.region)),
    dns: dns.toSorted((a, b) => compareText(a.type + a.view, b.type + b.view)),
  };
}

/** A look that begins late would fail for want of time, and its region would be blamed for it. */
async function runInTime(
  probe: ProbeJob,
  deadlineMs: number,
  leastMs: number,
  world: LookingWorld,
): Promise<Observation> {
  return deadlineMs - world.clock.monotonicMs() < leastMs
    ? unstartedProbe(probe, world)
    : runProbe(probe, deadlineMs, world);
}

/** A world that forgets a look must not cost the others of its vantage. */
async function endBy<T extends object>(
  deadlineMs: number,
  look: Promise<T>,
  late: () => T,
  { clock }: LookingWorld,
): Promise<T> {
  return (await clock.within(look, deadlineMs + OVERDUE_MS_MAX - clock.monotonicMs())) ?? late();
}

function overdueProbe(job: ProbeJob, world: LookingWorld): Observation {
  return { ...unstartedProbe(job, world), failure: OVERDUE };
}

function overdueQuestion({ name, type, vantage, view }: DnsJob, { clock }: LookingWorld): DnsObservation {
  return { name, type, vantage, view, server: view, at: clock.now(), reply: { kind: "failed", failure: OVERDUE } };
}

async function runQuestion(
  job: DnsJob,
  deadlineMs: number,
  cache: NameServerCache,
  world: LookingWorld,
): Promise<DnsObservation> {
  const about = { name: job.name, type: job.type, vantage: job.vantage, view: job.view, at: world.clock.now() };
  try {
    const found = await findServer(job, deadlineMs, cache, world);
    if (found.kind === "failed") return { ...about, server: unfoundServer(job.zone), reply: found };
    // A resolver is asked as users ask it; only the zone's own servers are told for whom we ask.
    const clientSubnet = job.view === "authoritative" ? job.asker.clientSubnet : null;
    const reply = await world.dns.ask({ name: job.name, type: job.type, clientSubnet, deadlineMs }, found.server);
    return { ...about, server: nameOfServer(found.server, job.resolvers), reply };
  } catch (thrown) {
    return { ...about, server: job.view, reply: internal(thrown) };
  }
}

function internal(thrown: unknown): DnsReply {
  return {
    kind: "failed",
    failure: { cause: "internal", detail: thrown instanceof Error ? thrown.message : String(thrown) },
  };
}
