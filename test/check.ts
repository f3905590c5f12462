// `npm run check`: everything that can be said about the code without running it. All steps run, even after a failure.
import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runSteps, type Step } from "./support/steps.ts";

const BIN = join(import.meta.dirname, "../node_modules");
const WRANGLER = join(BIN, "wrangler/bin/wrangler.js");
const bundle = join(tmpdir(), `multicloud-probe-check-${process.pid}`);

/** All rendered sources but one: a cluster is given a load balancer of its own or the Istio add-on, never both. */
function manifestsWithout(other: string): readonly string[] {
  const entries = readdirSync(join(import.meta.dirname, "../manifests"), { withFileTypes: true });
  if (!entries.some(({ name }) => name === other)) throw new Error(`expected manifests/${other}`);
  return entries
    .filter((entry) => entry.name !== other && (entry.isDirectory() || entry.name.endsWith(".yaml")))
    .map(({ name }) => `manifests/${name}`);
}

const STEPS: readonly Step[] = [
  { name: "format", args: [join(BIN, "oxfmt/bin/oxfmt"), "--check", "."] },
  { name: "lint", args: [join(BIN, "oxlint/bin/oxlint"), "--type-aware", "--deny-warnings"] },
  { name: "types", args: [join(BIN, "typescript/bin/tsc"), "-b"] },
  { name: "generated files", args: ["test/generate.ts", "--check"] },
  { name: "rendered manifests", args: ["monitor/cli/main.ts", "render", "all", "--check"] },
  { name: "our own lint of our own manifests", args: ["monitor/cli/main.ts", "lint", "--strict"] },
  {
    name: "our own lint of our own Route 53 zone",
    args: ["monitor/cli/main.ts", "lint", "--strict", "manifests/topology.yaml", "manifests/route53"],
  },
  ...["loadbalancer", "istio-addon-manifests.yaml"].map((other) => ({
    name: `our own lint of all manifests but ${other}`,
    args: ["monitor/cli/main.ts", "lint", "--strict", ...manifestsWithout(other)],
  })),
  {
    name: "worker types",
    args: [
      WRANGLER,
      "types",
      "worker/worker-configuration.d.ts",
      "--include-runtime=false",
      "--strict-vars=false",
      "--check",
    ],
    refuse: /out of date/,
  },
  {
    name: "worker deploy, dry run",
    args: [WRANGLER, "deploy", "--dry-run", "--outdir", bundle],
    refuse: /Unexpected fields found|WARNING/,
  },
];

const failed = await runSteps(STEPS);
rmSync(bundle, { recursive: true, force: true });
console.log(`${STEPS.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
