// Writes every committed file that is made from another. `--check` writes nothing, names what is stale and exits with 1;
// a folder as argument takes the place of the repository's root.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { roundsJsonSchema } from "../monitor/report/rounds-json-schema.ts";
import { drillJsonSchema } from "../monitor/drill/json-schema.ts";
import { drillReportJsonSchema } from "../monitor/report/drill-report-json-schema.ts";
import { statusJsonSchema } from "../monitor/report/status-json-schema.ts";
import { statuspageJsonSchema } from "../monitor/report/statuspage-json-schema.ts";
import { findingsGuide, GUIDE } from "./docs/findings-guide.ts";
import { METRICS_GUIDE, metricsGuide } from "./docs/metrics-guide.ts";
import { topologyJsonSchema } from "../monitor/topology/json-schema.ts";

interface Generated {
  /** Relative to the root. */
  readonly path: string;
  readonly content: () => string;
}

const GENERATED: readonly Generated[] = [
  { path: "manifests/topology.schema.json", content: () => `${JSON.stringify(topologyJsonSchema(), null, 2)}\n` },
  { path: "monitor/http/rounds.schema.json", content: () => `${JSON.stringify(roundsJsonSchema(), null, 2)}\n` },
  { path: "drills/drill.schema.json", content: () => `${JSON.stringify(drillJsonSchema(), null, 2)}\n` },
  { path: "drills/report.schema.json", content: () => `${JSON.stringify(drillReportJsonSchema(), null, 2)}\n` },
  { path: "monitor/http/status.schema.json", content: () => `${JSON.stringify(statusJsonSchema(), null, 2)}\n` },
  {
    path: "monitor/http/statuspage.schema.json",
    content: () => `${JSON.stringify(statuspageJsonSchema(), null, 2)}\n`,
  },
  { path: GUIDE, content: findingsGuide },
  { path: METRICS_GUIDE, content: metricsGuide },
];

function committed(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

const root = process.argv.slice(2).find((word) => !word.startsWith("--")) ?? join(import.meta.dirname, "..");
const check = process.argv.includes("--check");

for (const { path, content } of GENERATED) {
  const file = join(root, path);
  const text = content();
  if (committed(file) === text) continue;
  if (check) {
    console.log(`stale: ${path} (npm run generate)`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`written: ${path}`);
  }
}
