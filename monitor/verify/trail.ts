// The trail of a failover: when each region's health for users turned, when the policy led elsewhere, and when answers did. It
// is kept as turns in the state, so that its size follows from what happened and not from how often we look.
import { mapValues } from "../grouping.ts";
import type { MonitorState } from "../model/state.ts";
import { DAY_MS, type Instant } from "../time.ts";
import { regionsAt, type Topology } from "../topology/topology.ts";
import type { Trail, Turn } from "../model/trail.ts";
import type { SeenAnswer } from "./history.ts";
import { freshnessFor, type Standing } from "./standing.ts";
import { regionSubject, worstVerdict } from "./verdict.ts";

export const TRAIL_MS_MAX = DAY_MS;
/** Of all lanes, beside the first of each. */
export const TURNS_MAX = 200;
/** Regions that a value names; what more there are is counted. */
export const NAMED_MAX = 3;

export const POLICY_LANE = "policy";
export const DNS_LANE = "dns";
const MONITOR_LANE = "monitor";
const SILENT = "silent";
const LOOKING = "looking";

/** What one round says: `state` has its verdicts, and is otherwise the one before. */
export interface TrailRound {
  readonly state: Pick<MonitorState, "trail" | "lastRoundAt" | "verdicts">;
  readonly standing: Pick<Standing, "user" | "failover">;
  readonly answers: readonly SeenAnswer[];
}

export function stepTrail(topology: Topology, { state, standing, answers }: TrailRound, at: Instant): Trail {
  const { trail, lastRoundAt, verdicts } = state;
  const regions = topology.regions.map(({ id }): Fact => [regionSubject(id), standing.user[id] ?? "unknown"]);
  const ofDns = verdicts.flatMap(({ subject, verdict }) => (subject.startsWith("dns:") ? [verdict] : []));
  const facts: readonly Fact[] = [
    ...regions,
    [POLICY_LANE, namesOf(policyRegions(topology, standing))],
    [DNS_LANE, [worstVerdict(ofDns), namesOf(ledTo(topology, answers))].join(" ").trimEnd()],
    [MONITOR_LANE, LOOKING],
  ];
  const before = trail === undefined ? undefined : withSilence(topology, trail, lastRoundAt, at);
  const lanes = Object.fromEntries(facts.map(([lane, value]) => [lane, withTurn(before?.lanes[lane], [at, value])]));
  return cutTrail({ from: before?.from ?? at, lanes }, at);
}

type Fact = readonly [lane: string, value: string];

/** Without a round for longer than an opinion lasts, nobody knows what was. */
export function withSilence(topology: Topology, trail: Trail, lastRoundAt: Instant | null, at: Instant): Trail {
  const from = (lastRoundAt ?? at) + freshnessFor(topology).ageMaxMs;
  if (from >= at) return trail;
  return { ...trail, lanes: { ...trail.lanes, [MONITOR_LANE]: withTurn(trail.lanes[MONITOR_LANE], [from, SILENT]) } };
}

/** In their order, also when the clock went back a little. */
function withTurn(turns: readonly Turn[] = [], [at, value]: Turn): readonly Turn[] {
  const last = turns.at(-1);
  return last?.[1] === value ? turns : [...turns, [Math.max(at, last?.[0] ?? at), value]];
}

/** Of a clock that was ahead nothing is kept but what it had seen by `at`; null: nothing. */
export function forgetTrailAfter({ from, lanes }: Trail, at: Instant): Trail | null {
  if (from > at) return null;
  return { from, lanes: mapValues(lanes, (turns) => turns.filter(([turnedAt]) => turnedAt <= at)) };
}

/** In the topology's order; none: not one that the policy decides on. */
function policyRegions({ regions }: Topology, { failover }: Pick<Standing, "failover">): readonly string[] {
  const active = new Set([failover.active, ...Object.values(failover.activeByVantage ?? {})]);
  return regions.map(({ id }) => id).filter((id) => active.has(id));
}

/** In the topology's order: where users are led, by resolvers as they have them; the name servers' own words only where none was asked. */
function ledTo(topology: Topology, answers: readonly SeenAnswer[]): readonly string[] {
  const own = answers.filter(({ name }) => name === topology.service.host);
  const resolved = own.filter(({ view }) => view === "recursive");
  const asked = resolved.length > 0 ? resolved : own;
  return regionsAt(
    topology,
    asked.flatMap(({ addresses }) => addresses ?? []),
  );
}

function namesOf(regions: readonly string[]): string {
  const others = regions.length - NAMED_MAX;
  return [...regions.slice(0, NAMED_MAX), ...(others > 0 ? [`+${others}`] : [])].join(" ");
}

/** What is too old goes first, then what is too much. */
function cutTrail(trail: Trail, at: Instant): Trail {
  const recent = forgetBefore(trail, at - TRAIL_MS_MAX);
  const turns = Object.values(recent.lanes).flatMap((lane) => lane.slice(1).map(([turnedAt]) => turnedAt));
  if (turns.length <= TURNS_MAX) return recent;
  const oldest = turns.toSorted((a, b) => a - b)[turns.length - TURNS_MAX - 1] ?? at;
  return forgetBefore(recent, oldest);
}

/** Of each lane the value that it had then stays. */
function forgetBefore(trail: Trail, from: Instant): Trail {
  if (from <= trail.from) return trail;
  const lanes = mapValues(trail.lanes, (turns) =>
    turns.slice(
      Math.max(
        0,
        turns.findLastIndex(([at]) => at <= from),
      ),
    ),
  );
  return { from, lanes };
}

/** Null: nobody looked, or it was not known yet. */
export interface LaneSpan {
  readonly from: Instant;
  readonly to: Instant;
  readonly value: string | null;
}

/** From `trail.from` until `at`, the earliest first, without a gap. */
export function laneSpans({ from, lanes }: Trail, lane: string, at: Instant): readonly LaneSpan[] {
  const turns = lanes[lane] ?? [];
  const watch = lanes[MONITOR_LANE] ?? [];
  const edges = [
    from,
    ...[...turns, ...watch].map(([turnedAt]) => turnedAt).filter((edge) => edge > from && edge < at),
  ];
  const starts = [...new Set(edges)].toSorted((a, b) => a - b);
  const spans: LaneSpan[] = [];
  for (const [index, start] of starts.entries()) {
    const value = valueAt(watch, start) === SILENT ? null : valueAt(turns, start);
    const to = starts[index + 1] ?? at;
    const last = spans.at(-1);
    if (last?.value === value) spans.splice(-1, 1, { ...last, to });
    else spans.push({ from: start, to, value });
  }
  return spans;
}

function valueAt(turns: readonly Turn[], at: Instant): string | null {
  return turns.findLast(([turnedAt]) => turnedAt <= at)?.[1] ?? null;
}
