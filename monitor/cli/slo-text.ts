// Error budgets for a terminal and for a ticket: what is left, how fast it goes, and what asks for somebody.
import { BURN_RULES } from "../objective/budget.ts";
import { markdownTable } from "../report/markdown.ts";
import type { ObjectiveRow } from "../report/objective-schema.ts";
import { OBJECTIVE_DEFINITION, OBJECTIVE_HEADS, objectiveCells, rateWords } from "../report/objective-words.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { parseIso } from "../time.ts";
import { alignColumns } from "./columns.ts";

export type Promised = Pick<StatusReport, "service" | "generatedAt" | "simulated"> & {
  readonly objectives: readonly ObjectiveRow[];
};

export function sloText(report: Promised): string {
  const heads = OBJECTIVE_HEADS.map((head) => head.toLowerCase());
  const burning = burningLines(report);
  const parts = [
    titleOf(report),
    alignColumns([heads, ...cellsOf(report)]),
    ...(burning.length === 0 ? [] : [burning.join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

export function sloMarkdown(report: Promised): string {
  const lines = burningLines(report).map((line) => `- ${line}`);
  const parts = [
    `# ${titleOf(report)}`,
    markdownTable(OBJECTIVE_HEADS, cellsOf(report)),
    ...(lines.length === 0 ? [] : [lines.join("\n")]),
    OBJECTIVE_DEFINITION,
  ];
  return `${parts.join("\n\n")}\n`;
}

function titleOf({ service, generatedAt, simulated }: Promised): string {
  return `${service.name}  error budgets at ${generatedAt}${simulated ? ", simulated" : ""}`;
}

function cellsOf({ objectives, generatedAt }: Promised): readonly (readonly string[])[] {
  return objectives.map((row) => objectiveCells(row, parseIso(generatedAt) ?? 0));
}

/** "page: availability burns at 16.2 × in 1h and 20.0 × in 5m, over 14.4". */
function burningLines({ objectives }: Promised): readonly string[] {
  return objectives.flatMap(({ name, burning, burnRates }) => {
    const rule = BURN_RULES.find(
      ({ urgency, rate, long, short }) =>
        urgency === burning && (burnRates[long] ?? 0) > rate && (burnRates[short] ?? 0) > rate,
    );
    if (rule === undefined) return [];
    const { urgency, rate, long, short } = rule;
    return [
      `${urgency}: ${name} burns at ${rateWords(burnRates[long] ?? null)} in ${long} and ${rateWords(burnRates[short] ?? null)} in ${short}, over ${rate}`,
    ];
  });
}
