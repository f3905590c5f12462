// What plan, simulate and run begin with: the script, the topology with its monitor where there is one, and the plan that
// follows from both.
import { readFileSync } from "node:fs";
import { planDrill } from "../drill/plan.ts";
import type { DrillPlan, DrillScript } from "../drill/script.ts";
import { findScene, type Scene } from "../conduct/scene.ts";
import { makeReach, type Reach } from "../lever/reach.ts";
import { errorText } from "../local/listening.ts";
import { formatProblem } from "../problem.ts";
import type { Topology } from "../topology/topology.ts";
import { parsePulledZone } from "../zone/pulled-zone.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { loadScript } from "./drill-script.ts";
import type { Refusal } from "./refusal.ts";
import { loadTopology, TOPOLOGY_FILE } from "./topology-file.ts";

export interface DrillSetting {
  readonly script: DrillScript;
  readonly plan: DrillPlan;
  readonly topology: Topology;
  /** Null: no monitor was named, and no local world runs. */
  readonly scene: Scene | null;
  /** Why there is none. */
  readonly sceneless: string;
  readonly reach: Reach;
}

/** Without a monitor the topology's file is enough to plan and simulate. */
export async function readSetting(given: DrillArguments): Promise<DrillSetting | Refusal> {
  const script = loadScript(given.name ?? "");
  if ("refusal" in script) return script;
  const reach = makeReach(process.env);
  const file = (): Topology | string => loadJudged(given.topology ?? TOPOLOGY_FILE, given.snapshot);
  const wantsFile = given.topology !== null && given.url === null;
  const found = wantsFile
    ? ({ kind: "none", why: "expected --url beside --topology: which monitor watches it" } as const)
    : await findScene(given, file, reach.variable);
  const topology = found.kind === "scene" ? found.scene.topology : file();
  if (typeof topology === "string") return { refusal: "topology", lines: topology.split("\n") };
  const plan = planDrill(script, topology);
  if (!plan.ok)
    return { refusal: "script", lines: plan.problems.map((problem) => formatProblem(problem, `${script.id}.yaml`)) };
  const scene = found.kind === "scene" ? found.scene : null;
  return { script, plan: plan.value, topology, scene, sceneless: found.kind === "none" ? found.why : "", reach };
}

/** A string says what is wrong with the files. `snapshot`: what the monitor has as ZONE_SNAPSHOT, so that both judge by one zone. */
function loadJudged(path: string, snapshot: string | null): Topology | string {
  const loaded = loadTopology(path);
  if (loaded.kind === "broken") return loaded.lines.join("\n");
  if (snapshot === null) return loaded.topology;
  try {
    const zone = parsePulledZone(readFileSync(snapshot, "utf8"), loaded.topology);
    if (zone.ok) return { ...loaded.topology, pulledZone: zone.value };
    return zone.problems.map((problem) => formatProblem(problem, snapshot)).join("\n");
  } catch (thrown) {
    return `${snapshot}: expected what \`monitor zone pull\` wrote: ${errorText(thrown)}`;
  }
}
