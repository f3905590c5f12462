// By when an answer must have followed a change of health: Route 53's own detection, then the spread to its name
// servers, then the caches. Formulas: A_max = F × (I + T) + P and R_max = A_max + TTL + slack, from the Developer Guide,
// "How Amazon Route 53 determines whether a health check is healthy" (interval is response to next request).
import { formatDuration, type Instant, SECOND_MS } from "../time.ts";
import { HTTP_BODY_MAX_MS, HTTP_CONNECT_MAX_MS, HTTP_STATUS_MAX_MS, TCP_CONNECT_MAX_MS } from "./constants.ts";
import { type EndpointCheck, type HealthCheck, isEndpointCheck } from "./health-check.ts";

export interface PolicyTiming {
  /** Aggregated health to every DNS location; undocumented by AWS, so a setting. */
  readonly propagationMs: number;
  /** What we grant caches on top of the TTL. */
  readonly slackMs: number;
  /** Longest look of a checker that can still end in failure; null: Route 53's own, by the type of the check. */
  readonly lookMaxMs: number | null;
}

/** The phases of one look by their limits, added up: the longest that can still end in failure. */
export function lookMaxMs(type: EndpointCheck["type"]): number {
  const untilStatus = HTTP_CONNECT_MAX_MS + HTTP_STATUS_MAX_MS;
  switch (type) {
    case "TCP":
      return TCP_CONNECT_MAX_MS;
    case "HTTP":
    case "HTTPS":
      return untilStatus;
    case "HTTP_STR_MATCH":
    case "HTTPS_STR_MATCH":
      return untilStatus + HTTP_BODY_MAX_MS;
  }
}

/**
 * From a change to the moment when the last checker has noticed; null: not known. An endpoint: F × (I + T), the last
 * checker's last look of a run that began with the change. A calculated check: its slowest child of `checks`. An alarm: its
 * periods, which end before CloudWatch's own delay.
 */
export function detectionMaxMs(
  check: HealthCheck,
  timing: PolicyTiming,
  checks: readonly HealthCheck[],
): number | null {
  if (isEndpointCheck(check)) {
    const lookMs = timing.lookMaxMs ?? lookMaxMs(check.type);
    return check.failureThreshold * (check.requestIntervalSeconds * SECOND_MS + lookMs);
  }
  switch (check.type) {
    case "CALCULATED":
      return slowest(childrenOf(check.children, checks).map((child) => detectionOfChild(child, timing)));
    case "CLOUDWATCH_METRIC":
      return check.evaluation === null ? null : check.evaluation.periods * check.evaluation.periodSeconds * SECOND_MS;
    case "RECOVERY_CONTROL":
      return null;
  }
}

/** A calculated check may not contain another one, so this ends here. */
function detectionOfChild(child: HealthCheck | null, timing: PolicyTiming): number | null {
  return child === null || child.type === "CALCULATED" ? null : detectionMaxMs(child, timing, []);
}

function childrenOf(ids: readonly string[], checks: readonly HealthCheck[]): readonly (HealthCheck | null)[] {
  return ids.map((id) => checks.find((check) => check.id === id) ?? null);
}

function slowest(durations: readonly (number | null)[]): number | null {
  return durations.reduce((a, b) => (a === null || b === null ? null : Math.max(a, b)), 0);
}

/** After this an authoritative server must answer by the new health; null: not known. */
export function authoritativeBy(
  changedAt: Instant,
  check: HealthCheck,
  timing: PolicyTiming,
  checks: readonly HealthCheck[],
): Instant | null {
  const detectionMs = detectionMaxMs(check, timing, checks);
  return detectionMs === null ? null : changedAt + detectionMs + timing.propagationMs;
}

/** After this a cache must have forgotten the old answer, whose TTL was `ttlSeconds`; null: not known. */
export function recursiveBy(
  changedAt: Instant,
  check: HealthCheck,
  timing: PolicyTiming,
  checks: readonly HealthCheck[],
  ttlSeconds: number,
): Instant | null {
  const by = authoritativeBy(changedAt, check, timing, checks);
  return by === null ? null : by + ttlSeconds * SECOND_MS + timing.slackMs;
}

/** The rule in words, with its numbers: what a person reads when the deadline has passed. */
export function deadlineRule(
  check: HealthCheck,
  timing: PolicyTiming,
  checks: readonly HealthCheck[],
  cachedTtlSeconds: number | null,
): string {
  const spread = `${formatDuration(timing.propagationMs)} propagation`;
  const caches =
    cachedTtlSeconds === null ? "" : ` + ${cachedTtlSeconds} s TTL + ${formatDuration(timing.slackMs)} slack`;
  return `${detectionRule(check, timing, checks)} detection + ${spread}${caches}`;
}

function detectionRule(check: HealthCheck, timing: PolicyTiming, checks: readonly HealthCheck[]): string {
  if (isEndpointCheck(check)) {
    const lookMs = timing.lookMaxMs ?? lookMaxMs(check.type);
    return `${check.failureThreshold} × (${check.requestIntervalSeconds} s + ${formatDuration(lookMs)})`;
  }
  if (check.type === "CLOUDWATCH_METRIC" && check.evaluation !== null)
    return `${check.evaluation.periods} × ${check.evaluation.periodSeconds} s`;
  const detectionMs = detectionMaxMs(check, timing, checks);
  return detectionMs === null ? "unknown" : formatDuration(detectionMs);
}
