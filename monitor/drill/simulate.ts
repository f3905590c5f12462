// Many trials of one drill in virtual time, read by the same referee as a real one: where each figure lies when all goes by
// the rules. What differs between trials is chance alone: when looks fall, when caches were filled, how changes spread.
import type { Instant } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { DrillRecord } from "./record.ts";
import { type Judgement, judgeDrill, OUTCOMES, type Outcome } from "./referee.ts";
import type { DrillPlan } from "./script.ts";
import { makeScene } from "./simulated-scene.ts";
import { simulateTrial } from "./simulated-trial.ts";
import {
  type Interval,
  type SimulatedFigure,
  type Simulation,
  TIMED_FIGURES,
  type TimedFigure,
  timedFigure,
} from "./simulation.ts";
import { rankedAt, type Span } from "./span.ts";

export const TRIALS = 100;
export const TRIALS_MAX = 1000;
/** Any will do; a fixed one makes two simulations of one plan the same. */
export const SEED = 53;

export interface SimulationOrder {
  readonly trials: number;
  readonly seed: number;
}

/** `topology` is the one that the plan was made for. */
export function simulateDrill(
  plan: DrillPlan,
  topology: Topology,
  { trials, seed }: SimulationOrder = { trials: TRIALS, seed: SEED },
): Simulation {
  const scene = makeScene(plan, topology);
  const count = Math.max(1, Math.min(trials, TRIALS_MAX));
  const judged = Array.from({ length: count }, (_, index) => judgeDrill(simulateTrial(scene, seed + index, 0), null));
  const shares = judged.flatMap(({ figures }) => figures?.traffic.lostShare ?? []);
  return {
    trials: count,
    seed,
    figures: byFigure((name) => simulatedFigure(name, judged)),
    lostShare: shares.length === 0 ? null : intervalOf(shares, shares),
    outcomes: byOutcome((outcome) => judged.filter((one) => one.outcome === outcome).length),
  };
}

/** One trial as a record: for a first look at a drill's report. */
export function simulateOnce(plan: DrillPlan, topology: Topology, seed: number, startedAt: Instant): DrillRecord {
  return simulateTrial(makeScene(plan, topology), seed, startedAt);
}

function simulatedFigure(name: TimedFigure, judged: readonly Judgement[]): SimulatedFigure {
  const spans = judged
    .map(({ figures }) => (figures === null ? null : timedFigure(figures, name)))
    .filter((span): span is Span => span !== null);
  const [least, most] = [spans.map((span) => span.atLeastMs), spans.map((span) => span.atMostMs)];
  return { interval: spans.length === 0 ? null : intervalOf(least, most), times: spans.length };
}

function intervalOf(least: readonly number[], most: readonly number[]): Interval {
  return { min: rankedAt(least, 0), p50: rankedAt(most, 0.5), p95: rankedAt(most, 0.95), max: rankedAt(most, 1) };
}

function byFigure(value: (name: TimedFigure) => SimulatedFigure): Readonly<Record<TimedFigure, SimulatedFigure>> {
  const empty = { interval: null, times: 0 };
  const start: Record<TimedFigure, SimulatedFigure> = {
    detection: empty,
    route53Detection: empty,
    failover: empty,
    cachesFailover: empty,
    recovery: empty,
    failback: empty,
    cachesFailback: empty,
    gap: empty,
  };
  for (const name of TIMED_FIGURES) start[name] = value(name);
  return start;
}

function byOutcome(value: (outcome: Outcome) => number): Readonly<Record<Outcome, number>> {
  const start: Record<Outcome, number> = { passed: 0, inconclusive: 0, failed: 0, aborted: 0 };
  for (const outcome of OUTCOMES) start[outcome] = value(outcome);
  return start;
}
