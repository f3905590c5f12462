// The diagram: a draw.io file that opens, reads well, and says the same as the SVG beside it.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { currentSvg, DRAWIO_FILE, SVG_FILE } from "./diagram.ts";
import { type Arrow, type Box, parseDrawing, type Point } from "./drawing.ts";
import { fontSizeOf, labelSize } from "./svg.ts";
import { allElements, parseXml } from "./xml.ts";

const TEXT = readFileSync(DRAWIO_FILE, "utf8");
const DRAWING = parseDrawing(TEXT);
const { boxes, arrows } = DRAWING;
const leaves = boxes.filter((box) => !boxes.some((other) => other.parent === box.id));

interface Area extends Point {
  readonly width: number;
  readonly height: number;
}

/** `slack` keeps areas apart that only touch. */
function overlap(a: Area, b: Area, slack = 0.5): boolean {
  const apart = (low: number, size: number, otherLow: number, otherSize: number): boolean =>
    low + size <= otherLow + slack || otherLow + otherSize <= low + slack;
  return !apart(a.x, a.width, b.x, b.width) && !apart(a.y, a.height, b.y, b.height);
}

function inside(inner: Area, outer: Area): boolean {
  const fits = inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;
  return inner.x >= outer.x && inner.y >= outer.y && fits;
}

function labelArea({ lines, label, style }: Arrow): Area {
  const { width, height } = labelSize(lines, fontSizeOf(style));
  return { x: label.x - width / 2, y: label.y - height / 2, width, height };
}

function pairs<T>(list: readonly T[]): readonly (readonly [T, T])[] {
  return list.flatMap((one, index) => list.slice(index + 1).map((other) => [one, other] as const));
}

function names(list: readonly (readonly [{ id: string }, { id: string }])[]): readonly string[] {
  return list.map(([one, other]) => `${one.id} and ${other.id}`);
}

describe("the draw.io file", () => {
  const cells = allElements(parseXml(TEXT)).filter((element) => element.name === "mxCell");

  test("has an id of its own on every cell, and parents that exist", () => {
    const ids = cells.map((cell) => cell.attributes["id"]);
    expect(new Set(ids).size).toBe(ids.length);
    const strangers = cells.filter((cell) => cell.attributes["id"] !== "0" && !ids.includes(cell.attributes["parent"]));
    expect(strangers).toEqual([]);
  });

  test("holds the parts that the documents speak of", () => {
    const words = [...boxes, ...arrows].flatMap((part) => part.lines.map((line) => line.text)).join("\n");
    for (const word of ["Users", "Route 53", "Health checks", "EKS", "GKE", "Istio ingress gateway", "KubeFed", "mTLS"])
      expect(words).toContain(word);
    for (const word of ["Coordinator", "Vantages", "/status", "Geo-router", "probes", "recursive", "propagation"])
      expect(words).toContain(word);
  });

  test("keeps boxes on the page, children in their parents, and siblings apart", () => {
    const page = { x: 0, y: 0, width: DRAWING.width, height: DRAWING.height };
    const frame = (box: Box): Area => boxes.find((other) => other.id === box.parent) ?? page;
    expect(boxes.filter((box) => !inside(box, frame(box))).map((box) => box.id)).toEqual([]);
    expect(names(pairs(boxes).filter(([a, b]) => a.parent === b.parent && overlap(a, b)))).toEqual([]);
  });

  test("has labels that fit their boxes", () => {
    const tooLong = boxes.filter((box) => {
      const { width, height } = labelSize(box.lines, fontSizeOf(box.style));
      return width > box.width || height > box.height;
    });
    expect(tooLong.map((box) => box.id)).toEqual([]);
  });

  test("has arrows of level and upright pieces that run through no box", () => {
    for (const { id, source, target, points } of arrows) {
      const others = leaves.filter((box) => box.id !== source && box.id !== target);
      points.slice(1).forEach((to, index) => {
        const from = points[index] ?? to;
        const [width, height] = [Math.abs(to.x - from.x), Math.abs(to.y - from.y)];
        expect(Math.min(width, height), `${id}, piece ${index + 1}`).toBeLessThan(1);
        const piece = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width, height };
        expect(others.filter((box) => overlap(box, piece, 0)).map((box) => `${id} through ${box.id}`)).toEqual([]);
      });
    }
  });

  test("has labels of arrows that cover neither a box nor each other", () => {
    const labelled = arrows.filter((arrow) => arrow.lines.length > 0);
    const areas = labelled.map((arrow) => ({ id: arrow.id, ...labelArea(arrow) }));
    const covered = areas.flatMap((area) =>
      leaves.filter((box) => overlap(area, box)).map((box) => [area, box] as const),
    );
    expect(names(covered)).toEqual([]);
    expect(names(pairs(areas).filter(([a, b]) => overlap(a, b)))).toEqual([]);
  });
});

describe("the SVG", () => {
  const svg = readFileSync(SVG_FILE, "utf8");

  test("is the one that the draw.io file gives: else run `node test/docs/diagram.ts`", () => {
    expect(svg).toBe(currentSvg());
  });

  test("shows every label, needs nothing from elsewhere, and has its own background", () => {
    const shown = allElements(parseXml(svg)).flatMap((element) => (element.name === "text" ? [element.text] : []));
    const wanted = [...boxes, ...arrows].flatMap((part) => part.lines.map((line) => line.text));
    expect(shown.toSorted()).toEqual(wanted.toSorted());
    expect(svg).not.toMatch(/href|<image|<style|url\(/);
    expect(svg).toContain(`<rect width="${DRAWING.width}" height="${DRAWING.height}" rx="16" fill="#ffffff"/>`);
  });
});

test.each([
  ["a tag that is not closed", "<a><b></a>"],
  ["a tag closed twice", "<a></a></a>"],
  ["two roots", "<a/><b/>"],
  ["an attribute twice", '<a x="1" x="2"/>'],
  ["an entity that XML does not have", "<a>&nbsp;</a>"],
  ["a bare ampersand", '<a x="b & c"/>'],
  ["an attribute without quotes", "<a x=1/>"],
  ["a < in an attribute", '<a x="<b>"/>'],
  ["text beside the root", "<a/>b"],
])("%s is not well-formed", (_, text) => {
  expect(() => parseXml(text)).toThrow(/offset|not closed|one root/);
});
