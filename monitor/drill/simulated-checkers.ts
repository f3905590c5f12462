// Route 53's checkers in virtual time: each looks on its own, an interval after its last answer, and out of step with the
// others; their opinions are stepped and added up by the very code that judges real looks.
import { aggregateHealth, type Health, type Opinion, stepOpinion } from "../policy/health-check.ts";
import type { Instant } from "../time.ts";
import type { Chance } from "./chance.ts";

export interface CheckerLook {
  readonly passed: boolean;
  /** How long the look takes. */
  readonly lookMs: number;
}

export interface CheckerPlan {
  readonly checkers: number;
  readonly intervalMs: number;
  readonly threshold: number;
  readonly from: Instant;
  readonly to: Instant;
  /** What checker number n, from 0, gets at an instant. */
  readonly look: (checker: number, at: Instant) => CheckerLook;
}

export interface HealthChange {
  readonly at: Instant;
  readonly health: Health;
}

/** The local world has so few that all must fail (`local/checker.ts`). */
export const LOCAL_CHECKERS = 3;
/** Two in each of the eight checker regions; AWS states no number. */
export const ROUTE53_CHECKERS = 16;

interface Voice {
  readonly at: Instant;
  readonly checker: number;
  readonly passed: boolean;
}

/** Every change of the aggregate, which is healthy at `from`; the oldest first. */
export function checkerChanges(plan: CheckerPlan, chance: Chance): readonly HealthChange[] {
  const voices = Array.from({ length: plan.checkers }, (_, checker) => voicesOf(plan, checker, chance()))
    .flat()
    .toSorted((a, b) => a.at - b.at);
  const steady: Opinion = { health: "healthy", run: { passed: true, since: plan.from, count: plan.threshold } };
  const opinions: Opinion[] = Array.from({ length: plan.checkers }, () => steady);
  const changes: HealthChange[] = [];
  let health: Health = "healthy";
  for (const { at, checker, passed } of voices) {
    const before = opinions[checker] ?? steady;
    const after = stepOpinion(before, passed, plan.threshold, at);
    opinions[checker] = after;
    if (after.health === before.health) continue;
    const now = aggregateHealth(opinions.map((opinion) => opinion.health));
    if (now !== health) changes.push({ at, health: now });
    health = now;
  }
  return changes;
}

function voicesOf(plan: CheckerPlan, checker: number, phase: number): readonly Voice[] {
  const voices: Voice[] = [];
  // Ends, because each turn takes an interval at least.
  for (let at = plan.from + phase * plan.intervalMs; at < plan.to;) {
    const { passed, lookMs } = plan.look(checker, at);
    voices.push({ at: at + lookMs, checker, passed });
    at += lookMs + plan.intervalMs;
  }
  return voices;
}
