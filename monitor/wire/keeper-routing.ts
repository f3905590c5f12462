// What a monitor tells its router and is told by it, and how bearers of the token steer it.
import type { Drains } from "../model/steering.ts";
import type { Parsed } from "../problem.ts";
import type { DrainAnswer, DrainOrder } from "../steering/drain.ts";
import { type ClientWords, explainRoute, parseClient, type RouteExplanation } from "../steering/explain.ts";
import type { RouterHints } from "../steering/hints.ts";
import type { RoutingSnapshot } from "../steering/snapshot.ts";
import { toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { KeeperDesks } from "./keeper-desks.ts";

export class KeeperRouting {
  readonly #desks: KeeperDesks;

  constructor(desks: KeeperDesks) {
    this.#desks = desks;
  }

  /** One call for both ways: what an isolate of the router saw, and what it shall route by. */
  async exchangeRouting(topology: Topology, hints: RouterHints): Promise<RoutingSnapshot> {
    const at = this.#desks.clock.now();
    const state = { ...(await this.#desks.kept.read()), maintenance: this.#desks.maintenance.standing(at) };
    return this.#desks.router.exchange(topology, state, hints, at);
  }

  /** `chance`: from 0 to 1, for the policies that throw dice. */
  async explainRoute(topology: Topology, words: ClientWords, chance: number): Promise<Parsed<RouteExplanation>> {
    const at = this.#desks.clock.now();
    const state = { ...(await this.#desks.kept.read()), maintenance: this.#desks.maintenance.standing(at) };
    const snapshot = this.#desks.router.snapshot(topology, state, at);
    const client = parseClient(words, topology, snapshot.colos);
    return client.ok ? { ok: true, value: explainRoute(topology, snapshot, client.value, chance) } : client;
  }

  readDrains(): Drains {
    return this.#desks.router.drains(this.#desks.clock.now());
  }

  drainRegion(topology: Topology, region: string, order: DrainOrder): DrainAnswer {
    const answer = this.#desks.router.drain(topology, region, order, this.#desks.clock.now());
    if (answer.kind === "drained") this.#desks.log.note(`drained: ${region} until ${toIso(answer.drain.until)}`);
    return answer;
  }

  endDrain(topology: Topology, region: string): DrainAnswer {
    return this.#desks.router.endDrain(topology, region, this.#desks.clock.now());
  }
}
