// A drill's report as Markdown, for a ticket or a repository.
import { figureRows, mostWords } from "./drill-lines.ts";
import type { DrillReport } from "./drill-report-schema.ts";
import { escapeMarkdown, markdownTable } from "./markdown.ts";
import {
  caveatWords,
  courseLines,
  expectationWords,
  FIGURE_WORDS,
  latencyWords,
  noticeLines,
  outcomeWord,
  outcomeWords,
  placeCells,
  SIMULATED_WORDS,
  SPAN_WORDS,
  whenWords,
  WORST_WORDS,
} from "./drill-words.ts";

export function drillMarkdown(report: DrillReport): string {
  const parts = [
    `# Drill ${outcomeWord(report)}: ${escapeMarkdown(report.title)}`,
    opening(report),
    reasons(report),
    figures(report),
    places(report),
    seen(report),
    notes(report),
    definitions(report),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function opening(report: DrillReport): string {
  const caveat = caveatWords(report);
  return [
    `**${outcomeWord(report)}**: ${outcomeWords(report)}.`,
    ...courseLines(report).flatMap((line) => ["", line]),
    "",
    escapeMarkdown(report.description),
    "",
    `- Service: ${escapeMarkdown(report.service.name)}, ${escapeMarkdown(report.service.host)}`,
    `- When: ${whenWords(report)} (${escapeMarkdown(report.id)})`,
    ...report.faults.map((fault) => `- Fault: ${escapeMarkdown(fault)}`),
    `- Expected: ${expectationWords(report)}`,
    ...(caveat === null ? [] : [`- **${caveat}**`]),
  ].join("\n");
}

function reasons({ reasons: rows }: DrillReport): string {
  if (rows.length === 0) return "";
  return `## Why\n\n${rows.map(({ weight, text }) => `- ${weight}: ${escapeMarkdown(text)}`).join("\n")}`;
}

function figures(report: DrillReport): string {
  const [heads, ...rows] = figureRows(report);
  return heads === undefined ? "" : `## Figures\n\n${markdownTable(heads.with(0, "Figure"), rows)}`;
}

function places(report: DrillReport): string {
  if (report.places.length === 0) return "";
  const head = [
    "From",
    "Answers moved",
    "Through resolvers",
    "Served again",
    "Answers back",
    "Through resolvers",
    "Lost",
  ];
  const lines = report.places.map((row) => {
    const { failover, cachesFailover, recovery, failback, cachesFailback, lost } = placeCells(report, row);
    return [row.vantage, failover, cachesFailover, recovery, failback, cachesFailback, lost];
  });
  return `## Place by place\n\n${markdownTable(head, lines)}`;
}

function seen(report: DrillReport): string {
  const latency = latencyWords(report);
  const router = report.routerTraffic;
  const lines = [
    ...noticeLines(report).map(
      ({ subject, after }) => `${escapeMarkdown(subject)} was called deviating after ${after}`,
    ),
    ...(latency === "" ? [] : [`a served request took ${latency}`]),
    ...(router === null ? [] : [`through the router ${router.lost} of ${router.tried} requests were lost`]),
    `DNS was asked ${report.dns.asked} times, ${report.dns.unanswered} without an answer`,
  ];
  return `## What else was seen\n\n${lines.map((line) => `- ${line}`).join("\n")}`;
}

function notes({ notes: rows }: DrillReport): string {
  if (rows.length === 0) return "";
  return `## Notes\n\n${rows.map(({ at, text }) => `- ${at.slice(11, 19)} ${escapeMarkdown(text)}`).join("\n")}`;
}

function definitions(report: DrillReport): string {
  const meanings = report.figures.map(({ name }) => `${FIGURE_WORDS[name].title}: ${FIGURE_WORDS[name].means}.`);
  const lines = [
    ...meanings,
    SPAN_WORDS,
    WORST_WORDS,
    ...mostWords(report),
    ...(report.trials === null ? [] : [SIMULATED_WORDS]),
  ];
  return `## How to read this\n\n${lines.map((line) => `- ${line}`).join("\n")}`;
}
