// Objectives in the words that the page, the terminal and reports share. Nothing is rounded in anybody's favour: shares down, burn
// rates up, and a budget that is spent is said to be.
import { DAY_MS, formatDuration, type Instant, parseIso } from "../time.ts";
import type { PeriodReport } from "./period-report-schema.ts";
import type { ObjectiveRow } from "./objective-schema.ts";

export const OBJECTIVE_HEADS = [
  "Objective",
  "Of",
  "Target",
  "Achieved",
  "Budget left",
  "Burn 1 h",
  "6 h",
  "3 d",
  "Lasts",
  "Measured",
] as const;

export const OBJECTIVE_DEFINITION =
  "An error budget is what the target allows to be bad, of what was measured in the objective's window. A burn rate of 1 spends just that; what is left lasts at least as long as is said if it burns on as in the last hour. What was not measured, or was in maintenance, is neither good nor bad; what a drill broke is bad.";

/** One cell under each of `OBJECTIVE_HEADS`. */
export function objectiveCells(row: ObjectiveRow, at: Instant): readonly string[] {
  const { burnRates } = row;
  return [
    row.name,
    subjectWords(row),
    `${targetWords(row)} in ${row.windowDays} d`,
    achievedWords(row),
    leftWords(row),
    ...(["1h", "6h", "3d"] as const).map((window) => rateWords(burnRates[window])),
    lastsWords(row, at),
    measuredWords(row),
  ];
}

export const OBJECTIVE_PERIOD_HEADS = [...OBJECTIVE_HEADS, "Spent here"] as const;

/** At the end of the report's window, and what the window cost. */
export function objectivePeriodCells(
  report: Pick<PeriodReport, "objectives" | "window">,
): readonly (readonly string[])[] {
  const at = parseIso(report.window.to) ?? 0;
  return (report.objectives ?? []).map((row) => [
    ...objectiveCells(row, at),
    row.periodSpent === null ? "-" : percent(row.periodSpent, 2, Math.ceil),
  ]);
}

/** "service", "aws-us-east-1 within 300 ms", "service, 5 m slices at 90 %". */
export function subjectWords({ region, thresholdMs, timeSliceMinutes, timeSliceTarget }: ObjectiveRow): string {
  const within = thresholdMs === null ? "" : ` within ${thresholdMs} ms`;
  const slices =
    timeSliceMinutes === null ? "" : `, ${timeSliceMinutes} m slices at ${decimals(timeSliceTarget ?? 0)} %`;
  return `${region ?? "service"}${within}${slices}`;
}

export function targetWords({ target }: ObjectiveRow): string {
  return `${decimals(target)} %`;
}

/** One decimal more than the target has, or a miss by a hair would look like a hit. */
export function achievedWords({ achieved, target }: ObjectiveRow): string {
  const own = decimals(target).split(".")[1]?.length ?? 0;
  return achieved === null ? "-" : percent(achieved, Math.max(2, own + 1));
}

/** More than this is told as a multiple. */
const TIMES_MIN = 9;

/** "62.50 % (27 m)": of the window, if everything is measured; "spent, 120.00 % of it"; "spent 31.5 ×". */
export function leftWords({ budgetLeft, target, windowDays }: ObjectiveRow): string {
  if (budgetLeft === null) return "-";
  if (budgetLeft <= -TIMES_MIN) return `spent ${rateWords(1 - budgetLeft)}`;
  if (budgetLeft <= 0) return `spent, ${percent(1 - budgetLeft, 2, Math.ceil)} of it`;
  return `${percent(budgetLeft, 2)} (${formatDuration(budgetLeft * (1 - target) * windowDays * DAY_MS)})`;
}

/** "0.8 ×". */
export function rateWords(rate: number | null): string {
  return rate === null ? "-" : `${(Math.ceil(rate * 10 - 1e-9) / 10).toFixed(1)} ×`;
}

export function lastsWords({ budgetLeft, exhaustedAt, burnRates }: ObjectiveRow, at: Instant): string {
  if (exhaustedAt !== null) return formatDuration(Math.max(0, (parseIso(exhaustedAt) ?? at) - at));
  if (budgetLeft === null || burnRates["1h"] === null) return "-";
  return budgetLeft <= 0 ? "spent" : "holds";
}

/** "98.20 %, 40 in maintenance, 12 of 30 bad by drills, since 2026-11-22". */
export function measuredWords({ counts, since, from }: ObjectiveRow): string {
  const { good, bad, unknown, excused, planned } = counts;
  const all = good + bad + unknown;
  return [
    all === 0 ? "nothing" : percent((good + bad) / all, 2),
    ...(excused === 0 ? [] : [`${excused} in maintenance`]),
    ...(planned === 0 ? [] : [`${planned} of ${bad} bad by drills`]),
    ...(since === null || since <= from ? [] : [`since ${since.slice(0, 16)}Z`]),
  ].join(", ");
}

/** Down, unless somebody says how; 100 % only where nothing is missing. */
function percent(ratio: number, digits: number, round = Math.floor): string {
  const unit = 10 ** digits;
  const exact = ratio * 100 * unit;
  const rounded = Math.abs(exact - Math.round(exact)) < 1e-6 ? Math.round(exact) : round(exact);
  return `${((ratio < 1 ? Math.min(rounded, 100 * unit - 1) : rounded) / unit).toFixed(digits)} %`;
}

/** 0.999 as "99.9", without what binary fractions add. */
function decimals(share: number): string {
  return String(Number((share * 100).toFixed(10)));
}
