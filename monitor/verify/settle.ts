// How long a change of health, and its end, may be seen by users: until then nobody is to blame.
import { recursiveBy } from "../policy/deadline.ts";
import { SECOND_MS } from "../time.ts";
import { judgedTtlSeconds, judgedZoneOf } from "../topology/judged-zone.ts";
import type { Topology } from "../topology/topology.ts";
import { policyTimingOf } from "./standing.ts";

/** How long a cache may still send users where they should not go, and two rounds to see it. */
export function settleMsOf(topology: Topology): number {
  const { zone } = judgedZoneOf(topology);
  const timing = policyTimingOf(topology);
  const ttlSeconds = judgedTtlSeconds(topology);
  const spreads = zone.healthChecks.map((check) => recursiveBy(0, check, timing, zone.healthChecks, ttlSeconds) ?? 0);
  return Math.max(0, ...spreads) + 2 * topology.probe.intervalSeconds * SECOND_MS + topology.probe.timeoutMs;
}
