// The smallest valid drill, and small edits of it: tests show only the lines that matter to them.
import { parseScript } from "../../monitor/drill/parse-script.ts";
import { planDrill } from "../../monitor/drill/plan.ts";
import type { DrillPlan, DrillScript } from "../../monitor/drill/script.ts";
import { formatProblem } from "../../monitor/problem.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { EXAMPLE } from "./example-topology.ts";

export const SMALLEST_DRILL = `\
schemaVersion: 1
id: gone
title: Gone
description: The primary is gone.
faults:
  local:
    - { lever: gate, region: primary, fault: refuse }
expect: { answers: move, users: recover, notices: [region] }
expirySeconds: policy
`;

/** With each `from` replaced by its `to`; `from` must stand in it exactly once. */
export function editedDrill(...edits: readonly (readonly [from: string, to: string])[]): string {
  return edits.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`not exactly once in the text: ${from}`);
    return text.replace(from, () => to);
  }, SMALLEST_DRILL);
}

/** The same with lines after its end. */
export function extendedDrill(...lines: readonly string[]): string {
  return `${SMALLEST_DRILL}${lines.join("\n")}\n`;
}

/** "4:7: faults.local[0]: expected …" for each problem; empty for a valid text. */
export function drillProblems(text: string): readonly string[] {
  const parsed = parseScript(text);
  return parsed.ok ? [] : parsed.problems.map((problem) => formatProblem(problem, "").slice(1));
}

export function scriptOf(text: string): DrillScript {
  const parsed = parseScript(text);
  if (parsed.ok) return parsed.value;
  throw new Error(drillProblems(text).join("\n"));
}

export function planOf(text: string, topology: Topology = EXAMPLE): DrillPlan {
  const planned = planDrill(scriptOf(text), topology);
  if (planned.ok) return planned.value;
  throw new Error(planned.problems.map(({ message }) => message).join("\n"));
}
