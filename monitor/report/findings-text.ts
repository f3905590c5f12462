// Findings for people: by file, in the order of its lines, each with what to do about it.
import type { Finding } from "../model/finding.ts";
import { countPhrase } from "./findings-verdict.ts";

export type Colours = "on" | "off";

/** Select Graphic Rendition codes (ECMA-48) that every terminal knows. */
const TONES = { error: "31", warning: "33", note: "36", waived: "2", strong: "1", dim: "2" } as const;

/** `files` are all that were looked at, in their order; those without a finding are only counted. */
export function findingsText(findings: readonly Finding[], files: readonly string[], colours: Colours): string {
  const blocks = files.flatMap((file) => {
    const own = findings.filter(({ place }) => place.file === file);
    const lines = foldAlike(own).map((alike) => findingLines(alike, colours));
    return own.length === 0 ? [] : [`${paint(visible(file), "strong", colours)}\n${lines.join("\n")}\n`];
  });
  const looked = `${files.length} ${files.length === 1 ? "file" : "files"}`;
  return `${[...blocks, `${looked}: ${countPhrase(findings)}`].join("\n")}\n`;
}

/** A finding, and others of the file that would say the same of something else. */
interface Alike {
  readonly first: Finding;
  readonly others: readonly Finding[];
}

/** As many that say the same are told one by one; a zone has hundreds of records. */
const TOLD_ALIKE_MAX = 3;
const SUBJECTS_TOLD_MAX = 3;

/** In the order of their first ones. */
function foldAlike(findings: readonly Finding[]): readonly Alike[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.id, finding.severity, finding.message, finding.waiver]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const folded = new Map<Finding, Alike>();
  for (const [first, ...others] of groups.values()) {
    if (first === undefined) continue;
    if (others.length < TOLD_ALIKE_MAX)
      for (const one of [first, ...others]) folded.set(one, { first: one, others: [] });
    else folded.set(first, { first, others });
  }
  return findings.flatMap((finding) => folded.get(finding) ?? []);
}

function othersWords(others: readonly Finding[]): string {
  const named = others.slice(0, SUBJECTS_TOLD_MAX).map(({ subject, place }) => `${subject} (line ${place.line})`);
  const rest = others.length - named.length;
  return `the same of ${named.join(", ")}${rest === 0 ? "" : ` and ${rest} more; --json has all`}`;
}

function findingLines({ first, others }: Alike, colours: Colours): string {
  const { id, severity, place, subject, message, fix, waiver } = first;
  const where = `${place.line}:${place.column}`.padEnd(8);
  const word = waiver === null ? severity : "waived";
  const head = `  ${where}${paint(word.padEnd(9), word, colours)}${id}  ${visible(subject)}`;
  const last =
    waiver === null ? `fix: ${visible(fix)}` : `waived until ${visible(waiver.until)}: ${visible(waiver.reason)}`;
  const more = others.length === 0 ? [] : [`          ${visible(othersWords(others))}`];
  return [head, `          ${visible(message)}`, ...more, `          ${paint(last, "dim", colours)}`].join("\n");
}

function paint(text: string, tone: keyof typeof TONES, colours: Colours): string {
  return colours === "on" ? `\u001B[${TONES[tone]}m${text}\u001B[0m` : text;
}

/** Some of it comes from files of others, and a terminal would obey their control characters. */
function visible(text: string): string {
  return text.replace(/\p{Cc}/gu, " ");
}
