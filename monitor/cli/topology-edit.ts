// An edited topology file before it is written: what would be in it must be as good as what is.
import { writeFileSync } from "node:fs";
import { formatProblem } from "../problem.ts";
import { renderFiles } from "../render/render.ts";
import { textVariables } from "../node/topology-file.ts";
import { parseTopology } from "../topology/parse.ts";
import type { Topology } from "../topology/topology.ts";
import type { Refusal } from "./refusal.ts";

/** Fit for rendering where regions are concerned, which is what such edits touch. */
export function checkEdited(text: string, file: string): { readonly topology: Topology } | Refusal {
  const parsed = parseTopology(text, textVariables());
  const rendered = parsed.ok ? renderFiles(parsed.value, [], "configmap") : null;
  const problems = parsed.ok
    ? (rendered?.ok === false ? rendered.problems : []).filter(({ path }) => path?.startsWith("regions") === true)
    : parsed.problems;
  if (parsed.ok && problems.length === 0) return { topology: parsed.value };
  const lines = problems.map((problem) => `  ${formatProblem(problem, file)}`);
  return { refusal: "topology", lines: ["Nothing was written: the topology would have these problems.", ...lines] };
}

/** Null: done; else what stood in the way. */
export function writeEdited(file: string, text: string): string | null {
  try {
    writeFileSync(file, text);
    return null;
  } catch (thrown) {
    return `${file}: expected to write here: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  }
}
