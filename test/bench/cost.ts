// Part "cost": what the shipped topology would cost on Cloudflare's free plan; arithmetic, tested in
// test/monitor/topology/cost.test.ts, and printed here beside what is measured.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dailyCost, FREE_PLAN } from "../../monitor/topology/cost.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { ROOT } from "../support/source-files.ts";
import type { PartResult } from "./part.ts";
import { rounded } from "./statistics.ts";

export async function runCost(): Promise<PartResult> {
  const parsed = parseTopology(readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8"), {});
  if (!parsed.ok) throw new Error("manifests/topology.yaml is broken: npm run -s monitor -- lint says where");
  const cost = dailyCost(parsed.value);
  const parts = [
    { key: "requests", what: "Durable Object requests a day" },
    { key: "gigabyteSeconds", what: "GB-seconds a day, every region hanging" },
    { key: "rowsWritten", what: "rows written a day" },
    { key: "subrequests", what: "subrequests of one vantage in a round" },
  ] as const;
  const share = (key: keyof typeof cost): number => cost[key] / FREE_PLAN[key];
  return {
    columns: ["manifests/topology.yaml", "needs", "free plan", "share"],
    rows: parts.map(({ key, what }) => [
      what,
      `${Math.ceil(cost[key])}`,
      `${FREE_PLAN[key]}`,
      `${rounded(100 * share(key), 1)} %`,
    ]),
    figures: Object.fromEntries(parts.map(({ key }) => [`${key}Share`, rounded(share(key), 3)])),
    notes: ["computed from the topology alone, not measured"],
  };
}
