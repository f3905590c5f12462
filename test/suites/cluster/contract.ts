// The contract that the stand-in for API servers passes, at the real one.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../../support/source-files.ts";
import type { RealClusters } from "./servers.ts";
import { HOST } from "./topology.ts";

const CONTRACT_MS_MAX = 120_000;

export async function checkContract(clusters: RealClusters): Promise<string> {
  return runContract(HOST, { KUBECONFIG: clusters.kubeconfigAs("admin") });
}

/** At the context's server alone. Gives the line of counts; throws with everything said where a row fails, or none was run. */
export function runContract(context: string, more: Readonly<Record<string, string>>): string {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const config = ["--config", join(ROOT, "test/vitest.config.ts"), "--project", "node"];
  const args = [vitest, "run", ...config, "-t", `the API server of ${context}`, "node/kube-api"];
  // The contract's own tests see the variable, and add the server to the stand-in.
  const env = { ...process.env, TEST_KUBE_CONTEXT: context, ...more };
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: CONTRACT_MS_MAX, env });
  const counts = stdout.trimEnd().split("\n").at(-1) ?? "";
  if (status !== 0 || !/^[1-9]\d* passed, 0 failed/.test(counts)) throw new Error(stdout);
  return counts;
}
