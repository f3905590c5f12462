// Measures what AWS does not promise: how long a change of health, or of the records, took to come out in DNS. Each figure is a
// bound: the world changes between two looks, so the longest that it can have taken is what counts.
import { route53Vote } from "../health/votes.ts";
import type { TimingChange, TimingSample, TimingTrace } from "../model/state.ts";
import { aggregateHealth, type Health, isEndpointCheck } from "../policy/health-check.ts";
import { HOUR_MS, type Instant, SECOND_MS } from "../time.ts";
import { judgedTtlSeconds, judgedZoneOf } from "../topology/judged-zone.ts";
import { privateVantages, type Topology } from "../topology/topology.ts";
import type { History, HistoryRound, SeenAnswer } from "./history.ts";

export const NO_TIMING: TimingTrace = { regions: {}, answers: {}, policy: null, samples: [] };

/** Kept in the state, which every round writes: the latest ones. */
export const SAMPLES_MAX = 60;
/** An answer that moves later than this has another cause. */
const HORIZON_MS = HOUR_MS;

/** `round.policy` is the fingerprint of `topology`. */
export function stepTiming(trace: TimingTrace, topology: Topology, round: HistoryRound): TimingTrace {
  const watched = watchedRegions(topology);
  const inside = new Set(privateVantages(topology).map(({ id }) => id));
  const isOutside = ({ vantage }: { readonly vantage: string }): boolean => !inside.has(vantage);
  const outside = { ...round, observations: round.observations.filter(isOutside) };
  const regions = Object.fromEntries(watched.map(({ id }) => [id, stepRegion(trace.regions[id], id, outside)]));
  const policy = stepPolicy(trace.policy, round);
  const seen = { ...trace, regions, policy };
  const answers = new Map(Object.entries(trace.answers).filter(([, { seenAt }]) => round.at - seenAt <= HORIZON_MS));
  let samples = trace.samples;
  for (const answer of round.answers.filter(isOutside)) {
    if (answer.addresses === null) continue;
    const key = answerKey(answer);
    const before = answers.get(key);
    answers.set(key, { addresses: answer.addresses, seenAt: round.slot });
    if (before === undefined || before.addresses.join(" ") === answer.addresses.join(" ")) continue;
    const moved = { before: before.addresses, after: before.seenAt, answer, at: round.at };
    const sample = sampleOf({ ...seen, samples }, topology, watched, moved);
    if (sample !== null) samples = [...samples.filter((one) => !isSameMove(one, sample)), sample].slice(-SAMPLES_MAX);
  }
  return { regions, answers: Object.fromEntries(answers), policy, samples };
}

/** Of a whole history, as if it had been recorded under the one topology; the latest ones. */
export function measureTiming(topology: Topology, { rounds }: History): readonly TimingSample[] {
  return rounds.reduce((trace, round) => stepTiming(trace, topology, round), NO_TIMING).samples;
}

interface WatchedRegion {
  readonly id: string;
  /** The least that Route 53 needs to notice, by the quickest of the health checks that look at the region. */
  readonly detectMinMs: number;
}

/** In the order of the topology; a region without a health check moves no answer. */
function watchedRegions(topology: Topology): readonly WatchedRegion[] {
  const { zone, regionOfCheck } = judgedZoneOf(topology);
  const checks = zone.healthChecks.filter(isEndpointCheck);
  return topology.regions.flatMap(({ id }) => {
    const leasts = checks
      .filter((check) => regionOfCheck[check.id] === id)
      .map(({ failureThreshold, requestIntervalSeconds }) => (failureThreshold - 1) * requestIntervalSeconds);
    return leasts.length === 0 ? [] : [{ id, detectMinMs: Math.min(...leasts) * SECOND_MS }];
  });
}

type Region = TimingTrace["regions"][string];

/** What the looks of a round say together, before any threshold; a round that says nothing leaves all as it was. */
function stepRegion(was: Region | undefined, id: string, { slot, at, observations }: HistoryRound): Region {
  const votes = observations.filter((seen) => seen.region === id).map(route53Vote);
  const health = aggregateHealth(
    votes.map((vote): Health => (vote === null ? "unknown" : vote ? "healthy" : "unhealthy")),
  );
  const before = was ?? { health: "unknown", seenAt: slot, change: null };
  if (health === "unknown") return before;
  const flips = before.health !== "unknown" && before.health !== health;
  return { health, seenAt: slot, change: flips ? { after: before.seenAt, by: at } : before.change };
}

function stepPolicy(was: TimingTrace["policy"], { slot, at, policy }: HistoryRound): TimingTrace["policy"] {
  if (was === null) return { fingerprint: policy, seenAt: slot, change: null };
  const change = was.fingerprint === policy ? was.change : { after: was.seenAt, by: at };
  return { fingerprint: policy, seenAt: slot, change };
}

/** Under which the latest answer is remembered. */
export function answerKey({ vantage, view, type }: Pick<SeenAnswer, "vantage" | "view" | "type">): string {
  return `${vantage} ${view} ${type}`;
}

/** A server that had not moved yet makes an answer move twice: the later one counts. */
function isSameMove(a: TimingSample, b: TimingSample): boolean {
  return a.kind === b.kind && a.cause === b.cause && a.changedBy === b.changedBy && a.vantage === b.vantage;
}

interface Moved {
  readonly before: readonly string[];
  /** The last slot with the old answer. */
  readonly after: Instant;
  readonly answer: SeenAnswer;
  /** When the new one was there. */
  readonly at: Instant;
}

/** Null: nothing that we saw explains this move, or several things do. */
function sampleOf(
  trace: TimingTrace,
  topology: Topology,
  watched: readonly WatchedRegion[],
  moved: Moved,
): TimingSample | null {
  const causes = watched.filter(({ id }) => explains(trace.regions[id], topology, id, moved));
  const [cause, other] = causes;
  if (cause === undefined) return policySample(trace.policy?.change ?? null, moved);
  const change = trace.regions[cause.id]?.change ?? null;
  if (other !== undefined || change === null) return null;
  return moved.answer.view === "authoritative"
    ? propagationSample(cause, change, moved)
    : cacheSample(trace.samples, topology, cause, change, moved);
}

/** A region that fell and left the answer, or rose and came into it. */
function explains(region: Region | undefined, topology: Topology, id: string, { before, answer, at }: Moved): boolean {
  const change = region?.change ?? null;
  if (region === undefined || change === null || at - change.by > HORIZON_MS) return false;
  const addresses = topology.regions.find((one) => one.id === id)?.endpoint.addresses ?? [];
  const inside = (values: readonly string[]): boolean => addresses.some((address) => values.includes(address));
  const [was, is] = [inside(before), inside(answer.addresses ?? [])];
  return region.health === "unhealthy" ? was && !is : !was && is;
}

/** Whatever is left of the longest it can have taken, once detection took as little as it can. */
function propagationSample({ id, detectMinMs }: WatchedRegion, change: TimingChange, moved: Moved): TimingSample {
  return {
    ...sampled("propagation", id, change, moved),
    atMostMs: Math.max(0, moved.at - change.after - detectMinMs),
  };
}

/** A cache may have asked just before the name servers moved, which was at the earliest when we last saw them unmoved. */
function cacheSample(
  samples: readonly TimingSample[],
  topology: Topology,
  { id }: WatchedRegion,
  change: TimingChange,
  moved: Moved,
): TimingSample | null {
  const sample = sampled("caches", id, change, moved);
  const servers = samples.find((one) => isSameMove(one, { ...sample, kind: "propagation" }));
  if (servers === undefined) return null;
  const allowedMs = judgedTtlSeconds(topology) * SECOND_MS;
  return {
    ...sample,
    tookMs: Math.max(0, moved.at - servers.movedBy),
    atMostMs: Math.max(0, moved.at - servers.movedAfter - allowedMs),
  };
}

/** Counted from when the monitor got the new topology, so it says something only where the records were edited then. */
function policySample(change: TimingChange | null, moved: Moved): TimingSample | null {
  if (change === null || moved.answer.view !== "authoritative" || moved.at - change.by > HORIZON_MS) return null;
  return { ...sampled("edit", "records", change, moved), atMostMs: moved.at - change.after };
}

function sampled(kind: TimingSample["kind"], cause: string, change: TimingChange, moved: Moved): TimingSample {
  const { vantage } = moved.answer;
  return {
    kind,
    cause,
    vantage,
    changedBy: change.by,
    movedAfter: moved.after,
    movedBy: moved.at,
    tookMs: Math.max(0, moved.at - change.by),
    atMostMs: 0,
  };
}
