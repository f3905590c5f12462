// A period's report for a terminal: what went wrong first, then the regions, then DNS.
import { formatDuration } from "../time.ts";
import type { LooksReport, PeriodReport } from "../report/period-report-schema.ts";
import { OBJECTIVE_PERIOD_HEADS, objectivePeriodCells } from "../report/objective-words.ts";
import { TIMING_HEADS, timingCells } from "../report/timing-words.ts";
import {
  reasonWords,
  causeWords,
  maintenanceWords,
  percentileWords,
  percentWords,
  watchWords,
  windowWords,
} from "../report/period-words.ts";
import { alignColumns } from "./columns.ts";

export function reportText(report: PeriodReport): string {
  const parts = [
    `${report.service.name}  ${windowWords(report)}\n${[watchWords(report), ...maintenanceWords(report)].join("\n")}`,
    incidents(report),
    ...objectives(report),
    regions(report),
    dns(report),
    ...timing(report),
  ];
  return `${parts.map((part) => visible(part)).join("\n\n")}\n`;
}

function objectives(report: PeriodReport): readonly string[] {
  if (report.objectives === undefined) return [];
  const heads = OBJECTIVE_PERIOD_HEADS.map((head) => head.toLowerCase());
  return [alignColumns([heads, ...objectivePeriodCells(report)])];
}

function incidents({ incidents: rows }: PeriodReport): string {
  if (rows.length === 0) return "no incident";
  const lines = rows.map(({ subject, openedAt, closedAt, durationMs, reason, causedBy }) => [
    subject,
    openedAt,
    closedAt === undefined ? `${formatDuration(durationMs)}, open` : formatDuration(durationMs),
    reasonWords(reason, causedBy),
  ]);
  return alignColumns([["incident", "opened", "in this period", "first reason"], ...lines]);
}

function regions({ regions: rows }: PeriodReport): string {
  const lines = rows.flatMap(({ id, all, vantages }) => [
    [id, "all", ...figures(all)],
    ...vantages.map((place) => ["", place.id, ...figures(place.looks)]),
  ]);
  const heads = [
    "region",
    "from",
    "availability",
    "reachability",
    "p50",
    "p95",
    "p99",
    "unknown",
    "missed",
    "failures",
  ];
  return alignColumns([heads, ...lines]);
}

function figures(looks: LooksReport): readonly string[] {
  return [
    percentWords(looks.availability),
    percentWords(looks.reachability),
    ...[looks.p50Ms, looks.p95Ms, looks.p99Ms].map((value) => percentileWords(value)),
    String(looks.unknown),
    String(looks.missed),
    causeWords(looks),
  ];
}

function dns({ dns: rows }: PeriodReport): string {
  if (rows.length === 0) return "no DNS answer was judged";
  const lines = rows.map(({ subject, conformance, conforms, converging, deviates, undecided }) => [
    subject,
    percentWords(conformance),
    ...[conforms, converging, deviates, undecided].map(String),
  ]);
  return alignColumns([["dns", "within policy", "conforms", "converging", "deviates", "undecided"], ...lines]);
}

function timing({ timing: rows }: PeriodReport): readonly string[] {
  if (rows === undefined) return [];
  const heads = TIMING_HEADS.map((head) => head.toLowerCase());
  return [alignColumns([heads.with(0, "dns timing"), ...rows.map(timingCells)])];
}

/** What the world said must not steer the terminal. */
function visible(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, "?");
}
