// A part's result as text for a terminal: columns as wide as their widest cell, numbers to the right.
import type { Part, PartResult } from "./part.ts";

export function renderPart(part: Pick<Part, "name" | "title">, result: PartResult): string {
  const lines = [result.columns, ...result.rows];
  const widths = result.columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  const render = (line: readonly string[]): string =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  const [head = [], ...body] = lines;
  const table = result.rows.length === 0 ? [] : [render(head), rule, ...body.map(render)];
  return [`${part.name}: ${part.title}`, ...table, ...result.notes.map((note) => `  ${note}`), ""].join("\n");
}
