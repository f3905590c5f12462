// The topology inside the Worker: the binding TOPOLOGY wins over the bundled file; parsed once per isolate. Its problems
// are an answer of every face, because a Worker that was deployed with a broken topology watches nothing.
import bundled from "../manifests/topology.yaml";
import { formatProblem, type Parsed } from "../monitor/problem.ts";
import { parseTopology } from "../monitor/topology/parse.ts";
import type { Topology } from "../monitor/topology/topology.ts";

/** Bindings that `wrangler.toml` does not declare, because they are optional. */
export interface WorkerEnv extends Env {
  readonly TOPOLOGY?: string;
  /** A secret; without it nothing can be changed from outside. */
  readonly ADMIN_TOKEN?: string;
  /** A secret; without it the router holds nobody to a region. */
  readonly AFFINITY_SECRET?: string;
}

let parsed: { readonly text: string; readonly topology: Parsed<Topology> } | null = null;

export function readTopology(env: WorkerEnv): Parsed<Topology> {
  const text = env.TOPOLOGY ?? bundled;
  if (parsed?.text === text) return parsed.topology;
  const topology = parseTopology(text, textBindings(env));
  parsed = { text, topology };
  // The faces tell only where; the log is not public.
  if (!topology.ok)
    console.error(topology.problems.map((problem) => formatProblem(problem, "topology.yaml")).join("\n"));
  return topology;
}

/** Variables and secrets, for `${NAME}` in the topology. */
function textBindings(env: WorkerEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
