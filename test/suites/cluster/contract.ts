// The contract that the stand-in for API servers passes, at the real one.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "../../support/source-files.ts";
import type { RealClusters } from "./servers.ts";
import { HOST } from "./topology.ts";

const CONTRACT_MS_MAX = 120_000;

/** The contract's own tests see the variable, and add the server to the stand-in. */
export async function checkContract(clusters: RealClusters): Promise<string> {
  return runContract({ TEST_KUBE_CONTEXT: HOST, KUBECONFIG: clusters.kubeconfigAs("admin") });
}

/** Gives the line of counts; throws with everything said where a row fails. */
export function runContract(more: Readonly<Record<string, string>>): string {
  const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
  const args = [vitest, "run", "--config", join(ROOT, "test/vitest.config.ts"), "--project", "node", "node/kube-api"];
  const env = { ...process.env, ...more };
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", timeout: CONTRACT_MS_MAX, env });
  if (status !== 0) throw new Error(stdout);
  return stdout.trimEnd().split("\n").at(-1) ?? "";
}
