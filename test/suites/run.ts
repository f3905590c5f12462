// The extra suites: what needs programs that npm does not have. Each says what it is missing, and counts that as skipped.
import { join } from "node:path";
import { runSteps, type Step } from "../support/steps.ts";

const HERE = import.meta.dirname;
const vitest = (...filters: readonly string[]): readonly string[] => [
  join(HERE, "../../node_modules/vitest/vitest.mjs"),
  "run",
  "--config",
  join(HERE, "../vitest.config.ts"),
  "--project",
  "node",
  ...filters,
];

const STEPS: readonly Step[] = [
  { name: "metrics against Prometheus and promtool", args: [join(HERE, "promtool.ts")] },
  { name: "Route 53's payloads and reader against moto and botocore", args: [join(HERE, "moto.ts")] },
  { name: "the lever on Route 53 against moto", args: [join(HERE, "lever-moto.ts")] },
  { name: "evaluator, DNS observer and judge against gdnsd", args: [join(HERE, "gdnsd.ts")] },
  { name: "a drill as measured against gdnsd's own log", args: [join(HERE, "drill-gdnsd.ts")] },
  { name: "the judge against PowerDNS, which answers otherwise", args: [join(HERE, "powerdns.ts")] },
  // Each has the time of a step for itself.
  { name: "Kubernetes and etcd from their Go modules", args: [join(HERE, "cluster-build.ts"), "kubernetes"] },
  { name: "KubeFed from its Go module", args: [join(HERE, "cluster-build.ts"), "kubefed"] },
  { name: "levers, verification and manifests at real API servers, with KubeFed", args: [join(HERE, "clusters.ts")] },
  { name: "levers and readers against the API server of your own", args: [join(HERE, "kube-context.ts")] },
  { name: "kustomize overlays against kubectl", args: vitest("render/same-everywhere") },
  { name: "the status page in Chromium", args: vitest("security/page-in-browser", "security/page-for-everybody") },
];

process.exitCode = (await runSteps(STEPS)).length === 0 ? 0 : 1;
