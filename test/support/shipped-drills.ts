// The drills that are shipped, and the two kinds of topology that each of them must fit.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseScript } from "../../monitor/drill/parse-script.ts";
import { planDrill } from "../../monitor/drill/plan.ts";
import type { DrillPlan, DrillScript } from "../../monitor/drill/script.ts";
import { localTopology } from "../../monitor/local/topology.ts";
import { formatProblem } from "../../monitor/problem.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { topologyOf } from "./topology-text.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Names without ".yaml", sorted. */
export const SHIPPED: readonly string[] = readdirSync(join(ROOT, "drills"))
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(/\.yaml$/, ""))
  .toSorted();

export const LOCAL: Topology = topologyOf(
  localTopology({ regions: 2, policy: "failover", intervalSeconds: 2, gatePort: 8000, dnsPort: 8053, dohPort: 8054 }),
);
export const REAL: Topology = topologyOf(readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8"));

export function shippedText(name: string): string {
  return readFileSync(join(ROOT, `drills/${name}.yaml`), "utf8");
}

export function shippedScript(name: string): DrillScript {
  const parsed = parseScript(shippedText(name));
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.problems.map((problem) => formatProblem(problem, name)).join("\n"));
}

export function shippedPlan(name: string, topology: Topology): DrillPlan {
  const planned = planDrill(shippedScript(name), topology);
  if (planned.ok) return planned.value;
  throw new Error(planned.problems.map(({ message }) => message).join("\n"));
}
