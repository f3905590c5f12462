// Where rounds are made, the router's other half: it smooths latencies from round to round, keeps what the isolates told and
// which regions are drained, and makes the snapshot that requests are routed by. The same for the Worker and for Node.
import type { MaintenanceWindow } from "../model/planned.ts";
import type { Drain, Drains, RouterStanding } from "../model/steering.ts";
import type { MonitorState } from "../model/state.ts";
import {
  type DrainAnswer,
  type DrainOrder,
  drainRefusal,
  drainsInForce,
  liveDrains,
  makeDrain,
} from "../steering/drain.ts";
import type { RouterHints } from "../steering/hints.ts";
import { type LatencyBook, stepLatency } from "../steering/latency.ts";
import { makeRoutingSnapshot, type RoutingSnapshot } from "../steering/snapshot.ts";
import { EMPTY_BOOK, type RouterBook, standingOfRouter, stepRouterBook } from "../steering/standing.ts";
import { type Instant, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { AuditShelf } from "./sql-audit.ts";
import { type DrainShelf, makeDrainShelf } from "./sql-drains.ts";
import type { Sql } from "./sql-store.ts";

export class RouterDesk {
  readonly #sql: Sql;
  readonly #audit: AuditShelf;
  readonly #shelf: DrainShelf;
  #drains: Drains;
  #book: RouterBook = EMPTY_BOOK;
  #latency: LatencyBook = {};
  #foldedAt: Instant | null = null;

  constructor(sql: Sql, audit: AuditShelf) {
    this.#sql = sql;
    this.#audit = audit;
    this.#shelf = makeDrainShelf(sql);
    this.#drains = this.#shelf.read();
  }

  /** One call for both ways: what an isolate saw, and what it shall route by. */
  exchange(topology: Topology, state: MonitorState, hints: RouterHints, at: Instant): RoutingSnapshot {
    this.#book = stepRouterBook(this.#book, hints, at);
    return this.snapshot(topology, state, at);
  }

  snapshot(topology: Topology, state: MonitorState, at: Instant): RoutingSnapshot {
    if (state.lastRoundAt !== this.#foldedAt) {
      this.#latency = stepLatency(this.#latency, state.cells, this.#foldedAt);
      this.#foldedAt = state.lastRoundAt;
    }
    return makeRoutingSnapshot(topology, state, this.#drains, this.#latency, at);
  }

  /** Null: the router is off. `maintenance` are the ordered windows. */
  standing(topology: Topology, maintenance: readonly MaintenanceWindow[], at: Instant): RouterStanding | null {
    if (topology.router.mode === "off") return null;
    return standingOfRouter(topology, this.#book, drainsInForce(topology, this.#drains, maintenance, at), at);
  }

  drains(at: Instant): Drains {
    return liveDrains(this.#drains, at);
  }

  drain(topology: Topology, region: string, order: DrainOrder, at: Instant): DrainAnswer {
    const refused = drainRefusal(topology, region);
    if (refused !== null) return { kind: refused };
    const others = liveDrains(this.#drains, at);
    const drain = makeDrain(others[region] ?? null, order, at);
    const why = order.reason === "" ? "" : `: ${order.reason}`;
    this.#keep(region, drain, `${drain.kind} until ${toIso(drain.until)}${why}`, at);
    this.#drains = { ...others, [region]: drain };
    return { kind: "drained", drain };
  }

  /** A second call changes nothing, and is noted all the same. */
  endDrain(topology: Topology, region: string, at: Instant): DrainAnswer {
    const refused = drainRefusal(topology, region);
    if (refused !== null) return { kind: refused };
    this.#keep(region, null, "a candidate again", at);
    const { [region]: _ended, ...others } = liveDrains(this.#drains, at);
    this.#drains = others;
    return { kind: "ended" };
  }

  #keep(region: string, drain: Drain | null, detail: string, at: Instant): void {
    this.#sql.transaction(() => {
      this.#shelf.keep(region, drain);
      this.#audit.note(drain === null ? "drain.end" : "drain.start", region, detail, at);
    });
  }
}
