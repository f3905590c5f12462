// Route 53's checkers as section 4.1 of the reference has them: sixteen that look out of step, each with the threshold in a row,
// and the 18 % rule over them, in the product's own words.
import { aggregateHealth, type Opinion, stepOpinion } from "../../monitor/policy/health-check.ts";
import { SECOND_MS } from "../../monitor/time.ts";
import type { Dice } from "./random-zone.ts";

const CHECKERS = 16;

export interface Change {
  readonly intervalSeconds: number;
  readonly threshold: number;
  /** Of a look after the change; looks before it are answered at once. */
  readonly lookSeconds: number;
  readonly becomes: "healthy" | "unhealthy";
}

interface Look {
  readonly at: number;
  readonly checker: number;
}

/** When each checker's looks end, from the change on: the next one begins an interval after the last response. */
function looksAfter({ intervalSeconds, threshold, lookSeconds }: Change, dice: Dice): readonly Look[] {
  return Array.from({ length: CHECKERS }, (_, checker) => {
    const phase = dice(intervalSeconds * SECOND_MS);
    return Array.from({ length: threshold }, (__, index) => ({
      at: phase + index * intervalSeconds * SECOND_MS + (index + 1) * lookSeconds * SECOND_MS,
      checker,
    }));
  })
    .flat()
    .toSorted((a, b) => a.at - b.at);
}

/** Milliseconds from the change to the new health of the endpoint. */
export function detectionMs(change: Change, dice: Dice): number {
  const passed = change.becomes === "healthy";
  const before: Opinion = { health: passed ? "unhealthy" : "healthy", run: null };
  const opinions = Array.from({ length: CHECKERS }, () => before);
  for (const { at, checker } of looksAfter(change, dice)) {
    opinions[checker] = stepOpinion(opinions[checker] ?? before, passed, change.threshold, at);
    if (aggregateHealth(opinions.map((opinion) => opinion.health)) === change.becomes) return at;
  }
  throw new Error("every checker has had its run, and the endpoint has not changed");
}
