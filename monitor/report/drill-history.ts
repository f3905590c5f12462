// How the figures of a drill change from one time to the next. Only like is compared with like: measured reports, of one
// drill, under one topology; and a change counts only where what was measured does not overlap with anything before.
import { TIMED_FIGURES, type TimedFigure } from "../drill/simulation.ts";
import { rankedAt, type Span } from "../drill/span.ts";
import { groupBy } from "../grouping.ts";
import { type Instant, parseIso } from "../time.ts";
import type { DrillReport } from "./drill-report-schema.ts";

/** The latest ones of each drill that are looked at. */
export const HISTORY_MAX = 200;

export interface DrillTrend {
  readonly figure: TimedFigure;
  /** In the order of time: when it was seen; null: it did not happen. */
  readonly valuesMs: readonly (number | null)[];
  /** Of the times before the latest; null: there is none, or it did not happen in half of them. */
  readonly medianBeforeMs: number | null;
  /** "slower", "faster": than every time before, whatever the looks left open. */
  readonly trend: "first" | "as before" | "slower" | "faster" | "no longer" | "not measured";
}

export interface DrillHistory {
  readonly drill: string;
  readonly title: string;
  readonly local: boolean;
  readonly runs: number;
  readonly passed: number;
  /** The oldest first. */
  readonly outcomes: readonly { readonly id: string; readonly outcome: DrillReport["outcome"] }[];
  readonly lastOutcome: DrillReport["outcome"];
  /** Since the latest that passed began; null: none did. */
  readonly lastPassedAgoMs: number | null;
  /** Times that ran to their end under the latest's topology: all others are counted, and not compared. */
  readonly comparable: number;
  /** In the order of `TIMED_FIGURES`; those that no comparable report has are left out. */
  readonly trends: readonly DrillTrend[];
}

/** By drill, then real ones before local ones. Simulated reports are no history. */
export function drillHistory(reports: readonly DrillReport[], at: Instant): readonly DrillHistory[] {
  const measured = reports.filter(({ simulated }) => !simulated);
  const groups = groupBy(measured, ({ drill, local }) => `${drill} ${local ? "local" : "0-real"}`);
  return Object.values(groups).flatMap((group) => historyOf(group, at));
}

function historyOf(group: readonly DrillReport[], at: Instant): readonly DrillHistory[] {
  const ordered = group.toSorted((a, b) => instantOf(a) - instantOf(b)).slice(-HISTORY_MAX);
  const last = ordered.at(-1);
  if (last === undefined) return [];
  const like = ordered.filter(
    ({ topologyFingerprint, outcome }) => topologyFingerprint === last.topologyFingerprint && outcome !== "aborted",
  );
  const lastPassed = ordered.findLast(({ outcome }) => outcome === "passed");
  return [
    {
      drill: last.drill,
      title: last.title,
      local: last.local,
      runs: ordered.length,
      passed: ordered.filter(({ outcome }) => outcome === "passed").length,
      outcomes: ordered.map(({ id, outcome }) => ({ id, outcome })),
      lastOutcome: last.outcome,
      lastPassedAgoMs: lastPassed === undefined ? null : at - instantOf(lastPassed),
      comparable: like.length,
      trends: TIMED_FIGURES.flatMap((figure) => trendOf(figure, like)),
    },
  ];
}

function instantOf({ startedAt }: DrillReport): Instant {
  return parseIso(startedAt) ?? 0;
}

function trendOf(figure: TimedFigure, reports: readonly DrillReport[]): readonly DrillTrend[] {
  const rows = reports.map(({ figures }) => figures.find(({ name }) => name === figure));
  if (rows.every((row) => row === undefined)) return [];
  const spans = rows.map((row) => row?.measured ?? null);
  const before = rows.slice(0, -1).flatMap((row) => (row === undefined ? [] : countedSpan(row)));
  const median = rankedAt(
    before.map(({ atMostMs }) => atMostMs),
    0.5,
  );
  return [
    {
      figure,
      valuesMs: spans.map((span) => span?.atMostMs ?? null),
      medianBeforeMs: median === Infinity ? null : median,
      trend: trendWord(spans.at(-1) ?? null, before),
    },
  ];
}

const ENDLESS: Span = { atLeastMs: Infinity, atMostMs: Infinity };
const NO_TIME: Span = { atLeastMs: 0, atMostMs: 0 };

/** What did not happen took longer than whatever did, but for a gap, which is well where there was none. None: nobody was concerned. */
function countedSpan({ name, measured, places }: DrillReport["figures"][number]): readonly Span[] {
  if (measured !== null) return [measured];
  if (places === 0) return [];
  return [name === "gap" ? NO_TIME : ENDLESS];
}

function trendWord(latest: Span | null, before: readonly Span[]): DrillTrend["trend"] {
  const hasMeasured = before.some(({ atMostMs }) => atMostMs > 0 && atMostMs < Infinity);
  if (latest === null) return hasMeasured ? "no longer" : "not measured";
  if (!hasMeasured) return "first";
  if (before.every(({ atMostMs }) => latest.atLeastMs > atMostMs)) return "slower";
  return before.every(({ atLeastMs }) => latest.atMostMs < atLeastMs) ? "faster" : "as before";
}
