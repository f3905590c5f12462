// A drill's report for a terminal: the outcome and why, then the figures, then place by place.
import { figureRows } from "../report/drill-lines.ts";
import {
  caveatWords,
  courseLines,
  expectationWords,
  latencyWords,
  noticeLines,
  outcomeWord,
  outcomeWords,
  placeCells,
  whenWords,
} from "../report/drill-words.ts";
import type { DrillReport } from "../report/drill-report-schema.ts";
import { visibleText } from "../local/text-line.ts";
import { alignColumns } from "./columns.ts";

export function drillReportText(report: DrillReport): string {
  const parts = [opening(report), reasons(report), figures(report), places(report), rest(report)];
  const lines = parts
    .filter((part) => part !== "")
    .join("\n\n")
    .split("\n");
  return `${lines.map((line) => visibleText(line).trimEnd()).join("\n")}\n`;
}

function opening(report: DrillReport): string {
  const caveat = caveatWords(report);
  return [
    `${outcomeWord(report).toUpperCase()}  ${report.title}: ${outcomeWords(report)}`,
    ...courseLines(report),
    `${report.service.host}  ${whenWords(report)}  ${report.id}`,
    ...report.faults.map((fault) => `fault     ${fault}`),
    `expected  ${expectationWords(report)}`,
    ...(caveat === null ? [] : [caveat]),
  ].join("\n");
}

function reasons({ reasons: rows }: DrillReport): string {
  return rows.map(({ weight, text }) => `${weight}: ${text}`).join("\n");
}

function figures(report: DrillReport): string {
  const rows = figureRows(report);
  return rows.length === 0 ? "" : alignColumns(rows);
}

function places(report: DrillReport): string {
  if (report.places.length === 0) return "";
  const head = ["From", "Answers moved", "Resolvers", "Served again", "Answers back", "Lost"];
  return alignColumns([
    head,
    ...report.places.map((row) => {
      const { failover, cachesFailover, recovery, failback, lost } = placeCells(report, row);
      return [row.vantage, failover, cachesFailover, recovery, failback, lost];
    }),
  ]);
}

function rest(report: DrillReport): string {
  const latency = latencyWords(report);
  const router = report.routerTraffic;
  return [
    ...noticeLines(report).map(({ subject, after }) => `called deviating  ${subject} after ${after}`),
    ...(latency === "" ? [] : [`a served request  ${latency}`]),
    ...(router === null ? [] : [`through the router  ${router.lost} of ${router.tried} requests lost`]),
    `DNS was asked ${report.dns.asked} times, ${report.dns.unanswered} without an answer`,
    ...report.notes.map(({ at, text }) => `note  ${at.slice(11, 19)}  ${text}`),
  ].join("\n");
}
