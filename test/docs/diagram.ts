// Makes docs/multicloud-architecture.svg from the draw.io file beside it: `node test/docs/diagram.ts`. The draw.io file is
// the one to edit; a test says when the SVG is behind.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/source-files.ts";
import { parseDrawing } from "./drawing.ts";
import { makeSvg } from "./svg.ts";

export const DRAWIO_FILE = join(ROOT, "docs/multicloud-architecture.drawio");
export const SVG_FILE = join(ROOT, "docs/multicloud-architecture.svg");

/** What the committed SVG must be. */
export function currentSvg(): string {
  return makeSvg(parseDrawing(readFileSync(DRAWIO_FILE, "utf8")));
}

if (import.meta.main) writeFileSync(SVG_FILE, currentSvg());
