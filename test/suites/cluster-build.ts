// Builds kube-apiserver, kube-controller-manager, etcd and KubeFed for the suite of real clusters: minutes the first time, then
// nothing. Without Go or its modules that is said, and counts as skipped. Run as `node test/suites/cluster-build.ts [NAME…]`.
import { errorText } from "../../monitor/local/listening.ts";
import { type Built, buildProgram, builtProgram, type ProgramName } from "./cluster/build.ts";
import { GO_INSTALL } from "./cluster/go.ts";

const NAMES: readonly ProgramName[] = ["kubernetes", "kubefed"];
const counts = { passed: 0, failed: 0, skipped: 0 };
const asked = process.argv.slice(2);

for (const name of NAMES.filter((one) => asked.length === 0 || asked.includes(one))) {
  const what = `${name} is built from its Go modules`;
  try {
    const built = await buildFor(name);
    counts[built.kind === "built" ? "passed" : "skipped"] += 1;
    if (built.kind === "built") console.log(`passed: ${what}: ${built.words}`);
    else console.log(`skipped: ${what}: ${built.words} (it needs ${GO_INSTALL})`);
  } catch (thrown) {
    counts.failed += 1;
    console.log(`failed: ${what}: ${errorText(thrown)}`);
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed === 0 ? 0 : 1;

/** KubeFed has no use without the API servers. */
function buildFor(name: ProgramName): Promise<Built> {
  return name === "kubefed" && builtProgram("kubernetes") === null
    ? Promise.resolve({ kind: "missing", words: "kubernetes is not built" })
    : buildProgram(name);
}
