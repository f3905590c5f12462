// How long each part of a failover may take under one topology, as drills count it: by Route 53's own rules, and with our
// own looks added, because nothing can be seen to have happened before somebody looks.
import { detectionMaxMs } from "../policy/deadline.ts";
import { SECOND_MS } from "../time.ts";
import { pacesOf } from "../topology/pace.ts";
import { judgedTtlSeconds, judgedZoneOf } from "../topology/judged-zone.ts";
import type { Topology } from "../topology/topology.ts";
import { policyTimingOf } from "../verify/standing.ts";
import type { LeverWish } from "./lever-wish.ts";
import type { Cadence } from "./script.ts";

const STATUS_MS = { min: 250, max: 2 * SECOND_MS } as const;
const DNS_MS = { min: 500, max: 5 * SECOND_MS } as const;
const REQUEST_MS = { min: 500, max: SECOND_MS } as const;

/** All from the change (fault or repair) on, in milliseconds. */
export interface DrillDeadlines {
  /** Our vantages have called the region unhealthy. */
  readonly detectionMs: number;
  /** Every name server answers by the new health. */
  readonly authoritativeMs: number;
  /** Every cache does. */
  readonly recursiveMs: number;
  /** The slowest user is served again. */
  readonly recoveryMs: number;
}

/** During a drill vantages look as often as the monitor lets them. */
export function cadenceOf(topology: Topology): Cadence {
  const roundMs = Math.round((pacesOf(topology).at(-1) ?? topology.probe.intervalSeconds) * SECOND_MS);
  const part = (share: number, { min, max }: { readonly min: number; readonly max: number }): number =>
    Math.round(Math.min(max, Math.max(min, roundMs / share)));
  return { roundMs, statusMs: part(8, STATUS_MS), dnsMs: part(4, DNS_MS), requestMs: part(4, REQUEST_MS) };
}

export function deadlinesOf(topology: Topology, faults: readonly LeverWish[], cadence: Cadence): DrillDeadlines {
  const { timing, healthCheck } = topology.dns;
  const slackMs = timing.slackSeconds * SECOND_MS;
  const lookMs = topology.probe.timeoutMs;
  const route53Ms = faults.some((wish) => wish.lever === "route53-health-check")
    ? timing.apiPropagationSeconds * SECOND_MS
    : slowestDetectionMs(topology);
  const authoritativeMs = route53Ms + timing.propagationSeconds * SECOND_MS + cadence.dnsMs + slackMs;
  const recursiveMs = authoritativeMs + judgedTtlSeconds(topology) * SECOND_MS;
  return {
    detectionMs: healthCheck.failureThreshold * cadence.roundMs + lookMs + slackMs,
    authoritativeMs,
    recursiveMs,
    recoveryMs: recursiveMs + cadence.requestMs + lookMs,
  };
}

/** All checks of a topology have the same settings, but not the same type; those of a real zone may have any. */
function slowestDetectionMs(topology: Topology): number {
  const { healthChecks } = judgedZoneOf(topology).zone;
  const timing = policyTimingOf(topology);
  return Math.max(...healthChecks.map((check) => detectionMaxMs(check, timing, healthChecks) ?? 0));
}
