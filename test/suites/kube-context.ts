// What our levers and readers rely on, held to a real Kubernetes API server: whichever one a context leads to. It makes one
// Deployment of no Pods in the namespace default, and deletes it. Run as `node test/suites/kube-context.ts`.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { runChecks, type SuiteCheck } from "./checks.ts";

const CONTEXT = "TEST_KUBE_CONTEXT";
const CONTRACT_MS_MAX = 120_000;
const ROOT = join(import.meta.dirname, "../..");

const CHECKS: readonly SuiteCheck<typeof CONTEXT>[] = [
  { name: "the contract of levers and readers at a real Kubernetes API server", program: CONTEXT, run: runContract },
];

/** The contract's own tests see the variable, and add the server to the stand-in. */
function runContract(): string {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--config", join(ROOT, "test/vitest.config.ts"), "--project", "node", "node/kube-api"];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: CONTRACT_MS_MAX });
  if (status !== 0) throw new Error(stdout);
  return stdout.trimEnd().split("\n").at(-1) ?? "";
}

const isHere = (process.env[CONTEXT] ?? "") !== "";
await runChecks(CHECKS, { [CONTEXT]: { isHere, install: `${CONTEXT}=NAME, a context of a cluster to try things in` } });
