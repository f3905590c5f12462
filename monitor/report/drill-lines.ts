// The table of figures as words, a line for each: every face shows these lines, and none of them makes its own.
import { formatShare } from "../drill/bounds.ts";
import type { TimedFigure } from "../drill/simulation.ts";
import { formatDuration } from "../time.ts";
import type { DrillFigureRow, DrillReport } from "./drill-report-schema.ts";
import { FIGURE_WORDS, neverWords, spanWords } from "./drill-words.ts";

export interface FigureLine {
  readonly name: TimedFigure | "lost";
  readonly title: string;
  readonly means: string;
  readonly measured: string;
  /** Of half of the places; empty where a figure has none. */
  readonly half: string;
  /** Of 95 % of the places; empty where a figure has none, and where that is the slowest itself. */
  readonly most: string;
  /** Empty without one. */
  readonly bound: string;
  readonly result: DrillFigureRow["result"];
  /** "OVER" and the like; empty without a bound. */
  readonly held: string;
  readonly simulated: string;
}

/** In the order of the report, requests last; empty when no lever acted. */
export function figureLines(report: DrillReport): readonly FigureLine[] {
  if (report.figures.length === 0) return [];
  return [...report.figures.map((row) => timedLine(report, row)), lostLine(report)];
}

/** Few places have no 95 % but the slowest: then the column would say nothing. */
export function placeHeads(lines: readonly FigureLine[]): readonly string[] {
  return lines.some(({ most }) => most !== "") ? ["50 %", "95 %"] : ["50 %"];
}

/** Empty where there is no such column. */
export function mostWords(report: DrillReport): readonly string[] {
  const shown = placeHeads(figureLines(report)).length > 1;
  return shown ? ["95 % of the places were no slower than the column 95 %; empty where that is the slowest."] : [];
}

/** As many cells as `placeHeads` has. */
export function placeCellsOf({ half, most }: FigureLine, heads: readonly string[]): readonly string[] {
  return [half, most].slice(0, heads.length);
}

/** The figures as plain cells, the heads first: for faces whose tables are nothing but text. */
export function figureRows(report: DrillReport): readonly (readonly string[])[] {
  const lines = figureLines(report);
  const percentiles = placeHeads(lines);
  const heads = ["", "Measured", ...percentiles, "Bound", report.trials === null ? "" : simulatedTitle(report)];
  const rows = lines.map((line) => [
    line.title,
    line.measured,
    ...placeCellsOf(line, percentiles),
    heldWords(line),
    line.simulated,
  ]);
  return lines.length === 0 ? [] : [heads, ...rows];
}

/** "7.8 s  within"; empty without a bound. */
function heldWords({ bound, held }: FigureLine): string {
  return bound === "" ? "" : `${bound}  ${held}`;
}

export function simulatedTitle({ trials }: DrillReport): string {
  return trials === null ? "Simulated" : `Simulated, ${trials} trials`;
}

const RESULT_WORDS: Readonly<Record<DrillFigureRow["result"], string>> = {
  within: "within",
  over: "OVER",
  open: "open",
  "not needed": "not needed",
  "not bound": "",
};

function timedLine(report: DrillReport, row: DrillFigureRow): FigureLine {
  const { name, places, measured, p50, p95, boundMs, result } = row;
  const isSlowest = JSON.stringify(p95) === JSON.stringify(measured);
  return {
    name,
    ...FIGURE_WORDS[name],
    measured: measuredWords(report, row),
    half: places === null || places === 0 ? "" : p50 === null ? neverWords(report) : spanWords(p50),
    most: places === null || isSlowest ? "" : p95 === null ? neverWords(report) : spanWords(p95),
    bound: boundMs === null ? "" : formatDuration(boundMs),
    result,
    held: RESULT_WORDS[result],
    simulated: simulatedWords(row),
  };
}

function lostLine({ lostShare, traffic }: DrillReport): FigureLine {
  const { measured, bound, result, simulated } = lostShare;
  const counted = `(${traffic.lostDuring} of ${traffic.triedDuring})`;
  return {
    name: "lost",
    title: "Requests lost",
    means: "of those tried while the fault stood, by the name",
    measured: measured === null ? "none tried" : `${formatShare(measured)} ${counted}`,
    half: "",
    most: "",
    bound: bound === null ? "" : formatShare(bound),
    result,
    held: RESULT_WORDS[result],
    simulated: simulated === null ? "" : `${formatShare(simulated.min)} to ${formatShare(simulated.max)}`,
  };
}

const DETECTIONS: ReadonlySet<TimedFigure> = new Set<TimedFigure>(["detection", "route53Detection"]);

const FAILBACKS: ReadonlySet<TimedFigure> = new Set<TimedFigure>(["failback", "cachesFailback"]);

/** What did not happen, and was not to happen, is no reproach. */
function measuredWords(report: DrillReport, { measured, places, name }: DrillFigureRow): string {
  if (measured !== null) return spanWords(measured);
  if (report.underWay !== undefined && report.repairAt === null && FAILBACKS.has(name)) return neverWords(report);
  if (places === 0 || name === "gap") return "none";
  const calm = DETECTIONS.has(name) && !report.expect.notices.includes("region");
  return calm ? "not, as expected" : neverWords(report);
}

function simulatedWords({ simulated, likeSimulated }: DrillFigureRow): string {
  if (simulated === null) return "";
  const range = `${formatDuration(simulated.min)} to ${formatDuration(simulated.max)}`;
  return likeSimulated === false ? `${range}  UNLIKE` : range;
}
