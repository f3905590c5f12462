// Lines of a terminal made of toned pieces: widths count what is seen, tones become colours only at the very end.

export type Tone = "plain" | "good" | "bad" | "wait" | "dim" | "strong";

export interface Piece {
  readonly text: string;
  readonly tone: Tone;
}

export type Line = readonly Piece[];

/** Select Graphic Rendition codes (ECMA-48) that every terminal knows. */
const CODES: Readonly<Record<Tone, string>> = { plain: "", good: "32", bad: "31", wait: "33", dim: "2", strong: "1" };

export function piece(text: string, tone: Tone = "plain"): Piece {
  return { text: visibleText(text), tone };
}

/** Without control characters: some of what is shown comes from the network, and a terminal would obey it. */
export function visibleText(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}

/** Columns as wide as their widest cell, two spaces apart; the last one is not padded. */
export function alignRows(rows: readonly Line[]): readonly Line[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.text.length ?? 0)),
  );
  return rows.map((row) =>
    row.flatMap((cell, column) =>
      column === row.length - 1 ? [cell] : [cell, piece(" ".repeat((widths[column] ?? 0) - cell.text.length + 2))],
    ),
  );
}

/** Cuts to `width` characters, the last of which is then an ellipsis; writes colours where `colours` is "on". */
export function paintLine(line: Line, width: number, colours: "on" | "off"): string {
  const length = line.reduce((sum, one) => sum + one.text.length, 0);
  let room = length > width ? Math.max(0, width - 1) : length;
  let out = "";
  for (const { text, tone } of line) {
    const seen = text.slice(0, room);
    room -= seen.length;
    out += seen === "" ? "" : paint(seen, tone, colours);
  }
  return (length > width ? `${out}…` : out).trimEnd();
}

function paint(text: string, tone: Tone, colours: "on" | "off"): string {
  const code = CODES[tone];
  return colours === "off" || code === "" ? text : `\u001b[${code}m${text}\u001b[0m`;
}
