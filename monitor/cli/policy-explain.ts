// `monitor policy explain`: the tree of decisions behind an answer, a line for each record, readable at night.
import { explainAnswer } from "../policy/evaluator.ts";
import type { CandidateExplanation, Decision, Explanation, GroupExplanation } from "../policy/explanation.ts";
import type { AddressType } from "../policy/record-set.ts";
import { envelope, EXIT, type ExitCode } from "./envelope.ts";
import { verdictOf, withoutQuestion } from "./policy-answer.ts";
import type { PolicyAsk } from "./policy-ask.ts";
import { answerWords, wrapped } from "./policy-lines.ts";

interface Explained {
  /** Askers who are told the same for the same reasons. */
  readonly askers: readonly string[];
  readonly type: AddressType;
  readonly explanation: Explanation;
}

export function runExplain(ask: PolicyAsk): ExitCode {
  const explained = explanationsOf(ask);
  const verdict = verdictOf(explained.map(({ explanation }) => explanation.answer));
  const explanations = explained.map(({ askers, type, explanation: { answer, group, exact } }) => ({
    askers,
    type,
    answer: withoutQuestion(answer),
    exact,
    group,
  }));
  const payload = { name: ask.name, health: ask.health.after, explanations };
  process.stdout.write(
    ask.output === "json"
      ? envelope("policy explain", verdict, payload, Date.now())
      : explained.map((one) => textOf(ask.name, one)).join("\n"),
  );
  return EXIT[verdict];
}

function explanationsOf({ source, name, types, askers, health }: PolicyAsk): readonly Explained[] {
  const found = new Map<string, Explained>();
  for (const type of types)
    for (const { label, asker } of askers) {
      const explanation = explainAnswer(source.zone, { name, type, asker }, health.after);
      const key = JSON.stringify([type, explanation.group, withoutQuestion(explanation.answer)]);
      const before = found.get(key)?.askers ?? [];
      found.set(key, { askers: [...before, label], type, explanation });
    }
  return [...found.values()];
}

function textOf(name: string, { askers, type, explanation }: Explained): string {
  const { answer, group, exact } = explanation;
  const lines = [
    wrapped(`${name} ${type}, asked by ${askers.join(", ")}`, "", "  "),
    "",
    ...(group === null ? [] : [...groupLines(group, "", "", "taken"), ""]),
    wrapped(`answer: ${answerWords(answer)}`, "", "        "),
    wrapped(`why:    ${answer.reason}`, "", "        "),
    ...(exact ? [] : ["note:   a bound was met: the tree above is not the whole one"]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Whether the answer comes this way; of the others the tree says what they would do. */
type Way = "taken" | "not taken";

function groupLines(group: GroupExplanation, indent: string, lead: string, way: Way): readonly string[] {
  const words = OPEN_WORDS[group.failOpen];
  const open = way === "taken" ? words : words.replace("FAILS OPEN", "would fail open");
  const note = group.note === null ? "" : `; ${group.note}`;
  const head = `${lead}${group.name}: ${group.policy}, ${group.health}${open}${note}`;
  return [
    wrapped(head, indent, `${indent}  `),
    ...group.candidates.flatMap((candidate) => candidateLines(candidate, `${indent}  `, way)),
  ];
}

const OPEN_WORDS: Readonly<Record<GroupExplanation["failOpen"], string>> = {
  no: "",
  possible: ", may fail open",
  yes: ", FAILS OPEN",
};

/** What a reader looks for first stands first. */
const MARKS: Readonly<Record<Decision, string>> = {
  answers: "->",
  "may answer": "?>",
  "answers though unhealthy": "!>",
  "may answer though unhealthy": "!?",
  "passed over as unhealthy": "x ",
  "not needed": "- ",
  "does not fit the asker": "- ",
};

function candidateLines(candidate: CandidateExplanation, indent: string, way: Way): readonly string[] {
  const { role, health, why, decision, target, leadsTo } = candidate;
  const to = leadsTo === null ? ` ${target.join(", ")}` : "";
  const isTaken = way === "taken" && decision.includes("answer");
  const mark = way === "taken" ? MARKS[decision] : ". ";
  const decided = way === "taken" ? decision : decision.replace(/^(may )?answers?/, "would answer");
  const line = `${mark} ${role}${to}: ${health}, ${decided} (${why.join("; ")})`;
  return [
    wrapped(line, indent, `${indent}     `),
    ...(leadsTo === null ? [] : groupLines(leadsTo, `${indent}   `, "to ", isTaken ? "taken" : "not taken")),
  ];
}
