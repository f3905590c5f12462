// Reads a topology for a command: from a file, with the environment for its `${NAME}`s; problems come out as lines that
// name file, line and column.
import { readFileSync } from "node:fs";
import { textVariables } from "../node/topology-file.ts";
import { formatProblem } from "../problem.ts";
import { type AlertUse, parseTopology } from "../topology/parse.ts";
import type { Topology } from "../topology/topology.ts";

export const TOPOLOGY_FILE = "manifests/topology.yaml";

export type LoadedTopology =
  | { readonly kind: "loaded"; readonly topology: Topology; readonly text: string }
  | { readonly kind: "broken"; readonly lines: readonly string[] };

/** Most commands tell nobody anything. */
export function loadTopology(path: string, alertUse: AlertUse = "unread"): LoadedTopology {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (thrown) {
    return {
      kind: "broken",
      lines: [`${path}: expected a topology file: ${thrown instanceof Error ? thrown.message : String(thrown)}`],
    };
  }
  const parsed = parseTopology(text, textVariables(), alertUse);
  if (parsed.ok) return { kind: "loaded", topology: parsed.value, text };
  return { kind: "broken", lines: parsed.problems.map((problem) => formatProblem(problem, path)) };
}
