// The smallest valid topology, and small edits of it: tests of the parser show only the lines that matter to them.
import { formatProblem } from "../../monitor/problem.ts";
import { FILE } from "../../monitor/topology/schema.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import type { Topology } from "../../monitor/topology/topology.ts";

/** What messages name as known at the top, so that a new section changes no test of another. */
export const ROOT_KEYS = Object.keys(FILE._zod.def.shape).join(", ");

export const SMALLEST = `\
service: { name: demo, host: demo.example.com, image: demo:1 }
regions:
  - id: east
    region: us-east-1
    cluster: { context: east }
    endpoint: { url: https://east.example.com, addresses: [192.0.2.10] }
  - id: west
    region: us-west-2
    cluster: { context: west }
    endpoint: { url: https://west.example.com, addresses: [198.51.100.20] }
dns:
  zone: example.com
  policy: { routing: failover, primary: east, secondary: west }
`;

/** The smallest topology with each `from` replaced by its `to`; `from` must stand in it exactly once. */
export function edited(...edits: readonly (readonly [from: string, to: string])[]): string {
  return edits.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2) throw new Error(`not exactly once in the text: ${from}`);
    return text.replace(from, () => to);
  }, SMALLEST);
}

/** The same with lines after its end. */
export function extended(...lines: readonly string[]): string {
  return `${SMALLEST}${lines.join("\n")}\n`;
}

/** "4:7: regions[0].id: expected …" for each problem; empty for a valid text. */
export function problemLines(text: string, variables: Readonly<Record<string, string>> = {}): readonly string[] {
  const parsed = parseTopology(text, variables);
  return parsed.ok ? [] : parsed.problems.map((problem) => formatProblem(problem, "").slice(1));
}

/** The topology of a text that must be valid. */
export function topologyOf(text: string): Topology {
  const parsed = parseTopology(text);
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problems.map((problem) => formatProblem(problem, "topology.yaml")).join("\n"));
}
