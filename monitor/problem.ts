// The three kinds of error meet here: what the input got wrong (`Problem`, always all of them at once), and what we got
// wrong (`Bug`). What the world did is data and lives in `model/`.

/** One thing that is wrong with an input: a sentence, and where. `line` and `column` count from 1. */
export interface Problem {
  readonly message: string;
  /** Absent: the one text that was read. */
  readonly file?: string;
  readonly path?: string;
  readonly line?: number;
  readonly column?: number;
}

/** What every `parse…` function gives: the value, or every problem found. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** A broken promise of our own code; caught only at an entry point. */
export class Bug extends Error {
  override readonly name = "Bug";
}

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

/** Ends an exhaustive switch: the compiler refuses a call that can be reached. */
export function unreachable(value: never): never {
  throw new Bug(`unreachable value: ${JSON.stringify(value)}`);
}

/** "topology.yaml:4:7: regions[0].id: expected …", the form that editors and terminals turn into a link. */
export function formatProblem(problem: Problem, file: string): string {
  const place =
    problem.line === undefined
      ? file
      : `${file}:${problem.line}${problem.column === undefined ? "" : `:${problem.column}`}`;
  return `${place}: ${problem.path === undefined || problem.path === "" ? "" : `${problem.path}: `}${problem.message}`;
}
