// How long a failover took, as the monitor saw it by itself, drill or not: from the change of a region's health until that was
// noticed, until the name servers had followed, and until users were led to a region that serves. Each time is an upper bound.
import { route53View, type UserHealth, userView } from "../health/views.ts";
import type { MonitorState, TimingSample } from "../model/state.ts";
import type { HealthView } from "../policy/health-check.ts";
import type { Instant } from "../time.ts";
import { regionsAt, type Topology } from "../topology/topology.ts";
import { freshnessFor } from "./standing.ts";
import { answerKey, NO_TIMING } from "./timing.ts";

/** Fault → unhealthy; fault → name servers moved; fault → users led to a region that serves; repair → name servers back. */
export const FAILOVER_STAGES = ["detection", "failover", "recovery", "failback"] as const;
export type FailoverStage = (typeof FAILOVER_STAGES)[number];

export interface StageTime {
  /** From the last look before the change to the first that saw the stage reached, at the slowest vantage so far. */
  readonly tookMs: number;
  /** Names the change that it is counted from. */
  readonly changedBy: Instant;
}

export type StageTimes = { readonly [stage in FailoverStage]?: StageTime };

/** By region id. */
export type FailoverTimes = Readonly<Record<string, StageTimes>>;

/** `state` is that of the round that ended at `at`. A stage keeps its time until a later change is measured. */
export function stepFailoverTimes(
  before: FailoverTimes,
  topology: Topology,
  state: MonitorState,
  at: Instant,
): FailoverTimes {
  const freshness = freshnessFor(topology);
  const views = { route53: route53View(state.health, freshness, at), user: userView(state.health, freshness, at) };
  const ofRegions = topology.regions.map(({ id }): readonly [string, StageTimes] => {
    const reached = reachedNow(topology, state, views, id, at);
    return [id, reached.reduce(withStage, before[id] ?? {})];
  });
  return Object.fromEntries(ofRegions.filter(([, times]) => Object.keys(times).length > 0));
}

interface Views {
  readonly route53: HealthView;
  readonly user: UserHealth;
}

interface Reached {
  readonly stage: FailoverStage;
  readonly time: StageTime;
}

/** The same change reached a stage later elsewhere: the slowest place counts. */
function withStage(times: StageTimes, { stage, time }: Reached): StageTimes {
  const was = times[stage];
  const slower = was !== undefined && was.changedBy === time.changedBy && was.tookMs >= time.tookMs;
  return slower ? times : { ...times, [stage]: time };
}

function reachedNow(
  topology: Topology,
  { health, timing = NO_TIMING }: MonitorState,
  views: Views,
  id: string,
  at: Instant,
): readonly Reached[] {
  const { change = null, health: latest = "unknown" } = timing.regions[id] ?? {};
  if (change === null) return [];
  const reached = (stage: FailoverStage, by: Instant): Reached => ({
    stage,
    time: { tookMs: Math.max(0, by - change.after), changedBy: change.by },
  });
  const moves = timing.samples.filter(
    (sample) => sample.cause === id && sample.changedBy === change.by && sample.movedBy === at,
  );
  const nameServers = moves.filter((sample) => sample.kind === "propagation");
  if (latest === "healthy") return nameServers.map(() => reached("failback", at));
  const noticedAt = views.route53[id] === "unhealthy" ? (health[id]?.route53Since ?? null) : null;
  const served = moves.filter((sample) => sample.kind === "caches" && leadsToService(topology, timing, views, sample));
  return [
    ...(noticedAt === null || noticedAt < change.by ? [] : [reached("detection", noticedAt)]),
    ...nameServers.map(() => reached("failover", at)),
    ...served.map(() => reached("recovery", at)),
  ];
}

/** Whether users there get an answer of regions that all serve. */
function leadsToService(
  topology: Topology,
  { answers }: NonNullable<MonitorState["timing"]>,
  { user }: Views,
  { vantage }: TimingSample,
): boolean {
  const addresses = (["A", "AAAA"] as const).flatMap(
    (type) => answers[answerKey({ vantage, view: "recursive", type })]?.addresses ?? [],
  );
  const regions = regionsAt(topology, addresses);
  return regions.length > 0 && regions.every((id) => user[id] === "healthy");
}
