// What reports in Markdown share: nothing that the world said becomes markup, another cell, or an order to a terminal.

export function escapeMarkdown(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|&]/g, "\\$&").replaceAll(/[\s\p{Cc}]+/gu, " ");
}

export function markdownTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => escapeMarkdown(cell)).join(" | ")} |`;
  return [line(heads), `|${" --- |".repeat(heads.length)}`, ...rows.map((row) => line(row))].join("\n");
}
