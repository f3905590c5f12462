// The topology inside the Worker: the binding TOPOLOGY wins over the bundled file, and with ZONE_SNAPSHOT the zone that was
// pulled is judged; parsed once per isolate. Their problems are an answer of every face, because a Worker that was deployed with
// a broken one watches nothing.
import bundled from "../manifests/topology.yaml";
import { formatProblem, type Parsed } from "../monitor/problem.ts";
import { parseTopology } from "../monitor/topology/parse.ts";
import type { Topology } from "../monitor/topology/topology.ts";
import type { CheckerKeys } from "../monitor/wire/checker-desk.ts";
import { withPulledZone } from "../monitor/zone/pulled-zone.ts";

/** Bindings that `wrangler.toml` does not declare, because they are optional. With keys and a snapshot, Route 53 is asked what its checkers see. */
export interface WorkerEnv extends Env, CheckerKeys {
  readonly TOPOLOGY?: string;
  /** What `monitor zone pull` wrote. */
  readonly ZONE_SNAPSHOT?: string;
  /** A secret; without it nothing can be changed from outside. */
  readonly ADMIN_TOKEN?: string;
  /** A secret; without it the router holds nobody to a region. */
  readonly AFFINITY_SECRET?: string;
}

let parsed: { readonly text: string; readonly snapshot: string; readonly topology: Parsed<Topology> } | null = null;

export function readTopology(env: WorkerEnv): Parsed<Topology> {
  const text = env.TOPOLOGY ?? bundled;
  const snapshot = env.ZONE_SNAPSHOT ?? "";
  if (parsed?.text === text && parsed.snapshot === snapshot) return parsed.topology;
  const file = parseTopology(text, textBindings(env));
  const topology = file.ok && snapshot !== "" ? withPulledZone(file.value, snapshot, SNAPSHOT_NAME) : file;
  parsed = { text, snapshot, topology };
  // The faces tell only where; the log is not public.
  if (!topology.ok)
    console.error(
      topology.problems.map((problem) => formatProblem(problem, problem.file ?? "topology.yaml")).join("\n"),
    );
  return topology;
}

const SNAPSHOT_NAME = "ZONE_SNAPSHOT";

/** Variables and secrets, for `${NAME}` in the topology. */
function textBindings(env: WorkerEnv): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}
