// By when an answer must have followed a change of health: Route 53's own detection, then the spread to its name
// servers, then the caches. Formulas: A_max = F × (I + T) + P and R_max = A_max + TTL + slack, from the Developer Guide,
// "How Amazon Route 53 determines whether a health check is healthy" (interval is response to next request).
import { formatDuration, type Instant, SECOND_MS } from "../time.ts";
import type { HealthCheck } from "./health-check.ts";

/** Longest look that can still end in failure: 4 s to connect + 2 s for the status line (Developer Guide, same page). */
export const ROUTE53_LOOK_MAX_MS = 6 * SECOND_MS;

export interface PolicyTiming {
  /** Aggregated health to every DNS location; undocumented by AWS, so a setting. */
  readonly propagationMs: number;
  /** What we grant caches on top of the TTL. */
  readonly slackMs: number;
  /** Longest look of a checker that can still end in failure. */
  readonly lookMaxMs: number;
}

/** F × (I + T): the last checker's last look of a run that began with the change. */
export function detectionMaxMs(check: HealthCheck, timing: PolicyTiming): number {
  return check.failureThreshold * (check.requestIntervalSeconds * SECOND_MS + timing.lookMaxMs);
}

/** After this an authoritative server must answer by the new health. */
export function authoritativeBy(changedAt: Instant, check: HealthCheck, timing: PolicyTiming): Instant {
  return changedAt + detectionMaxMs(check, timing) + timing.propagationMs;
}

/** After this a cache must have forgotten the old answer, whose TTL was `ttlSeconds`. */
export function recursiveBy(changedAt: Instant, check: HealthCheck, timing: PolicyTiming, ttlSeconds: number): Instant {
  return authoritativeBy(changedAt, check, timing) + ttlSeconds * SECOND_MS + timing.slackMs;
}

/** The rule in words, with its numbers: what a person reads when the deadline has passed. */
export function deadlineRule(check: HealthCheck, timing: PolicyTiming, cachedTtlSeconds: number | null): string {
  const detection = `${check.failureThreshold} × (${check.requestIntervalSeconds} s + ${formatDuration(timing.lookMaxMs)}) detection`;
  const spread = `${formatDuration(timing.propagationMs)} propagation`;
  const caches =
    cachedTtlSeconds === null ? "" : ` + ${cachedTtlSeconds} s TTL + ${formatDuration(timing.slackMs)} slack`;
  return `${detection} + ${spread}${caches}`;
}
