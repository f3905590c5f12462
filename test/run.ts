// `npm test`: all tests once, then those that probe from workerd again under WORKERD_ALL_AUTOGATES=1, where workerd refuses
// what Cloudflare's edge refuses. The scenarios mostly wait for the world, so they run beside the others. Arguments go to
// Vitest, and then only one run is made.
import { join } from "node:path";
import { runLanes, type Step } from "./support/steps.ts";

const VITEST = join(import.meta.dirname, "../node_modules/vitest/vitest.mjs");
const run = [VITEST, "run", "--config", join(import.meta.dirname, "vitest.config.ts")];
const filters = process.argv.slice(2);

const CHOSEN: Step = { name: "chosen tests", args: [...run, ...filters] };
const SCENARIOS: Step = { name: "scenarios", args: [...run, "--project", "scenarios"] };
const OTHERS: Step = {
  name: "tests in Node and in workerd",
  args: [...run, "--project", "node", "--project", "workerd"],
};
const GATED: Step = {
  name: "probing tests with every autogate on",
  args: [...run, "--project", "workerd", "worker/"],
  env: { WORKERD_ALL_AUTOGATES: "1" },
};

const failed = await runLanes(filters.length > 0 ? [[CHOSEN]] : [[OTHERS, GATED], [SCENARIOS]]);
if (failed.length > 0) console.log(`failed: ${failed.join(", ")}`);
process.exitCode = failed.length === 0 ? 0 : 1;
