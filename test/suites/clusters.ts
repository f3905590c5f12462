// Our code at a real Kubernetes API: three kube-apiservers with their controllers on loopback, and KubeFed between them. Pods
// exist and run nowhere: what kubelets would report is written by hand. Run as `node test/suites/clusters.ts [WORD…]`, which
// narrows to the checks whose names have one of the words (those of verify build on the first of them); `node test/suites/cluster-build.ts` makes the programs first.
import { builtProgram } from "./cluster/build.ts";
import { checkContract } from "./cluster/contract.ts";
import { startKubeFed } from "./cluster/kubefed.ts";
import { checkModel } from "./cluster/federation-model.ts";
import { checkOrphan } from "./cluster/orphan-check.ts";
import { checkPages } from "./cluster/page-checks.ts";
import {
  checkLever,
  checkMemberDrift,
  checkMemberGone,
  checkPropagation,
  checkSlip,
  emptyClusters,
} from "./cluster/kubefed-checks.ts";
import { LEVER_CASES, type LeverCase } from "./cluster/lever-cases.ts";
import {
  checkConflict,
  checkRights,
  checkRoundTrip,
  checkServerGone,
  checkServerStill,
} from "./cluster/lever-checks.ts";
import { manifestChecks, prepareKinds } from "./cluster/manifest-checks.ts";
import { startClusters, type RealClusters } from "./cluster/servers.ts";
import { HOST, MEMBERS } from "./cluster/topology.ts";
import { checkClosed, checkConforms, checkDiscover, checkDrift, checkRole, DRIFTS } from "./cluster/verify-checks.ts";
import { type Presence, runChecks, type SuiteCheck } from "./checks.ts";
import { startOnce } from "./program.ts";

type Needed = "kubernetes" | "kubefed";
const INSTALL = "Go 1.26 and its module proxy: node test/suites/cluster-build.ts";
const program = builtProgram("kubernetes");
const kubefed = builtProgram("kubefed");
const clusters = startOnce(() => startClusters(program ?? "", [HOST, ...MEMBERS]));
const federation = startOnce(async () => {
  const at = await clusters.get();
  await emptyClusters(at);
  return await startKubeFed(kubefed ?? "", at);
});

function real(name: string, run: (at: RealClusters) => Promise<unknown>): SuiteCheck<Needed> {
  return { name, program: "kubernetes", run: async () => await run(await clusters.get()) };
}

function federated(name: string, run: (at: RealClusters) => Promise<unknown>): SuiteCheck<Needed> {
  return {
    name,
    program: "kubefed",
    run: async () => {
      const at = await clusters.get();
      await federation.get();
      return await run(at);
    },
  };
}

/** With every kind that manifests and levers speak of, which are brought once. */
function withKinds(name: string, run: (at: RealClusters) => Promise<unknown>): SuiteCheck<Needed> {
  return real(name, async (at) => {
    await (kinds ??= prepareKinds(at));
    return await run(at);
  });
}

let kinds: Promise<string> | null = null;

function leverChecks(given: LeverCase): readonly SuiteCheck<Needed>[] {
  const { lever } = given.wish;
  return [
    withKinds(`lever ${lever}: the rights that it is said to need are needed, and enough`, (at) =>
      checkRights(at, given),
    ),
    withKinds(`lever ${lever}: pulled, restored, restored once more`, (at) => checkRoundTrip(at, given)),
    withKinds(`lever ${lever}: while others write`, (at) => checkConflict(at, given)),
    withKinds(`lever ${lever}: the API server is gone and comes back`, (at) => checkServerGone(at, given)),
    withKinds(`lever ${lever}: the API server stands still in the middle of the pull`, (at) =>
      checkServerStill(at, given),
    ),
  ];
}

const CHECKS: readonly SuiteCheck<Needed>[] = [
  real("the contract of levers and readers", checkContract),
  real("long lists come in pages, and beyond a bound not at all", checkPages),
  real("the programs end with whoever started them, even by kill -9", () => checkOrphan(program ?? "")),
  withKinds("manifests: their kinds are known", async () => await kinds),
  ...manifestChecks(withKinds),
  real("verify: missing, then as rendered", checkConforms),
  real("verify: the printed ClusterRole is enough, and needed", checkRole),
  ...DRIFTS.map((drift) => real(`verify: ${drift.name}`, (at) => checkDrift(at, drift))),
  real("verify: a wrong token, and an API server that is down", checkClosed),
  real("discover: none, pending, other and written addresses", checkDiscover),
  ...LEVER_CASES.flatMap((given) => leverChecks(given)),
  federated("kubefed: joined, applied on the host, brought to both members", checkPropagation),
  federated("kubefed: the lever stops one member and brings it back", checkLever),
  federated("kubefed: a slip in an override, of which Propagation=True says nothing", checkSlip),
  federated("kubefed: a member's own changes, undone and paused", checkMemberDrift),
  federated("kubefed: what our model of it says of placements and overrides", checkModel),
  federated("kubefed: a member whose API server is gone", checkMemberGone),
];

for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void endAll().finally(() => process.exit(1)));
async function endAll(): Promise<void> {
  await federation.end();
  await clusters.end();
}
const asked = process.argv.slice(2);
const presence = (path: string | null): Presence => ({ isHere: path !== null, install: INSTALL });
try {
  const chosen = CHECKS.filter(({ name }) => asked.length === 0 || asked.some((word) => name.includes(word)));
  await runChecks(chosen, { kubernetes: presence(program), kubefed: presence(kubefed) });
} finally {
  await endAll();
}
