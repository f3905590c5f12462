// The judgement on a drill: its figures against what was expected, what is allowed and what the simulation foresaw, with a
// sentence for everything that counts.
import { type BoundRow, boundRows } from "./bounds.ts";
import { expectationReasons } from "./expectation.ts";
import { type DrillFigures, figuresOf } from "./figures.ts";
import { completenessReasons, endReasons } from "./completeness.ts";
import { momentsOf } from "./moments.ts";
import type { DrillRecord } from "./record.ts";
import { sightsOf } from "./sights.ts";
import {
  FIGURE_NAMES,
  isLikeSimulated,
  type Simulation,
  TIMED_FIGURES,
  type TimedFigure,
  timedFigure,
} from "./simulation.ts";

export const OUTCOMES = ["passed", "inconclusive", "failed", "aborted"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Reason {
  /** What it does to the outcome; a "note" does nothing. */
  readonly weight: "aborts" | "fails" | "leaves open" | "note";
  readonly text: string;
}

export interface Judgement {
  readonly outcome: Outcome;
  /** The heaviest first. */
  readonly reasons: readonly Reason[];
  /** Null: no lever acted. */
  readonly figures: DrillFigures | null;
  /** In a fixed order; empty without figures. */
  readonly bounds: readonly BoundRow[];
  /** Figures that no trial of the simulation had, in the order of `TIMED_FIGURES`. */
  readonly unlikeSimulated: readonly TimedFigure[];
}

const WEIGHTS = ["aborts", "fails", "leaves open", "note"] as const satisfies readonly Reason["weight"][];

/** `simulation`: of the same plan; null: none was made. */
export function judgeDrill(record: DrillRecord, simulation: Simulation | null): Judgement {
  const { plan } = record;
  const sights = sightsOf(record.events);
  const moments = momentsOf(record, sights);
  const figures = figuresOf(plan, sights, moments);
  const bounds = figures === null ? [] : boundRows(plan, figures, moments);
  const unlikeSimulated =
    figures === null || simulation === null || moments.isCutShort ? [] : strangersTo(simulation, figures);
  const reasons = [
    ...completenessReasons(record, sights, moments),
    ...(figures === null ? [] : expectationReasons(plan, sights, figures, moments)),
    ...bounds.flatMap((row) => boundReasons(row)),
    ...(figures === null ? [] : endReasons(plan, figures, moments)),
    ...unlikeSimulated.map((name): Reason => ({
      weight: "note",
      text: `${FIGURE_NAMES[name]} is unlike every simulated trial`,
    })),
  ].toSorted((a, b) => WEIGHTS.indexOf(a.weight) - WEIGHTS.indexOf(b.weight));
  return { outcome: outcomeOf(reasons), reasons, figures, bounds, unlikeSimulated };
}

function outcomeOf(reasons: readonly Reason[]): Outcome {
  switch (reasons[0]?.weight) {
    case "aborts":
      return "aborted";
    case "fails":
      return "failed";
    case "leaves open":
      return "inconclusive";
    case "note":
    case undefined:
      return "passed";
  }
}

function boundReasons(row: BoundRow): readonly Reason[] {
  switch (row.result) {
    case "over":
      return [{ weight: "fails", text: row.sentence }];
    case "open":
      return [{ weight: "leaves open", text: row.sentence }];
    case "within":
    case "not needed":
      return [];
  }
}

function strangersTo(simulation: Simulation, figures: DrillFigures): readonly TimedFigure[] {
  return TIMED_FIGURES.filter((name) => {
    const measured = timedFigure(figures, name);
    return measured !== null && !isLikeSimulated(measured, simulation.figures[name]);
  });
}
