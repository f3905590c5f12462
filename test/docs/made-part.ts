// The part of a document that is made from code: between two comments, so that the rest stays a person's.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/source-files.ts";

const END = "<!-- until here -->";

/** The whole document with its part made anew; `from` says what it is made of: "the registry". */
export function withMadePart(path: string, from: string, part: string): string {
  const start = `<!-- made from ${from} by \`npm run generate\` -->\n`;
  const text = readFileSync(join(ROOT, path), "utf8");
  const [before, rest] = [text.indexOf(start), text.indexOf(END)];
  if (before < 0 || rest < before) throw new Error(`expected ${start.trim()} and ${END} in ${path}`);
  return `${text.slice(0, before)}${start}\n${part}\n${text.slice(rest)}`;
}
