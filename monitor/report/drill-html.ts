// A drill's report as one HTML file: it loads nothing, runs nothing, and reads as well on paper. First what came out and
// why, then the picture, then the figures.
import { formatShare } from "../drill/bounds.ts";
import { formatDuration } from "../time.ts";
import { type FigureLine, figureLines, mostWords, placeCellsOf, placeHeads, simulatedTitle } from "./drill-lines.ts";
import type { DrillReport } from "./drill-report-schema.ts";
import { drillSvg } from "./drill-svg.ts";
import { DRILL_STYLE, DRILL_STYLE_HASH } from "./drill-style.ts";
import {
  caveatWords,
  courseLines,
  expectationWords,
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
import { escapeXml } from "./xml-text.ts";

export function drillHtml(report: DrillReport): string {
  const parts = [opening(report), cards(report), reasons(report), timeline(report), figures(report), places(report)];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${DRILL_STYLE_HASH}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${outcomeWord(report)}: ${escapeXml(report.title)}, ${escapeXml(report.service.name)}</title>
<style>${DRILL_STYLE}</style>
</head>
<body>
${[...parts, seen(report), reading(report)].filter((part) => part !== "").join("\n")}
</body>
</html>
`;
}

function opening(report: DrillReport): string {
  const caveat = caveatWords(report);
  return `<header class="${report.outcome}">
<p class="outcome"><strong>${outcomeWord(report)}</strong> ${outcomeWords(report)}</p>
${courseLines(report)
  .map((line) => `<p>${escapeXml(line)}</p>\n`)
  .join("")}<h1>${escapeXml(report.title)}</h1>
<p>${escapeXml(report.description)}</p>
<dl>
<dt>Service</dt><dd>${escapeXml(report.service.name)}, ${escapeXml(report.service.host)}</dd>
<dt>When</dt><dd>${whenWords(report)}</dd>
<dt>Fault</dt><dd>${report.faults.map(escapeXml).join("<br>")}</dd>
<dt>Expected</dt><dd>${expectationWords(report)}</dd>
<dt>Id</dt><dd><code>${escapeXml(report.id)}</code></dd>
</dl>
${caveat === null ? "" : `<p class="caveat">${caveat}</p>\n`}</header>`;
}

/** The answers to what is asked first. */
function cards(report: DrillReport): string {
  const shown = figureLines(report).filter(({ name }) => CARDS.has(name));
  return shown.length === 0
    ? ""
    : `<section class="cards">\n${shown.map((line) => card(report, line)).join("\n")}\n</section>`;
}

const CARDS: ReadonlySet<string> = new Set(["detection", "failover", "recovery", "failback", "lost"]);

function card(report: DrillReport, line: FigureLine): string {
  const note = [
    ...(line.name === "lost" ? [`${report.traffic.lostDuring} of ${report.traffic.triedDuring}`] : []),
    ...(line.bound === "" ? [] : [`bound ${line.bound}: ${line.held}`]),
  ];
  return `<div class="card ${classOf(line)}"><p>${line.title}</p><p class="value">${escapeXml(shortWords(report, line))}</p><p>${escapeXml(note.join(", "))}</p></div>`;
}

/** When it was seen, or the share alone; all of it is in the table. */
function shortWords(report: DrillReport, { name, measured }: FigureLine): string {
  if (name === "lost") return report.lostShare.measured === null ? measured : formatShare(report.lostShare.measured);
  const span = report.figures.find((row) => row.name === name)?.measured;
  return span === null || span === undefined ? measured : formatDuration(span.atMostMs);
}

function classOf({ result }: FigureLine): string {
  return result.replaceAll(" ", "-");
}

function reasons({ reasons: rows }: DrillReport): string {
  if (rows.length === 0) return "";
  const items = rows.map(({ weight, text }) => `<li><strong>${weight}</strong> ${escapeXml(text)}</li>`);
  return `<section><h2>Why</h2>\n<ul>\n${items.join("\n")}\n</ul></section>`;
}

function timeline(report: DrillReport): string {
  if (report.timeline.lanes.length === 0) return "";
  return `<section><h2>What happened</h2>\n<div class="wide">${drillSvg(report)}</div></section>`;
}

function figures(report: DrillReport): string {
  const lines = figureLines(report);
  if (lines.length === 0) return "";
  const percentiles = placeHeads(lines);
  const rows = lines.map((line) => {
    const cells = [line.measured, ...placeCellsOf(line, percentiles), line.bound]
      .map((words) => `<td>${escapeXml(words)}</td>`)
      .join("");
    const title = `<th scope="row">${line.title}<br><small>${line.means}</small></th>`;
    return `<tr class="${classOf(line)}">${title}${cells}<td class="held">${line.held}</td><td>${escapeXml(line.simulated)}</td></tr>`;
  });
  const heads = ["Figure", "Measured", ...percentiles, "Bound", "", simulatedTitle(report)];
  return `<section><h2>Figures</h2>\n${table(heads, rows)}</section>`;
}

function places(report: DrillReport): string {
  if (report.places.length === 0) return "";
  const lines = report.places.map((row) => {
    const { failover, cachesFailover, recovery, failback, cachesFailback, lost } = placeCells(report, row);
    const cells = [failover, cachesFailover, recovery, failback, cachesFailback, lost];
    return `<tr><th scope="row">${escapeXml(row.vantage)}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
  });
  const heads = [
    "From",
    "Answers moved",
    "through resolvers",
    "Served again",
    "Answers back",
    "through resolvers",
    "Requests lost",
  ];
  return `<section><h2>Place by place</h2>\n${table(heads, lines)}</section>`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  const head = heads.map((one) => `<th scope="col">${one}</th>`).join("");
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>\n${rows.join("\n")}\n</tbody></table></div>`;
}

function seen(report: DrillReport): string {
  const latency = latencyWords(report);
  const router = report.routerTraffic;
  const lines = [
    ...noticeLines(report).map(
      ({ subject, after }) => `<code>${escapeXml(subject)}</code> was called deviating ${after} after the fault`,
    ),
    ...(latency === "" ? [] : [`a served request took ${latency}`]),
    ...(router === null ? [] : [`through the router ${router.lost} of ${router.tried} requests were lost`]),
    `DNS was asked ${report.dns.asked} times, ${report.dns.unanswered} without an answer`,
    ...report.notes.map(({ at, text }) => `${at.slice(11, 19)}: ${escapeXml(text)}`),
  ];
  return `<section><h2>What else was seen</h2>\n<ul>\n${lines.map((line) => `<li>${line}</li>`).join("\n")}\n</ul></section>`;
}

function reading(report: DrillReport): string {
  const lines = [SPAN_WORDS, WORST_WORDS, ...mostWords(report), ...(report.trials === null ? [] : [SIMULATED_WORDS])];
  return `<footer>${lines.map((line) => `<p>${line}</p>`).join("\n")}</footer>`;
}
