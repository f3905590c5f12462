// `npm test`: all tests once, then those that probe from workerd again under WORKERD_ALL_AUTOGATES=1, where workerd refuses
// what Cloudflare's edge refuses. Arguments go to Vitest, and then only one run is made.
import { join } from "node:path";
import { runSteps, type Step } from "./support/steps.ts";

const VITEST = join(import.meta.dirname, "../node_modules/vitest/vitest.mjs");
const CONFIG = join(import.meta.dirname, "vitest.config.ts");
const filters = process.argv.slice(2);
const run = [VITEST, "run", "--config", CONFIG];

const STEPS: readonly Step[] =
  filters.length > 0
    ? [{ name: "chosen tests", args: [...run, ...filters] }]
    : [
        { name: "tests", args: run },
        {
          name: "probing tests with every autogate on",
          args: [...run, "--project", "workerd", "worker/"],
          env: { WORKERD_ALL_AUTOGATES: "1" },
        },
      ];

process.exitCode = runSteps(STEPS).length === 0 ? 0 : 1;
