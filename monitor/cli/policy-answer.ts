// `monitor policy answer`: one line for each asker.
import type { Answer } from "../policy/answer.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { AddressType } from "../policy/record-set.ts";
import { alignColumns } from "./columns.ts";
import { envelope, EXIT, type ExitCode } from "./envelope.ts";
import type { PolicyAsk } from "./policy-ask.ts";
import { answerWords, wrapped } from "./policy-lines.ts";

interface AnswerRow {
  readonly vantage: string;
  readonly type: AddressType;
  readonly answer: Answer;
}

export function runAnswer(ask: PolicyAsk): ExitCode {
  const rows = answersOf(ask);
  const verdict = verdictOf(rows.map((row) => row.answer));
  const answers = rows.map(({ vantage, type, answer }) => ({ vantage, type, ...withoutQuestion(answer) }));
  const payload = { name: ask.name, health: ask.health.after, answers };
  process.stdout.write(
    ask.output === "json" ? envelope("policy answer", verdict, payload, Date.now()) : textOf(ask, rows),
  );
  return EXIT[verdict];
}

function answersOf({ source, name, types, askers, health }: PolicyAsk): readonly AnswerRow[] {
  return types.flatMap((type) =>
    askers.map(({ label, asker }) => ({
      vantage: label,
      type,
      answer: expectedAnswer(source.zone, { name, type, asker }, health.after),
    })),
  );
}

/** Fail-open and a missing record are nobody's wish, so a script may stop on them. */
export function verdictOf(answers: readonly Answer[]): "conforms" | "deviates" | "undecided" {
  if (answers.some((answer) => answer.acceptable.length === 0 || answer.acceptable.every((choice) => choice.failOpen)))
    return "deviates";
  return answers.some((answer) => answer.expected === null) ? "undecided" : "conforms";
}

export function withoutQuestion({ kind, acceptable, mayBeEmpty, expected, unknown, reason }: Answer): object {
  return { kind, acceptable, mayBeEmpty, expected, unknown, reason };
}

function textOf({ name, types }: PolicyAsk, rows: readonly AnswerRow[]): string {
  const lines = rows.map(({ vantage, type, answer }) => [
    vantage,
    ...(types.length > 1 ? [type] : []),
    answerWords(answer),
    answer.reason,
  ]);
  const table = alignColumns(lines);
  const isNarrow = table.split("\n").every((line) => line.length <= TABLE_WIDTH);
  return `${name}\n${isNarrow ? table : lines.map(blockOf).join("\n")}\n`;
}

/** A table wider than this is no longer one on most terminals. */
const TABLE_WIDTH = 160;

function blockOf(cells: readonly string[]): string {
  const who = cells.slice(0, -2).join(" ");
  const [answer = "", reason = ""] = cells.slice(-2);
  return [`  ${who}`, wrapped(answer, "    ", "      "), wrapped(reason, "    ", "      ")].join("\n");
}
