// One YAML file against one schema and the rules on several of its fields: everything that is wrong with it, at once and
// in the order of the file. Topologies and drills are both read this way.
import * as z from "zod/mini";
import type { Parsed, Problem } from "../problem.ts";
import { type Draft, draftOf } from "./draft.ts";
import { type ReadSource, readSource, type SourceLimits } from "./source.ts";
import { type Breach, inOrder, problemOf, problemsOfIssue } from "./wording.ts";

/** More than anyone reads; a file of nonsense has tens of thousands. */
export const PROBLEMS_MAX = 1000;

export interface FileKind<T extends z.core.$ZodType> {
  readonly schema: T;
  /** In no particular order. */
  readonly breaches: (draft: Draft<z.output<T>>) => readonly Breach[];
  readonly limits: SourceLimits;
  /** What is done with a source before it is looked at; left out: nothing. */
  readonly prepare?: (source: ReadSource) => ReadSource;
}

/**
 * `variables` are what `${NAME}` in a text stands for, null: nothing; it never throws. Problems come by line, then column,
 * each with the path of its field ("regions[1].endpoint.url") unless it concerns the whole file. After a mistake in YAML
 * itself only such mistakes are told, because what stands where is then a guess.
 */
export function parseFile<T extends z.core.$ZodType>(
  text: string,
  variables: Readonly<Record<string, string>> | null,
  kind: FileKind<T>,
): Parsed<z.output<T>> {
  const { prepare = (source: ReadSource) => source } = kind;
  const { tree, problems } = prepare(readSource(text, variables, kind.limits));
  if (tree === null) return { ok: false, problems: told(problems) };
  const parsed = z.safeParse(kind.schema, tree.value);
  const draft = draftOf(kind.schema, tree.value);
  const issues = (parsed.error?.issues ?? []).flatMap((issue) => problemsOfIssue(issue, tree));
  const breaches = (draft === undefined ? [] : kind.breaches(draft))
    .map((breach) => problemOf(breach, tree))
    .filter((problem) => problem !== null);
  const all = told([...problems, ...issues, ...breaches]);
  if (!parsed.success || all.length > 0) return { ok: false, problems: all };
  return { ok: true, value: parsed.data };
}

function told(problems: readonly Problem[]): readonly Problem[] {
  const ordered = inOrder(problems);
  const [next] = ordered.slice(PROBLEMS_MAX);
  if (next === undefined) return ordered;
  const rest = `expected at most ${PROBLEMS_MAX} problems, found ${ordered.length - PROBLEMS_MAX} more from here on`;
  return [...ordered.slice(0, PROBLEMS_MAX), { ...next, message: rest }];
}
