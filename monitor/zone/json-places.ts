// Where the items of certain lists stand in a JSON text, in one pass and without a tree: Terraform's plans are large, of any
// depth, and mostly about things that are nobody's business here.
import type { Place } from "../topology/tree.ts";
import { type Path, pathKey } from "../topology/path.ts";

/** Deeper nesting is passed over without places. */
const DEPTH_MAX = 400;

interface Frame {
  readonly kind: "list" | "mapping";
  key: string | number;
}

/** Of every mapping that is an item of a list under `key`, by `pathKey`. The text has to be JSON. */
export function placesOfItems(text: string, key: string): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const frames: Frame[] = [];
  let line = 1;
  let lineStart = 0;
  let name = "";
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    const frame = frames.at(-1);
    if (sign === "\n") {
      line += 1;
      lineStart = at + 1;
    } else if (sign === '"') {
      const end = endOfText(text, at);
      if (frame?.kind === "mapping") name = text.slice(at + 1, end);
      at = end;
    } else if (sign === ":" && frame !== undefined) frame.key = name;
    else if (sign === "," && frame?.kind === "list") frame.key = Number(frame.key) + 1;
    else if (sign === "}" || sign === "]") frames.pop();
    else if (sign === "[") frames.push({ kind: "list", key: 0 });
    else if (sign === "{") {
      if (frame?.kind === "list" && frames.at(-2)?.key === key && frames.length <= DEPTH_MAX)
        places.set(pathKey(pathOf(frames)), { line, column: at - lineStart + 1 });
      frames.push({ kind: "mapping", key: "" });
    }
  }
  return places;
}

function pathOf(frames: readonly Frame[]): Path {
  return frames.map(({ key }) => key);
}

/** Of the quote that ends the text which begins at `start`. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}
