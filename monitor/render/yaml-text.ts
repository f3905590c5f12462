// Manifests as YAML that people read: a header that says where the file comes from, keys in the order in which they were
// written, and each note as a comment above what it explains.
import { Document, isMap, isNode, isPair, isScalar, isSeq, type Node } from "yaml";
import { assert } from "../problem.ts";
import { type Manifest, type Notes, pointerSteps } from "./manifest.ts";

/** Comments keep to this width, whatever their depth. */
const COMMENT_WIDTH = 118;

const HEADER_START = "Rendered from topology.yaml by `npm run -s monitor -- render ";

/** In the first lines of each file; by it a left-over file is known as ours. */
export function headerWords(command: string): string {
  return `${HEADER_START}${command}\`. Change the topology, then render again.`;
}

/** The first line of each YAML file. */
export function headerLine(command: string): string {
  return `# ${headerWords(command)}`;
}

/** Did a renderer write this: a YAML file, a document or a change batch? */
export function isRendered(text: string): boolean {
  return ["# ", "<!-- ", '{\n  "Comment": "'].some((start) => text.startsWith(`${start}${HEADER_START}`));
}

/** One file: the header line, `intro` as comment, then the documents. */
export function yamlText(command: string, intro: string, manifests: readonly Manifest<object>[]): string {
  const head = [headerLine(command), ...(intro === "" ? [] : ["#", ...commentLines(intro, 0)])].join("\n");
  return `${head}\n\n${manifests.map((manifest, index) => `${index === 0 ? "" : "---\n"}${documentText(manifest)}`).join("")}`;
}

function documentText({ object, notes = {} }: Manifest<object>): string {
  const document = new Document(object, { aliasDuplicateObjects: false });
  for (const [path, note] of Object.entries(notes)) attach(document, path, note);
  return document.toString({ lineWidth: 0, flowCollectionPadding: false });
}

function attach(document: Document, path: string, note: string): void {
  const steps = pointerSteps(path);
  const comment = commentLines(note, depthOf(steps))
    .map((line) => line.slice(1))
    .join("\n");
  const place = steps.length === 0 ? document.contents : placeOf(document.contents, steps);
  assert(isNode(place), `a note explains nothing: ${path}`);
  place.commentBefore = comment;
}

/** The key of a mapping's entry, or the item of a list: what a comment stands above. */
function placeOf(root: unknown, steps: readonly string[]): Node | null {
  let part = root;
  let place: Node | null = null;
  for (const step of steps) {
    if (isSeq(part)) {
      part = part.items[Number(step)];
      place = isNode(part) ? part : null;
    } else {
      const pair = isMap(part) ? part.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
      if (!isPair(pair)) return null;
      place = isScalar(pair.key) ? pair.key : null;
      part = pair.value;
    }
  }
  return place;
}

/** Columns that YAML indents what stands there by: two for each mapping or list around it. */
function depthOf(steps: Notes[string] | readonly string[]): number {
  return 2 * Math.max(0, steps.length - 1);
}

/** Words of each paragraph filled into comment lines; a line that starts with a space is kept as it is. */
function commentLines(text: string, depth: number): readonly string[] {
  return text.split("\n").flatMap((paragraph) => {
    if (paragraph === "") return ["#"];
    if (paragraph.startsWith(" ")) return [`# ${paragraph}`];
    return fill(paragraph, COMMENT_WIDTH - depth - 2).map((line) => `# ${line}`);
  });
}

function fill(paragraph: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of paragraph.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
