// A drawing as one SVG file with its own background, so that it reads the same on light and dark pages.
import type { Arrow, Box, Drawing, LabelLine, Point, Style } from "./drawing.ts";
import { escapeXml } from "./xml.ts";

const LINE_HEIGHT = 1.25;
/** How far under the top of its line the letters stand, in font sizes. */
const BASELINE = 0.98;
const FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif";
const CORNER = 8;
const ARROW_LENGTH = 10;
const ARROW_HALF_WIDTH = 5;

export function makeSvg(drawing: Drawing): string {
  const { width, height, boxes, arrows } = drawing;
  const title = boxes[0]?.lines.map((line) => line.text).join(" ") ?? "";
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${FONT}">`,
    `<!-- Made from multicloud-architecture.drawio by test/docs/diagram.ts. -->`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="16" fill="#ffffff"/>`,
    ...boxes.map((box) => drawBox(box)),
    ...arrows.map((arrow) => drawArrow(arrow)),
    // Labels last: no line runs over a word.
    ...boxes.flatMap((box) => drawBoxLabel(box)),
    ...arrows.flatMap((arrow) => drawArrowLabel(arrow)),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function drawBox({ id, x, y, width, height, style }: Box): string {
  const round = style["rounded"] === "1" ? ` rx="${style["arcSize"] ?? CORNER}"` : "";
  const place = `x="${tidy(x)}" y="${tidy(y)}" width="${tidy(width)}" height="${tidy(height)}"`;
  return `<rect id="${escapeXml(id)}" ${place}${round} fill="${colour(style, "fillColor")}"${strokeOf(style)}/>`;
}

function drawArrow({ id, points, style }: Arrow): string {
  const line = `<path d="${pathOf(points)}" fill="none"${strokeOf(style)}/>`;
  return `<g id="${escapeXml(id)}">${line}<path d="${headOf(points)}" fill="${colour(style, "strokeColor")}"/></g>`;
}

/** Corners are rounded; the line ends inside the arrow's head. */
function pathOf(points: readonly Point[]): string {
  const [start, ...rest] = points;
  const end = towards(points.at(-1), points.at(-2), ARROW_LENGTH - 1);
  const parts = rest.slice(0, -1).map((corner, index) => {
    const into = towards(corner, points[index], CORNER);
    const out = towards(corner, points[index + 2], CORNER);
    return `L${pair(into)} Q${pair(corner)} ${pair(out)}`;
  });
  return [`M${pair(start)}`, ...parts, `L${pair(end)}`].join(" ");
}

function headOf(points: readonly Point[]): string {
  const tip = points.at(-1) ?? { x: 0, y: 0 };
  const back = towards(tip, points.at(-2), ARROW_LENGTH);
  const across = {
    x: ((back.y - tip.y) / ARROW_LENGTH) * ARROW_HALF_WIDTH,
    y: ((tip.x - back.x) / ARROW_LENGTH) * ARROW_HALF_WIDTH,
  };
  const left = { x: back.x + across.x, y: back.y + across.y };
  const right = { x: back.x - across.x, y: back.y - across.y };
  return `M${pair(tip)} L${pair(left)} L${pair(right)} Z`;
}

/** The point at `distance` from `from` on the way to `to`. */
function towards(from: Point | undefined, to: Point | undefined, distance: number): Point {
  if (from === undefined || to === undefined) throw new Error("a line needs two points");
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(distance, length / 2) / length;
  return { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
}

function drawBoxLabel(box: Box): readonly string[] {
  const { style, lines } = box;
  const left = style["align"] === "left";
  const x = box.x + (left ? Number(style["spacingLeft"] ?? 2) : box.width / 2);
  return drawLines(lines, { x, y: labelTop(box) }, style, left ? "start" : "middle");
}

function labelTop({ y, height, lines, style }: Box): number {
  const size = fontSizeOf(style);
  if (style["verticalAlign"] === "top") return y + Number(style["spacingTop"] ?? 2);
  if (style["verticalAlign"] === "bottom")
    return y + height - Number(style["spacingBottom"] ?? 2) - labelSize(lines, size).height;
  return middleTop(y + height / 2, lines, size);
}

function drawArrowLabel({ lines, label, style }: Arrow): readonly string[] {
  if (lines.length === 0) return [];
  const size = fontSizeOf(style);
  const { width, height } = labelSize(lines, size);
  const top = middleTop(label.y, lines, size);
  const place = `x="${tidy(label.x - width / 2 - 3)}" y="${tidy(top)}" width="${tidy(width + 6)}" height="${tidy(height)}"`;
  const back = `<rect ${place} fill="${colour(style, "labelBackgroundColor")}" rx="3"/>`;
  return [back, ...drawLines(lines, { x: label.x, y: top }, style, "middle")];
}

function drawLines(
  lines: readonly LabelLine[],
  at: Point,
  style: Style,
  anchor: "start" | "middle",
): readonly string[] {
  const size = fontSizeOf(style);
  return lines.map(({ text, weight }, index) => {
    const y = at.y + size * (LINE_HEIGHT * index + BASELINE);
    const look = `font-size="${size}"${weight === "bold" ? ' font-weight="bold"' : ""} fill="${colour(style, "fontColor")}"`;
    return `<text x="${tidy(at.x)}" y="${tidy(y)}" text-anchor="${anchor}" ${look}>${escapeXml(text)}</text>`;
  });
}

/** An estimate for a plain sans-serif font: wide enough to tell that a text does not fit. */
export function labelSize(
  lines: readonly LabelLine[],
  size: number,
): { readonly width: number; readonly height: number } {
  const widths = lines.map(({ text, weight }) => text.length * size * (weight === "bold" ? 0.54 : 0.5));
  return { width: Math.max(0, ...widths), height: lines.length * size * LINE_HEIGHT };
}

export function fontSizeOf(style: Style): number {
  return Number(style["fontSize"] ?? 12);
}

function middleTop(middle: number, lines: readonly LabelLine[], size: number): number {
  return middle - (lines.length * size * LINE_HEIGHT) / 2;
}

function colour(style: Style, name: string): string {
  return style[name] ?? "none";
}

function strokeOf(style: Style): string {
  const stroke = colour(style, "strokeColor");
  if (stroke === "none") return "";
  const dashes = style["dashed"] === "1" ? ' stroke-dasharray="7 5"' : "";
  return ` stroke="${stroke}" stroke-width="${style["strokeWidth"] ?? 1}"${dashes}`;
}

function pair(point: Point | undefined): string {
  return `${tidy(point?.x ?? 0)} ${tidy(point?.y ?? 0)}`;
}

function tidy(value: number): number {
  return Math.round(value * 10) / 10;
}
