// What a period was like, as one value for all its faces: how available and how fast each region was from each vantage,
// whether DNS kept to the policy, what went wrong, and how well we watched.
import type { ObjectiveBook } from "../model/counts.ts";
import { FAILURE_CAUSES } from "../model/observation.ts";
import type { Incident } from "../model/verdict.ts";
import type { TimingSample } from "../model/state.ts";
import { type Instant, SECOND_MS, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { LooksReport, Percentile, PeriodReport, Share, TimingRow } from "./period-report-schema.ts";
import { objectivePeriodRows } from "./objective-rows.ts";
import { makeTimingRows } from "./timing-rows.ts";
import { quantileMs } from "./sketch.ts";
import { type CellTally, EMPTY_CELL, type Gap, mergeCells, type Tally, type VerdictCounts } from "./tally.ts";

/** `to` is not part of it. */
export interface Window {
  readonly from: Instant;
  readonly to: Instant;
}

/** What is known of a window. */
export interface PeriodFacts {
  /** Of the rounds in the window. */
  readonly tally: Tally;
  /** The first round after the window: slots missed just before it may lie inside. Null: there is none yet. */
  readonly next: Gap | null;
  /** Those outside the window are left out. */
  readonly incidents: readonly Incident[];
  /** Those that moved after the window are left out: one window alone has seldom enough of them. Absent: not measured. */
  readonly timing?: readonly TimingSample[];
  /** What was counted up to now, of which the window takes its part. Absent: nothing was. */
  readonly objectives?: ObjectiveBook;
}

export function makePeriodReport(topology: Topology, facts: PeriodFacts, window: Window, at: Instant): PeriodReport {
  const { tally } = facts;
  return {
    schemaVersion: 1,
    generatedAt: toIso(at),
    window: { from: toIso(window.from), to: toIso(window.to) },
    service: { name: topology.service.name, host: topology.service.host },
    intervalSeconds: topology.probe.intervalSeconds,
    rounds: tally.rounds,
    missedSlots: missedIn(topology, facts, window),
    firstRoundAt: tally.first === null ? null : toIso(tally.first.slot),
    lastRoundAt: tally.last === null ? null : toIso(tally.last),
    regions: regionRows(topology, tally),
    dns: Object.entries(tally.dns).map(([subject, counts]) => dnsRow(subject, counts)),
    incidents: incidentRows(facts.incidents, window, at),
    ...(facts.timing === undefined ? {} : { timing: timingRows(topology, facts.timing, window) }),
    ...(topology.objectives.length === 0
      ? {}
      : { objectives: objectivePeriodRows(topology, facts.objectives ?? {}, window) }),
  };
}

function timingRows(topology: Topology, samples: readonly TimingSample[], { to }: Window): TimingRow[] {
  return [
    ...makeTimingRows(
      topology,
      samples.filter(({ movedBy }) => movedBy < to),
    ),
  ];
}

/** Only the gaps at the window's two ends can reach across them. */
function missedIn(topology: Topology, { tally, next }: PeriodFacts, window: Window): number {
  const intervalMs = topology.probe.intervalSeconds * SECOND_MS;
  const inside = tally.missedSlots - (tally.first?.missedSlots ?? 0);
  return inside + partInside(tally.first, intervalMs, window) + partInside(next, intervalMs, window);
}

function partInside(gap: Gap | null, intervalMs: number, { from, to }: Window): number {
  if (gap === null) return 0;
  const nearest = Math.max(1, Math.floor((gap.slot - to) / intervalMs) + 1);
  const farthest = Math.min(gap.missedSlots, Math.floor((gap.slot - from) / intervalMs));
  return Math.max(0, farthest - nearest + 1);
}

function regionRows(topology: Topology, { cells }: Tally): PeriodReport["regions"] {
  const known = topology.regions.map((region) => region.id);
  const vantages = topology.probe.vantages.map((vantage) => vantage.id);
  return withOthers(known, Object.keys(cells)).map((id) => {
    const row = cells[id] ?? {};
    return {
      id,
      all: looksReport(mergeCells(Object.values(row))),
      vantages: withOthers(known.includes(id) ? vantages : [], Object.keys(row)).map((vantage) => ({
        id: vantage,
        looks: looksReport(row[vantage] ?? EMPTY_CELL),
      })),
    };
  });
}

export function withOthers(known: readonly string[], found: readonly string[]): readonly string[] {
  return [...known, ...found.filter((id) => !known.includes(id))];
}

export function looksReport({
  up,
  down,
  unknown,
  missed,
  maintenance,
  route53,
  causes,
  totalMs,
}: CellTally): LooksReport {
  const frequent = FAILURE_CAUSES.flatMap((cause) => {
    const looks = causes[cause] ?? 0;
    return looks === 0 ? [] : [{ cause, looks }];
  });
  const percentile = (share: number): Percentile => percentileOf(quantileMs(totalMs, share));
  return {
    availability: shareOf(up, up + down),
    reachability: shareOf(route53.passed, route53.passed + route53.failed),
    up,
    down,
    unknown,
    missed,
    ...(maintenance === 0 ? {} : { maintenance }),
    p50Ms: percentile(0.5),
    p95Ms: percentile(0.95),
    p99Ms: percentile(0.99),
    causes: frequent.toSorted((a, b) => b.looks - a.looks),
  };
}

/** Tenths of milliseconds, as everywhere; the sketch knows no more. */
function percentileOf(valueMs: number | null): Percentile {
  if (valueMs === null) return null;
  return valueMs === Infinity ? "failed" : Math.round(valueMs * 10) / 10;
}

export function shareOf(good: number, all: number): Share {
  return { good, all, ratio: all === 0 ? null : good / all };
}

function dnsRow(subject: string, counts: VerdictCounts): PeriodReport["dns"][number] {
  const { conforms, converging, deviates, undecided } = counts;
  const conformance = shareOf(conforms + converging, conforms + converging + deviates);
  return { subject, conformance, conforms, converging, deviates, undecided };
}

function incidentRows(incidents: readonly Incident[], window: Window, at: Instant): PeriodReport["incidents"] {
  const end = Math.min(window.to, at);
  return incidents
    .filter(({ openedAt, closedAt }) => openedAt < window.to && (closedAt ?? Infinity) > window.from)
    .toSorted((a, b) => a.openedAt - b.openedAt || (a.subject < b.subject ? -1 : 1))
    .map(({ subject, openedAt, closedAt, reason, causedBy }) => ({
      subject,
      openedAt: toIso(openedAt),
      ...(closedAt === null ? {} : { closedAt: toIso(closedAt) }),
      durationMs: Math.max(0, Math.min(closedAt ?? end, end) - Math.max(openedAt, window.from)),
      reason,
      ...(causedBy === undefined ? {} : { causedBy }),
    }));
}
