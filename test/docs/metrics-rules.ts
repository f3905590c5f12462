// The rules for Prometheus in docs/metrics.md, as a file that it would read.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../support/source-files.ts";
import { METRICS_GUIDE } from "./metrics-guide.ts";

export function metricsRules(): string {
  const text = readFileSync(join(ROOT, METRICS_GUIDE), "utf8");
  const rules = /^```yaml\n(groups:\n[\s\S]*?)^```$/m.exec(text)?.[1];
  if (rules === undefined) throw new Error(`expected a block of rules in ${METRICS_GUIDE}`);
  return rules;
}
