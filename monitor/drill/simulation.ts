// What a simulation gives: for each figure, where it lies in trials that differ only in chance. Types, and the list of
// figures that are compared with them.
import type { DrillFigures } from "./figures.ts";
import type { Outcome } from "./referee.ts";
import type { Span } from "./span.ts";

export const TIMED_FIGURES = [
  "detection",
  "route53Detection",
  "failover",
  "cachesFailover",
  "recovery",
  "failback",
  "cachesFailback",
  "gap",
] as const;
export type TimedFigure = (typeof TIMED_FIGURES)[number];

/** As a reason says it. */
export const FIGURE_NAMES: Readonly<Record<TimedFigure, string>> = {
  detection: "detection",
  route53Detection: "detection by Route 53's rules",
  failover: "failover",
  cachesFailover: "failover through caches",
  recovery: "recovery",
  failback: "failback",
  cachesFailback: "failback through caches",
  gap: "the longest time without service",
};

export interface Interval {
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export interface SimulatedFigure {
  /** In milliseconds; `min` counts the lower ends of what was seen, the others the upper ones. Null: it came in no trial. */
  readonly interval: Interval | null;
  /** Trials in which it came. */
  readonly times: number;
}

export interface Simulation {
  readonly trials: number;
  readonly seed: number;
  readonly figures: Readonly<Record<TimedFigure, SimulatedFigure>>;
  /** 0 to 1, of requests during the fault; null: none was tried. */
  readonly lostShare: Interval | null;
  /** Trials by how they came out. */
  readonly outcomes: Readonly<Record<Outcome, number>>;
}

/** The slowest place's, where places differ; null: it did not come. */
export function timedFigure(figures: DrillFigures, name: TimedFigure): Span | null {
  switch (name) {
    case "detection":
    case "route53Detection":
      return figures[name];
    case "gap":
      return figures.traffic.gap;
    case "failover":
    case "cachesFailover":
    case "recovery":
    case "failback":
    case "cachesFailback":
      return figures[name].max;
  }
}

/** Could this measurement have been one of the trials? */
export function isLikeSimulated(span: Span, { interval }: SimulatedFigure): boolean {
  return interval !== null && span.atMostMs >= interval.min && span.atLeastMs <= interval.max;
}
