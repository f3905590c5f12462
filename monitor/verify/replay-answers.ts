// What a policy would have answered over a whole history: one step for each change of health, and for each asker the regions that
// users could then be sent to.
import type { Answer } from "../policy/answer.ts";
import { expectedAnswer } from "../policy/evaluator.ts";
import type { EndpointCheck, HealthView } from "../policy/health-check.ts";
import type { Instant } from "../time.ts";
import { publicVantages, recordTypes, type Topology } from "../topology/topology.ts";
import { zoneOf } from "../topology/zone.ts";
import type { History } from "./history.ts";
import { healthAt } from "./replay-faults.ts";
import { type HealthChange, replayHealth } from "./replay-health.ts";
import { policyTimingOf, questionOf } from "./standing.ts";

/** What holds from an instant on. */
export interface AnswerStep {
  /** Of the health; the name servers follow after their propagation. */
  readonly at: Instant;
  /** Ids of regions with an address in some legal answer; sorted. */
  readonly regions: readonly string[];
  /** Set where health that matters is unknown, or everything is treated as healthy for want of anything that is. */
  readonly doubt: "none" | "unknown" | "fail-open";
}

export interface PolicyReplay {
  readonly topology: Topology;
  readonly checks: readonly EndpointCheck[];
  /** By region id. */
  readonly health: Readonly<Record<string, readonly HealthChange[]>>;
  /** By vantage id; the oldest first, equal neighbours are one. */
  readonly answers: Readonly<Record<string, readonly AnswerStep[]>>;
}

export function replayPolicy(history: History, topology: Topology): PolicyReplay {
  const zone = zoneOf(topology);
  const { lookMaxMs } = policyTimingOf(topology);
  const health = Object.fromEntries(
    zone.healthChecks.map((check) => [check.id, replayHealth(history, check, lookMaxMs)]),
  );
  const instants = [...new Set(Object.values(health).flatMap((changes) => changes.map(({ at }) => at)))];
  const views = instants.toSorted((a, b) => a - b).map((at) => ({ at, view: viewAt(health, at) }));
  const [type = "A"] = recordTypes(topology);
  const answers = publicVantages(topology).map((vantage): [string, readonly AnswerStep[]] => {
    const question = questionOf(topology, type, vantage);
    const steps = views.map(({ at, view }) => stepOf(topology, expectedAnswer(zone, question, view), at));
    return [vantage.id, steps.filter((step, index) => !isSame(step, steps[index - 1]))];
  });
  return { topology, checks: zone.healthChecks, health, answers: Object.fromEntries(answers) };
}

function viewAt(health: PolicyReplay["health"], at: Instant): HealthView {
  return Object.fromEntries(Object.entries(health).map(([id, changes]) => [id, healthAt(changes, at)]));
}

function stepOf(topology: Topology, { acceptable, unknown }: Answer, at: Instant): AnswerStep {
  const values = new Set(acceptable.flatMap((choice) => choice.values));
  const regions = topology.regions.filter(({ endpoint }) => endpoint.addresses.some((address) => values.has(address)));
  const open = acceptable.length > 0 && acceptable.every((choice) => choice.failOpen);
  const doubt = unknown.length > 0 ? "unknown" : open ? "fail-open" : "none";
  return { at, regions: regions.map(({ id }) => id).toSorted(), doubt };
}

function isSame(step: AnswerStep, before: AnswerStep | undefined): boolean {
  return before !== undefined && step.doubt === before.doubt && step.regions.join(" ") === before.regions.join(" ");
}

/** Null before the first. */
export function stepAt(steps: readonly AnswerStep[], at: Instant): AnswerStep | null {
  return steps.findLast((step) => step.at <= at) ?? null;
}
