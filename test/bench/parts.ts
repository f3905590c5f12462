// The parts of the bench, in the order in which they run.
import type { Part } from "./part.ts";
import { runBundle } from "./bundle.ts";
import { runCost } from "./cost.ts";
import { runEvaluator } from "./evaluator.ts";
import { runPhases } from "./phases.ts";
import { runProbes } from "./probes.ts";
import { runRouter } from "./router.ts";
import { runRounds } from "./rounds.ts";
import { runStatus } from "./status.ts";

export const PARTS: readonly Part[] = [
  { name: "probes", title: "CPU of one look in Node, against blackbox_exporter", run: runProbes },
  { name: "phases", title: "measured phases against an injector's own record", run: runPhases },
  { name: "rounds", title: "rounds of the coordinator in workerd, by size", run: runRounds },
  { name: "evaluator", title: "expected answers a second", run: runEvaluator },
  { name: "status", title: "GET /status against a Worker that says the same from a constant", run: runStatus },
  {
    name: "router",
    title: "a request through the router, beside the barest Worker and reverse proxies",
    run: runRouter,
  },
  { name: "bundle", title: "size of the Worker, and starting times", run: runBundle },
  { name: "cost", title: "the free plan", run: runCost },
];
