// What the router knows of the regions at one instant: made where the rounds are, carried to wherever requests are routed.
import { userView } from "../health/views.ts";
import type { Drains } from "../model/steering.ts";
import type { MonitorState } from "../model/state.ts";
import type { Health } from "../policy/health-check.ts";
import type { Instant } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { freshnessFor } from "../verify/standing.ts";
import { drainsInForce } from "./drain.ts";
import type { LatencyBook } from "./latency.ts";

/** All but `at` and `latency` are by region id. */
export interface RoutingSnapshot {
  readonly at: Instant;
  /** As users have it. */
  readonly health: Readonly<Record<string, Health>>;
  readonly drains: Drains;
  readonly latency: LatencyBook;
  /** By vantage id: the data centre that it really runs in. */
  readonly colos: Readonly<Record<string, string>>;
}

/** Before anything is known: nobody is healthy, nobody is down, and the topology's order decides. */
export const NOTHING_KNOWN: RoutingSnapshot = { at: 0, health: {}, drains: {}, latency: {}, colos: {} };

export function makeRoutingSnapshot(
  topology: Topology,
  state: MonitorState,
  drains: Drains,
  latency: LatencyBook,
  at: Instant,
): RoutingSnapshot {
  return {
    at,
    health: userView(state.health, freshnessFor(topology), at),
    drains: drainsInForce(topology, drains, state.maintenance ?? [], at),
    latency,
    colos: Object.fromEntries(Object.entries(state.vantages).map(([id, { colo }]) => [id, colo])),
  };
}
