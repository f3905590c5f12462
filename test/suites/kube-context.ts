// What our levers and readers rely on, held to a real Kubernetes API server: whichever one a context leads to. It makes one
// Deployment of no Pods in the namespace default, and deletes it. Run as `node test/suites/kube-context.ts`.
import { runContract } from "./cluster/contract.ts";
import { runChecks, type SuiteCheck } from "./checks.ts";

const CONTEXT = "TEST_KUBE_CONTEXT";

const context = process.env[CONTEXT] ?? "";
const CHECKS: readonly SuiteCheck<typeof CONTEXT>[] = [
  {
    name: "the contract of levers and readers at a real Kubernetes API server",
    program: CONTEXT,
    run: () => runContract(context, {}),
  },
];

await runChecks(CHECKS, {
  [CONTEXT]: { isHere: context !== "", install: `${CONTEXT}=NAME, a context of a cluster to try things in` },
});
