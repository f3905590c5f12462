// Finds a drill's script by its name, among those of `drills/`, or by its path.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseScript } from "../drill/parse-script.ts";
import type { DrillScript } from "../drill/script.ts";
import { formatProblem } from "../problem.ts";
import { errorText } from "../local/listening.ts";
import type { Refusal } from "./refusal.ts";

export const DRILL_FOLDER = "drills";
const SUFFIX = ".yaml";

export function loadScript(name: string): DrillScript | Refusal {
  const path = name.includes("/") || name.endsWith(SUFFIX) ? name : join(DRILL_FOLDER, `${name}${SUFFIX}`);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const known = drillNames();
    const there = known.length === 0 ? "" : `; there are ${known.join(", ")}`;
    return { refusal: "script", lines: [`expected a drill, found no ${path}${there} (${errorText(error)})`] };
  }
  const parsed = parseScript(text);
  if (parsed.ok) return parsed.value;
  return { refusal: "script", lines: parsed.problems.map((problem) => formatProblem(problem, path)) };
}

/** In the order of the alphabet. */
export function drillNames(): readonly string[] {
  try {
    return readdirSync(DRILL_FOLDER)
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length))
      .toSorted();
  } catch {
    return [];
  }
}
