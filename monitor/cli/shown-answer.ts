// What a command that spoke to a running monitor shows of it, and with which code it ends: what was done or found, that the monitor
// refused it, or that it said nothing.
import { type Asked, wordlessRefusal } from "../conduct/monitor-client.ts";
import { type Problem, unreachable } from "../problem.ts";
import { EXIT, envelope, type ExitCode } from "./envelope.ts";

/** What was done or found, for people and for machines. */
export interface Shown {
  readonly text: string;
  readonly payload: object;
}

export interface ShownAs {
  readonly command: string;
  readonly output: "json" | "text";
  /** "nothing": it was only shown what would be done. */
  readonly changes: "as told" | "nothing";
}

export function shown(text: string, payload: object): Asked<Shown> {
  return { kind: "answer", value: { text, payload } };
}

/** As the monitor would refuse it. */
export function refusedProblems(problems: readonly Problem[]): Asked<never> {
  const detail = problems.map(({ path, message }) => `${path ?? ""}: ${message}`).join("\n");
  return { kind: "refused", status: 400, detail };
}

export function showAnswer(answer: Asked<Shown>, { command, output, changes }: ShownAs): ExitCode {
  switch (answer.kind) {
    case "answer": {
      const { text, payload } = answer.value;
      process.stdout.write(output === "json" ? envelope(command, "conforms", payload, Date.now()) : text);
      if (changes === "nothing") process.stderr.write("Nothing was changed: --yes does it.\n");
      return EXIT.conforms;
    }
    case "refused":
      process.stderr.write(`${refusedWords(answer)}\n`);
      return answer.status === 401 ? EXIT.undecided : EXIT.usage;
    case "silent":
      process.stderr.write(`${answer.detail}\n`);
      return EXIT.undecided;
    default:
      return unreachable(answer);
  }
}

function refusedWords({ status, detail }: Extract<Asked<unknown>, { kind: "refused" }>): string {
  if (status === 401) return "the monitor does not know this token";
  // A path that is not there has no sentence of the monitor's own.
  return detail === wordlessRefusal(404) ? "no token is configured there, so nothing can be changed" : detail;
}
