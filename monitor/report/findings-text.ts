// Findings for people: by file, in the order of its lines, each with what to do about it.
import type { Finding } from "../model.ts";
import { countPhrase } from "./findings-verdict.ts";

export type Colours = "on" | "off";

/** Select Graphic Rendition codes (ECMA-48) that every terminal knows. */
const TONES = { error: "31", warning: "33", note: "36", waived: "2", strong: "1", dim: "2" } as const;

/** `files` are all that were looked at, in their order; those without a finding are only counted. */
export function findingsText(findings: readonly Finding[], files: readonly string[], colours: Colours): string {
  const blocks = files.flatMap((file) => {
    const own = findings.filter(({ place }) => place.file === file);
    const lines = own.map((finding) => findingLines(finding, colours));
    return own.length === 0 ? [] : [`${paint(visible(file), "strong", colours)}\n${lines.join("\n")}\n`];
  });
  const looked = `${files.length} ${files.length === 1 ? "file" : "files"}`;
  return `${[...blocks, `${looked}: ${countPhrase(findings)}`].join("\n")}\n`;
}

function findingLines({ id, severity, place, subject, message, fix, waiver }: Finding, colours: Colours): string {
  const where = `${place.line}:${place.column}`.padEnd(8);
  const word = waiver === null ? severity : "waived";
  const head = `  ${where}${paint(word.padEnd(9), word, colours)}${id}  ${visible(subject)}`;
  const last =
    waiver === null ? `fix: ${visible(fix)}` : `waived until ${visible(waiver.until)}: ${visible(waiver.reason)}`;
  return [head, `          ${visible(message)}`, `          ${paint(last, "dim", colours)}`].join("\n");
}

function paint(text: string, tone: keyof typeof TONES, colours: Colours): string {
  return colours === "on" ? `\u001B[${TONES[tone]}m${text}\u001B[0m` : text;
}

/** Some of it comes from files of others, and a terminal would obey their control characters. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
