// The history of drills for a terminal: how each came out, and whether its figures are as they were.
import type { Outcome } from "../drill/referee.ts";
import type { DrillHistory, DrillTrend } from "../report/drill-history.ts";
import { FIGURE_WORDS } from "../report/drill-words.ts";
import { formatDuration } from "../time.ts";
import { alignColumns } from "./columns.ts";

/** The latest times whose values are shown. */
const SHOWN_MAX = 5;
const OUTCOMES_SHOWN_MAX = 30;

const MARKS: Readonly<Record<Outcome, string>> = { passed: "+", failed: "x", inconclusive: "?", aborted: "!" };

export function drillHistoryText(histories: readonly DrillHistory[]): string {
  if (histories.length === 0) return "no drill was run yet\n";
  return `${histories.map((one) => historyPart(one)).join("\n\n")}\n\n+ passed, x failed, ? inconclusive, ! aborted; the latest last\n`;
}

function historyPart(history: DrillHistory): string {
  const { drill, local, runs, passed, lastPassedAgoMs, comparable } = history;
  const marks = history.outcomes.slice(-OUTCOMES_SHOWN_MAX).map(({ outcome }) => MARKS[outcome]);
  const since = lastPassedAgoMs === null ? "never passed" : `passed ${formatDuration(lastPassedAgoMs)} ago`;
  const where = local ? " (local world)" : "";
  const other =
    comparable < runs ? `\n  compared: the ${comparable} that ran to their end under the present topology` : "";
  const head = `${drill}${where}  ${marks.join("")}  ${passed} of ${runs} passed, ${since}${other}`;
  if (history.trends.length === 0) return head;
  const heads = ["", "latest", "trend", "half before", `the latest ${Math.min(SHOWN_MAX, comparable)}`];
  return `${head}\n${alignColumns([heads, ...history.trends.map(trendRow)])}`;
}

function trendRow({ figure, valuesMs, medianBeforeMs, trend }: DrillTrend): readonly string[] {
  const words = (ms: number | null): string => (ms === null ? "never" : formatDuration(ms));
  return [
    FIGURE_WORDS[figure].title,
    words(valuesMs.at(-1) ?? null),
    trend,
    medianBeforeMs === null ? "" : words(medianBeforeMs),
    valuesMs.slice(-SHOWN_MAX).map(words).join(", "),
  ];
}
