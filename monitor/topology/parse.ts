// Makes a Topology of the file's text, or tells everything that is wrong with it at once: what YAML, the schema and the
// rules each find, in the order of the file.
import * as z from "zod/mini";
import type { Parsed, Problem } from "../problem.ts";
import { type Draft, draftOf } from "./draft.ts";
import { topologyBreaches } from "./rules.ts";
import { FILE } from "./schema.ts";
import { readSource } from "./source.ts";
import type { Topology } from "./topology.ts";
import { inOrder, problemOf, problemsOfIssue } from "./wording.ts";

/** More than anyone reads; a file of nonsense has tens of thousands. */
export const PROBLEMS_MAX = 1000;

/**
 * `variables` are what `${NAME}` in a text stands for; it never throws. Problems come by line, then column, each with the
 * path of its field ("regions[1].endpoint.url") unless it concerns the whole file. After a mistake in YAML itself only
 * such mistakes are told, because what stands where is then a guess.
 */
export function parseTopology(text: string, variables: Readonly<Record<string, string>> = {}): Parsed<Topology> {
  const { tree, problems } = readSource(text, variables);
  if (tree === null) return { ok: false, problems: told(problems) };
  const parsed = z.safeParse(FILE, tree.value);
  const draft: Draft<Topology> = (parsed.success ? parsed.data : draftOf(FILE, tree.value)) ?? {};
  const issues = (parsed.error?.issues ?? []).flatMap((issue) => problemsOfIssue(issue, tree));
  const breaches = topologyBreaches(draft)
    .map((breach) => problemOf(breach, tree))
    .filter((problem) => problem !== null);
  const all = told([...problems, ...issues, ...breaches]);
  if (!parsed.success || all.length > 0) return { ok: false, problems: all };
  const { alerts: _none, lint: _waivers, ...topology } = parsed.data;
  return { ok: true, value: topology };
}

function told(problems: readonly Problem[]): readonly Problem[] {
  const ordered = inOrder(problems);
  const [next] = ordered.slice(PROBLEMS_MAX);
  if (next === undefined) return ordered;
  const rest = `expected at most ${PROBLEMS_MAX} problems, found ${ordered.length - PROBLEMS_MAX} more from here on`;
  return [...ordered.slice(0, PROBLEMS_MAX), { ...next, message: rest }];
}
