// Records of drills as lines of text, so that a test shows what was seen and when: "105 dns enam authoritative gcp".
import type { DrillFigures } from "../../monitor/drill/figures.ts";
import { judgeDrill } from "../../monitor/drill/referee.ts";
import type { DrillEvent, DrillRecord } from "../../monitor/drill/record.ts";
import type { DrillPlan } from "../../monitor/drill/script.ts";
import { AWS, EXAMPLE, GCP } from "./example-topology.ts";
import { editedDrill, planOf } from "./drill-text.ts";

/** On everything. */
export const BOUNDS =
  "bounds: { detectionSeconds: 20, failoverSeconds: 60, recoverySeconds: 90, failbackSeconds: 60, gapSeconds: 90, lostShareMax: 0.9 }";

/** Two places, the primary refused, a bound on everything. */
export const PLAN: DrillPlan = planOf(`${editedDrill(["id: gone", "id: primary-gone"])}${BOUNDS}\n`, {
  ...EXAMPLE,
  local: true,
  probe: { ...EXAMPLE.probe, vantages: EXAMPLE.probe.vantages.slice(0, 2) },
});

/** Everything as it should be: fault at 100 s, repair at 200 s, both answered a second later. */
export const GOOD = `
  1   dns enam authoritative aws
  1   dns enam recursive aws
  1   dns weur authoritative aws
  1   dns weur recursive aws
  2   request enam aws
  2   request weur aws
  99  health aws users healthy
  99  health aws route53 healthy
  100 applying
  101 applied
  102 request enam lost
  103 request weur lost
  105 opinion aws enam down
  105 opinion aws weur down
  105 health aws users healthy
  105 health aws route53 healthy
  115 health aws users unhealthy
  115 health aws route53 unhealthy
  115 verdict region:aws-us-east-1 deviates
  130 dns enam authoritative aws
  130 dns enam recursive aws
  130 dns weur authoritative aws
  130 dns weur recursive aws
  140 dns enam authoritative gcp
  140 dns enam recursive aws
  140 dns weur authoritative gcp
  140 dns weur recursive gcp
  142 request enam lost
  144 request weur gcp
  150 dns enam recursive gcp
  152 request enam gcp
  200 restoring
  201 restored
  205 dns enam authoritative gcp
  205 dns weur authoritative gcp
  205 dns enam recursive gcp
  205 dns weur recursive gcp
  220 dns enam authoritative aws
  220 dns weur authoritative aws
  222 dns enam recursive aws
  222 dns weur recursive aws
  223 request enam aws
  223 request weur aws
  299 verdict region:aws-us-east-1 conforms
`;

/** Seconds from the start, then what was seen. Lines are put in the order of time. */
export function recordOf(lines: string, plan: DrillPlan = PLAN): DrillRecord {
  const events = lines.split("\n").flatMap((line) => {
    const words = line.trim().split(/\s+/);
    return words.length < 2 ? [] : [eventOf(words)];
  });
  return {
    schemaVersion: 1,
    id: "20261128T120000Z-primary-gone",
    plan,
    simulated: false,
    startedAt: 0,
    endedAt: 300_000,
    events: events.toSorted((a, b) => a.at - b.at),
  };
}

export function figuresIn(record: DrillRecord): DrillFigures | null {
  return judgeDrill(record, null).figures;
}

function eventOf([seconds = "", kind = "", ...words]: readonly string[]): DrillEvent {
  const at = Number(seconds) * 1000;
  const [first = "", second = "", third = ""] = words;
  switch (kind) {
    case "applying":
    case "applied":
    case "restoring":
    case "restored":
    case "failed":
      return { kind: "lever", at, lever: "gate", target: first || AWS.id, action: kind, detail: "as asked" };
    case "health":
      return {
        kind,
        at,
        region: regionOf(first),
        view: second === "users" ? "users" : "route53",
        health: third === "healthy" ? "healthy" : third === "unhealthy" ? "unhealthy" : "unknown",
      };
    case "opinion":
      return { kind, at, region: regionOf(first), vantage: second, state: third === "up" ? "up" : "down" };
    case "dns":
      return {
        kind,
        at,
        vantage: first,
        view: second === "recursive" ? "recursive" : "authoritative",
        answer: third === "" ? [] : addressesOf(third),
        ttlSeconds: 60,
        expected: [],
        verdict: null,
      };
    case "request":
      return second === "lost"
        ? { kind, at, via: "dns", vantage: first, served: null, totalMs: null, cause: "refused" }
        : { kind, at, via: "dns", vantage: first, served: regionOf(second), totalMs: Number(third || 20), cause: null };
    case "verdict":
      return { kind, at, subject: first, verdict: second === "deviates" ? "deviates" : "conforms" };
    case "abort":
      return { kind, at, reason: words.join(" ") };
    default:
      throw new Error(`no event: ${kind}`);
  }
}

const REGIONS: Readonly<Record<string, typeof AWS>> = { aws: AWS, gcp: GCP };

function regionOf(word: string): string {
  return REGIONS[word]?.id ?? word;
}

function addressesOf(word: string): readonly string[] {
  return REGIONS[word]?.endpoint.addresses ?? [word];
}
