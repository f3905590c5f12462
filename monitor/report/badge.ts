// Badges for READMEs: a region or the service in one word, or its availability of a day, as the JSON that shields.io draws
// ("Endpoint Badge") and as a drawing of ours, which needs nobody else.
import { type Badge, BADGE_CACHE_SECONDS } from "./badge-schema.ts";
import { componentsOf, overallOf, regionKey } from "./component-state.ts";
import type { PeriodReport, Share } from "./period-report-schema.ts";
import { percentWords } from "./period-words.ts";
import type { StatusReport } from "./status-schema.ts";
import { escapeXml } from "./xml-text.ts";

/** The badge of all there is, which a region of this name gives way to. */
export const WHOLE = "service";

/** Null: no such region. */
export function healthBadge(report: StatusReport, name: string): Badge | null {
  const components = componentsOf(report);
  if (name === WHOLE) return wholeBadge(report.service.name, overallOf(components));
  const component = components.find(({ key }) => key === regionKey(name));
  if (component === undefined) return null;
  if (!component.known) return badgeOf(name, "unknown", "lightgrey");
  switch (component.state) {
    case "operational":
      return badgeOf(name, "up", "brightgreen");
    case "under_maintenance":
      return badgeOf(name, "maintenance", "blue");
    case "degraded_performance":
      return badgeOf(name, "degraded", "yellow");
    case "partial_outage":
      return badgeOf(name, "partly down", "orange");
    case "major_outage":
      return badgeOf(name, "down", "red");
  }
}

function wholeBadge(label: string, { indicator, known, description }: ReturnType<typeof overallOf>): Badge {
  if (!known) return badgeOf(label, description.replace(/^Status /, "").toLowerCase(), "lightgrey");
  switch (indicator) {
    case "none":
      return badgeOf(label, "up", "brightgreen");
    case "maintenance":
      return badgeOf(label, "maintenance", "blue");
    case "minor":
      return badgeOf(label, "degraded", "yellow");
    case "major":
      return badgeOf(label, "partly down", "orange");
    case "critical":
      return badgeOf(label, "down", "red");
  }
}

/** Null: no such region. What users of the whole service got is not measured by looks at its regions, so it has none. */
export function availabilityBadge(report: PeriodReport, name: string, window: string): Badge | null {
  const region = report.regions.find(({ id }) => id === name);
  if (region === undefined) return null;
  const { availability } = region.all;
  return badgeOf(
    `${name} ${window}`,
    availability.ratio === null ? "unknown" : percentWords(availability),
    percentColor(availability),
  );
}

function percentColor({ ratio }: Share): Badge["color"] {
  if (ratio === null) return "lightgrey";
  if (ratio >= 0.999) return "brightgreen";
  if (ratio >= 0.99) return "yellow";
  return ratio >= 0.95 ? "orange" : "red";
}

function badgeOf(label: string, message: string, color: Badge["color"]): Badge {
  return {
    schemaVersion: 1,
    label,
    message,
    color,
    isError: color === "red" || color === "lightgrey",
    cacheSeconds: BADGE_CACHE_SECONDS,
  };
}

/** Dark enough for white words (WCAG AA), and apart from each other in grey as well. */
const FILLS: Readonly<Record<Badge["color"], string>> = {
  brightgreen: "#1a7f37",
  yellow: "#8a6100",
  orange: "#b34700",
  red: "#b3121d",
  blue: "#0a5cad",
  lightgrey: "#57606a",
};
const LABEL_FILL = "#24292f";
const HEIGHT = 20;
const PADDING = 6;
/** Of 11 px Verdana, about; the words are fitted to it in other fonts. */
const NARROW_WIDTH = 4.2;
const WIDE_WIDTH = 7.2;
const WIDEST_WIDTH = 10.5;

/** Stands alone: no style sheet, no script, no font. */
export function badgeSvg({ label, message, color }: Badge): string {
  const [labelWidth, messageWidth] = [boxWidth(label), boxWidth(message)];
  const width = labelWidth + messageWidth;
  const title = escapeXml(`${label}: ${message}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${title}">
<title>${title}</title>
<clipPath id="round"><rect width="${width}" height="${HEIGHT}" rx="3"/></clipPath>
<g clip-path="url(#round)"><rect width="${labelWidth}" height="${HEIGHT}" fill="${LABEL_FILL}"/><rect x="${labelWidth}" width="${messageWidth}" height="${HEIGHT}" fill="${FILLS[color]}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">
${wordsAt(label, 0, labelWidth)}
${wordsAt(message, labelWidth, messageWidth)}
</g>
</svg>
`;
}

function wordsAt(text: string, x: number, width: number): string {
  return `<text x="${x + width / 2}" y="14" textLength="${width - 2 * PADDING}" lengthAdjust="spacingAndGlyphs">${escapeXml(text)}</text>`;
}

function boxWidth(text: string): number {
  const characters = [...text].map((one) =>
    /[ijl.,:;|!'()[\] ft1r-]/.test(one) ? NARROW_WIDTH : /[mwMW%@]/.test(one) ? WIDEST_WIDTH : WIDE_WIDTH,
  );
  return Math.max(1, Math.round(characters.reduce((sum, width) => sum + width, 0))) + 2 * PADDING;
}
