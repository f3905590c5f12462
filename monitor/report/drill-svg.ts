// The drawn timeline of a drill: a lane for what was broken, for each view of it, and for the users. It stands alone (no
// style sheet, no script, no font), and tells its bars apart by hatching and labels as well as by colour, so that it can
// be printed.
import { formatDuration } from "../time.ts";
import type { DrillBar, DrillLane, DrillReport } from "./drill-report-schema.ts";
import { escapeXml } from "./xml-text.ts";

const WIDTH = 1120;
const LABEL_WIDTH = 170;
const RIGHT_MARGIN = 14;
const PLOT_WIDTH = WIDTH - LABEL_WIDTH - RIGHT_MARGIN;
const ROW_HEIGHT = 20;
const BAR_HEIGHT = 15;
const TITLE_HEIGHT = 26;
const HEAD_HEIGHT = 44;
const FOOT_HEIGHT = 28;
/** Of the text in bars and at rows: what a character takes, about. */
const CHARACTER_WIDTH = 6.3;
const TICKS_MAX = 10;

interface Paint {
  readonly fill: string;
  readonly ink: string;
  /** Lines over the fill; null: plain. */
  readonly hatch: string | null;
}

/** Light fills under dark ink, dark fills under light ink: each pair reads in grey as well. */
const PAINTS: Readonly<Record<DrillBar["kind"], Paint>> = {
  fault: { fill: "#3d3a4b", ink: "#ffffff", hatch: null },
  healthy: { fill: "#d5eadb", ink: "#14401f", hatch: null },
  unhealthy: { fill: "#a4161a", ink: "#ffffff", hatch: "M0 8L8 0M-2 2L2 -2M6 10L10 6" },
  unknown: { fill: "#eeeeee", ink: "#444444", hatch: "M0 4H2M4 4H6" },
  "region-a": { fill: "#cfe0f6", ink: "#0d2d57", hatch: null },
  "region-b": { fill: "#f6dfae", ink: "#4d3500", hatch: "M0 0L8 8M-2 6L2 10M6 -2L10 2" },
  "region-c": { fill: "#e3d3f1", ink: "#3a1c57", hatch: "M4 0V8" },
  several: { fill: "#dddddd", ink: "#222222", hatch: "M0 4H8" },
  lost: { fill: "#a4161a", ink: "#ffffff", hatch: "M0 8L8 0M-2 2L2 -2M6 10L10 6" },
  deviates: { fill: "#7a1fa2", ink: "#ffffff", hatch: "M0 4H8" },
  mixed: { fill: "#999999", ink: "#000000", hatch: "M0 4H8M4 0V8" },
};

/** `width` and `height` are in its first tag; text and lines take the colour of what is around it. */
export function drillSvg(report: DrillReport): string {
  const { lanes } = report.timeline;
  const height = HEAD_HEIGHT + lanes.reduce((sum, lane) => sum + laneHeight(lane), 0) + FOOT_HEIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="timeline-title timeline-text" font-family="system-ui, sans-serif" font-size="11" fill="currentColor">
<title id="timeline-title">Timeline of the drill ${escapeXml(report.title)}</title>
<desc id="timeline-text">${escapeXml(describe(report))}</desc>
<defs>${patterns()}</defs>
${faultSpan(report, height)}${grid(report, height)}${marks(report, height)}${drawLanes(report)}</svg>
`;
}

/** What a reader who does not see the drawing needs of it; the figures are in the tables. */
function describe({ timeline: { lanes, lengthMs } }: DrillReport): string {
  return `${formatDuration(lengthMs)} from left to right. ${lanes.map(({ title, rows }) => `${title}: ${rows.map(({ name }) => name).join(", ")}`).join(". ")}.`;
}

function laneHeight({ rows }: DrillLane): number {
  return TITLE_HEIGHT + rows.length * ROW_HEIGHT;
}

function patterns(): string {
  return Object.entries(PAINTS)
    .map(([kind, { fill, ink, hatch }]) => {
      const lines = hatch === null ? "" : `<path d="${hatch}" stroke="${ink}" stroke-opacity="0.35" fill="none"/>`;
      return `<pattern id="bar-${kind}" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="${fill}"/>${lines}</pattern>`;
    })
    .join("");
}

function xOf({ timeline: { lengthMs } }: DrillReport, ms: number): number {
  return rounded(LABEL_WIDTH + (lengthMs === 0 ? 0 : (ms / lengthMs) * PLOT_WIDTH));
}

/** The time in which the fault stood, behind everything. */
function faultSpan(report: DrillReport, height: number): string {
  const { faultMs, repairMs, lengthMs } = report.timeline;
  if (faultMs === null) return "";
  const x = xOf(report, faultMs);
  const width = rounded(xOf(report, repairMs ?? lengthMs) - x);
  return `<rect x="${x}" y="${HEAD_HEIGHT - 6}" width="${width}" height="${height - HEAD_HEIGHT - FOOT_HEIGHT + 10}" fill="currentColor" fill-opacity="0.05"/>\n`;
}

/** Seconds or minutes after the fault: that is what every figure counts from. */
function grid(report: DrillReport, height: number): string {
  const { lengthMs, faultMs } = report.timeline;
  const zeroMs = faultMs ?? 0;
  const stepMs = STEPS_MS.find((step) => lengthMs / step <= TICKS_MAX) ?? lengthMs;
  const first = -Math.floor(zeroMs / stepMs);
  const count = stepMs === 0 ? 0 : Math.floor((lengthMs - zeroMs) / stepMs) - first + 1;
  const y = height - FOOT_HEIGHT + 4;
  return Array.from({ length: Math.min(count, 2 * TICKS_MAX) }, (_, index) => (first + index) * stepMs)
    .map((ms) => {
      const x = xOf(report, zeroMs + ms);
      const label = ms === 0 ? "0" : `${ms < 0 ? "-" : "+"}${formatDuration(Math.abs(ms))}`;
      return `<path d="M${x} ${HEAD_HEIGHT - 6}V${y}" stroke="currentColor" stroke-opacity="0.15"/><text x="${x}" y="${y + 13}" text-anchor="middle" fill-opacity="0.7">${label}</text>`;
    })
    .join("\n");
}

const STEPS_MS = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600].map((seconds) => seconds * 1000);

function drawLanes(report: DrillReport): string {
  let y = HEAD_HEIGHT;
  return report.timeline.lanes
    .map((lane) => {
      const top = y;
      y += laneHeight(lane);
      return drawLane(report, lane, top);
    })
    .join("");
}

function drawLane(report: DrillReport, { title, rows }: DrillLane, top: number): string {
  const line = `<path d="M0 ${top + 3}H${WIDTH}" stroke="currentColor" stroke-opacity="0.2"/>`;
  const head = `<text x="0" y="${top + 18}" font-weight="600" font-size="12">${escapeXml(title)}</text>`;
  const drawn = rows.map(({ name, bars }, index) => {
    const y = top + TITLE_HEIGHT + index * ROW_HEIGHT;
    const room = Math.floor((LABEL_WIDTH - 10) / CHARACTER_WIDTH);
    const label = `<text x="${LABEL_WIDTH - 8}" y="${y + 12}" text-anchor="end">${escapeXml(cut(name, room))}</text>`;
    return `<g>${label}${bars.map((bar) => drawBar(report, bar, y)).join("")}</g>`;
  });
  return `${line}${head}\n${drawn.join("\n")}\n`;
}

/** Its full story is its title, which browsers show under the pointer. */
function drawBar(report: DrillReport, { fromMs, toMs, kind, label }: DrillBar, y: number): string {
  const x = xOf(report, fromMs);
  const width = Math.max(1, rounded(xOf(report, toMs) - x));
  const zeroMs = report.timeline.faultMs ?? 0;
  const told = `${label}: ${signed(fromMs - zeroMs)} to ${signed(toMs - zeroMs)}`;
  const rect = `<rect x="${x}" y="${y}" width="${width}" height="${BAR_HEIGHT}" fill="url(#bar-${kind})" stroke="${PAINTS[kind].ink}" stroke-opacity="0.4" stroke-width="0.5"><title>${escapeXml(told)}</title></rect>`;
  const room = Math.floor((width - 8) / CHARACTER_WIDTH);
  const words = room < 2 ? "" : cut(label, room);
  // A letter or two of a long word would say nothing.
  if (words.length < Math.min(label.length, 4)) return rect;
  const { ink, fill, hatch } = PAINTS[kind];
  const backing =
    hatch === null
      ? ""
      : `<rect x="${x + 3}" y="${y + 2}" width="${rounded(words.length * CHARACTER_WIDTH + 3)}" height="${BAR_HEIGHT - 4}" fill="${fill}"/>`;
  return `${rect}${backing}<text x="${x + 4}" y="${y + 11.5}" fill="${ink}" pointer-events="none">${escapeXml(words)}</text>`;
}

/** The two moments that everything counts from, with their names above; behind the bars, whose labels must be read. */
function marks(report: DrillReport, height: number): string {
  const { faultMs, repairMs } = report.timeline;
  const mark = (ms: number, name: string): string => {
    const x = xOf(report, ms);
    return `<path d="M${x} 26V${height - FOOT_HEIGHT + 4}" stroke="currentColor" stroke-width="1.5"/><path d="M${x - 5} 20H${x + 5}L${x} 28Z"/><text x="${x}" y="14" text-anchor="middle" font-weight="600" font-size="12">${name}</text>\n`;
  };
  return `\n${faultMs === null ? "" : mark(faultMs, "fault")}${repairMs === null ? "" : mark(repairMs, "repair")}`;
}

function signed(ms: number): string {
  return ms < 0 ? `-${formatDuration(-ms)}` : `+${formatDuration(ms)}`;
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, Math.max(1, most - 1))}…`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
