// A period's report as Markdown, for a mail, a ticket or a repository: what went wrong stands before what went well.
import { formatDuration } from "../time.ts";
import { OBJECTIVE_DEFINITION, OBJECTIVE_PERIOD_HEADS, objectivePeriodCells } from "./objective-words.ts";
import { escapeMarkdown, markdownTable } from "./markdown.ts";
import type { LooksReport, PeriodReport } from "./period-report-schema.ts";
import {
  reasonWords,
  causeWords,
  DEFINITIONS,
  maintenanceWords,
  percentileWords,
  percentWords,
  watchWords,
  windowWords,
} from "./period-words.ts";
import { TIMING_DEFINITION, TIMING_HEADS, timingCells } from "./timing-words.ts";

export function periodMarkdown(report: PeriodReport): string {
  const parts = [
    `# ${escapeMarkdown(report.service.name)}: ${windowWords(report)}`,
    [watchWords(report), ...maintenanceWords(report)].map((line) => escapeMarkdown(line)).join("\n\n"),
    incidents(report),
    ...objectives(report),
    regions(report),
    vantages(report),
    dns(report),
    ...timing(report),
    definitions(report)
      .map((line) => `- ${line}`)
      .join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

function definitions({ timing: measured, objectives: promised }: PeriodReport): readonly string[] {
  return [
    ...DEFINITIONS,
    ...(measured === undefined ? [] : [TIMING_DEFINITION]),
    ...(promised === undefined ? [] : [OBJECTIVE_DEFINITION]),
  ];
}

function objectives(report: PeriodReport): readonly string[] {
  if (report.objectives === undefined) return [];
  return [table("Error budgets", OBJECTIVE_PERIOD_HEADS, objectivePeriodCells(report))];
}

function incidents({ incidents: rows }: PeriodReport): string {
  if (rows.length === 0) return "## Incidents\n\nNone.";
  const lines = rows.map(({ subject, openedAt, closedAt, durationMs, reason, causedBy }) => [
    subject,
    openedAt,
    closedAt ?? "open",
    formatDuration(durationMs),
    reasonWords(reason, causedBy),
  ]);
  return table("Incidents", ["Subject", "Opened", "Closed", "In this period", "First reason"], lines);
}

function regions({ regions: rows }: PeriodReport): string {
  const lines = rows.map(({ id, all }) => [id, ...figures(all), causeWords(all)]);
  return table("Regions", ["Region", ...FIGURES, "Failures"], lines);
}

function vantages({ regions: rows }: PeriodReport): string {
  const lines = rows.flatMap(({ id, vantages: places }) =>
    places.map((place) => {
      const { up, down, unknown, missed } = place.looks;
      return [id, place.id, ...figures(place.looks), ...[up, down, unknown, missed].map(String)];
    }),
  );
  return table("From each vantage", ["Region", "Vantage", ...FIGURES, "Up", "Down", "Unknown", "Missed"], lines);
}

const FIGURES = ["Availability", "Reachability", "p50", "p95", "p99"];

function figures(looks: LooksReport): readonly string[] {
  return [
    percentWords(looks.availability),
    percentWords(looks.reachability),
    ...[looks.p50Ms, looks.p95Ms, looks.p99Ms].map((value) => percentileWords(value)),
  ];
}

function dns({ dns: rows }: PeriodReport): string {
  if (rows.length === 0) return "## DNS\n\nNo answer was judged.";
  const lines = rows.map(({ subject, conformance, conforms, converging, deviates, undecided }) => [
    subject,
    percentWords(conformance),
    ...[conforms, converging, deviates, undecided].map(String),
  ]);
  return table("DNS", ["Subject", "Within the policy", "Conforms", "Converging", "Deviates", "Undecided"], lines);
}

function timing({ timing: rows }: PeriodReport): readonly string[] {
  return rows === undefined ? [] : [table("DNS timing, measured", TIMING_HEADS, rows.map(timingCells))];
}

function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  return `## ${title}\n\n${markdownTable(heads, rows)}`;
}
