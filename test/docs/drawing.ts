// What is in a draw.io file, with absolute places: boxes, and arrows as the lines that draw.io draws between them.
import { allElements, parseXml, type XmlElement } from "./xml.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly id: string;
  /** "" for a box on the page itself. */
  readonly parent: string;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly LabelLine[];
  readonly style: Style;
}

export interface Arrow {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly points: readonly Point[];
  readonly lines: readonly LabelLine[];
  /** The middle of the label. */
  readonly label: Point;
  readonly style: Style;
}

export interface LabelLine {
  readonly text: string;
  readonly weight: "bold" | "normal";
}

export type Style = Readonly<Record<string, string>>;

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
}

export function parseDrawing(text: string): Drawing {
  const elements = allElements(parseXml(text));
  const model = elements.find((element) => element.name === "mxGraphModel");
  if (model === undefined) throw new Error("no mxGraphModel: is the file compressed?");
  const cells = elements.filter((element) => element.name === "mxCell");
  const boxes: Box[] = [];
  for (const cell of cells) if (cell.attributes["vertex"] === "1") boxes.push(boxOf(cell, boxes));
  const arrows = cells.filter((cell) => cell.attributes["edge"] === "1").map((cell) => arrowOf(cell, boxes));
  return { width: numberOf(model, "pageWidth"), height: numberOf(model, "pageHeight"), boxes, arrows };
}

/** Where a box stands is relative to its parent, which stands before it in the file. */
function boxOf(cell: XmlElement, known: readonly Box[]): Box {
  const id = cell.attributes["id"] ?? "";
  const parentId = cell.attributes["parent"] ?? "";
  const parent = known.find((box) => box.id === parentId);
  if (parent === undefined && parentId !== "1") throw new Error(`${id}: its parent "${parentId}" is not before it`);
  const geometry = geometryOf(cell);
  return {
    id,
    parent: parent?.id ?? "",
    x: numberOf(geometry, "x") + (parent?.x ?? 0),
    y: numberOf(geometry, "y") + (parent?.y ?? 0),
    width: numberOf(geometry, "width"),
    height: numberOf(geometry, "height"),
    lines: linesOf(cell),
    style: styleOf(cell),
  };
}

function arrowOf(cell: XmlElement, boxes: readonly Box[]): Arrow {
  const { id = "", source = "", target = "" } = cell.attributes;
  const [from, to] = [source, target].map((end) => boxes.find((box) => box.id === end));
  if (from === undefined || to === undefined)
    throw new Error(`${id}: from "${source}" to "${target}", which is no box`);
  const style = styleOf(cell);
  const geometry = geometryOf(cell);
  const offset = geometry.children.find((child) => child.attributes["as"] === "offset");
  const between = allElements(geometry).filter((child) => child.name === "mxPoint" && child !== offset);
  const points = [spotOn(from, style, "exit"), ...between.map((point) => pointOf(point)), spotOn(to, style, "entry")];
  const middle = along(points, numberOf(geometry, "x") / 2 + 0.5);
  const shift = offset === undefined ? { x: 0, y: 0 } : pointOf(offset);
  const label = { x: middle.x + shift.x, y: middle.y + shift.y };
  return { id, source, target, points, lines: linesOf(cell), label, style };
}

function spotOn(box: Box, style: Style, end: "exit" | "entry"): Point {
  const share = (axis: "X" | "Y"): number => {
    const value = Number(style[`${end}${axis}`] ?? Number.NaN);
    if (!(value >= 0 && value <= 1)) throw new Error(`${box.id}: an arrow without ${end}${axis}`);
    return value;
  };
  return { x: box.x + share("X") * box.width, y: box.y + share("Y") * box.height };
}

/** The point after this share of a line's length. */
function along(points: readonly Point[], share: number): Point {
  const pieces = points.slice(1).map((to, index) => ({ from: points[index] ?? to, to }));
  const lengths = pieces.map(({ from, to }) => Math.hypot(to.x - from.x, to.y - from.y));
  let left = share * lengths.reduce((sum, length) => sum + length, 0);
  for (const [index, { from, to }] of pieces.entries()) {
    const length = lengths[index] ?? 0;
    const part = length === 0 ? 0 : left / length;
    if (part <= 1) return { x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) };
    left -= length;
  }
  throw new Error("past the end of a line");
}

function linesOf(cell: XmlElement): readonly LabelLine[] {
  const value = cell.attributes["value"] ?? "";
  if (value === "") return [];
  const bold = styleOf(cell)["fontStyle"] === "1";
  return value.split("<br>").map((line) => {
    const text = line.replaceAll(/<\/?b>/g, "");
    if (/[<>]/.test(text)) throw new Error(`a label with more than <b> and <br>: ${value}`);
    return { text, weight: bold || text !== line ? "bold" : "normal" };
  });
}

function styleOf(cell: XmlElement): Style {
  const pairs = (cell.attributes["style"] ?? "").split(";").filter((part) => part !== "");
  return Object.fromEntries(pairs.map((pair) => [pair.split("=")[0] ?? "", pair.split("=")[1] ?? "1"]));
}

function geometryOf(cell: XmlElement): XmlElement {
  const geometry = cell.children.find((child) => child.name === "mxGeometry");
  if (geometry === undefined) throw new Error(`${cell.attributes["id"]}: no mxGeometry`);
  return geometry;
}

function pointOf(element: XmlElement): Point {
  return { x: numberOf(element, "x"), y: numberOf(element, "y") };
}

function numberOf(element: XmlElement, name: string): number {
  const value = Number(element.attributes[name] ?? 0);
  if (!Number.isFinite(value)) throw new Error(`${element.name}: ${name} is no number`);
  return value;
}
