// The coordinator's side of the router: it smooths latencies from round to round, keeps what the isolates last told, and
// makes the snapshot that they route by.
import type { MonitorState } from "../monitor/model.ts";
import type { RouterHints } from "../monitor/steering/hints.ts";
import { type LatencyBook, stepLatency } from "../monitor/steering/latency.ts";
import { type Drains, makeRoutingSnapshot, type RoutingSnapshot } from "../monitor/steering/snapshot.ts";
import type { Instant } from "../monitor/time.ts";
import type { Topology } from "../monitor/topology/topology.ts";

export class RouterDesk {
  #latency: LatencyBook = {};
  #foldedAt: Instant | null = null;

  exchange(topology: Topology, state: MonitorState, _hints: RouterHints, drains: Drains, at: Instant): RoutingSnapshot {
    if (state.lastRoundAt !== this.#foldedAt) {
      this.#latency = stepLatency(this.#latency, state.cells, this.#foldedAt);
      this.#foldedAt = state.lastRoundAt;
    }
    return makeRoutingSnapshot(topology, state, drains, this.#latency, at);
  }
}
