// Lines of the policy commands that a person can read on a narrow terminal, and answers in words.
import type { Answer, AnswerChoice } from "../policy/answer.ts";
import { MULTIVALUE_ANSWERS_MAX } from "../policy/constants.ts";

export const WIDTH = 100;

/** Words onto lines of at most `WIDTH`; all but the first are indented by `hanging`. A longer word stays whole. */
export function wrapped(text: string, indent: string, hanging = indent): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    const isFresh = line.trim() === "";
    if (!isFresh && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = hanging + word;
    } else line = isFresh ? line + word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

export function choiceWords({ kind, values, alias, ttlSeconds }: AnswerChoice): string {
  const some =
    kind === "subset" ? (values.length > MULTIVALUE_ANSWERS_MAX ? `${MULTIVALUE_ANSWERS_MAX} of ` : "some of ") : "";
  return `${alias ?? `${some}${values.join(", ")}`} (TTL ${ttlSeconds} s)`;
}

/** "192.0.2.10 (TTL 60 s) or 198.51.100.20 (TTL 60 s)". */
export function answerWords({ acceptable, mayBeEmpty }: Answer): string {
  const choices = acceptable.map(choiceWords);
  if (choices.length === 0) return "no answer";
  return [...choices, ...(mayBeEmpty ? ["no answer"] : [])].join(" or ");
}
