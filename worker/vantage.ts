// A place that looks: one object for each location hint. It keeps nothing but where it is and which name servers it found,
// and does what the coordinator asks.
import { DurableObject } from "cloudflare:workers";
import type { VantageReport } from "../monitor/model/observation.ts";
import type { NameServerCache } from "../monitor/run/name-servers.ts";
import type { VantageJob } from "../monitor/run/plan.ts";
import { runVantage } from "../monitor/run/vantage.ts";
import { HOUR_MS, type Instant, MINUTE_MS } from "../monitor/time.ts";
import { makeEdgeWorld } from "./edge-world.ts";
import type { WorkerEnv } from "./topology-text.ts";

/** An object does not move while it lives, but it may have been placed anew after an eviction. */
const COLO_AGE_MAX_MS = HOUR_MS;
const UNPLACED_AGE_MAX_MS = 10 * MINUTE_MS;
/** Of the call's deadline. */
const TRACE_SHARE = 0.25;
const TRACE_BYTES_MAX = 4096;

/** An object stays where it was first made (Cloudflare docs, "Data location"): another hint needs another object. */
export function vantageName({ id, hint }: VantageJob["vantage"]): string {
  return `vantage:${id}:${hint}:v1`;
}

export class Vantage extends DurableObject<WorkerEnv> {
  readonly #world = makeEdgeWorld(this.ctx.exports.EdgeDialer);
  readonly #nameServers: NameServerCache = new Map();
  #colo: { readonly name: string; readonly until: Instant } | null = null;

  /** One deadline for the whole call: what finding out the place takes is taken from the looks. */
  async look(job: VantageJob): Promise<VantageReport> {
    const { clock } = this.#world;
    const startedMs = clock.monotonicMs();
    const colo = await this.#findColo(job.vantage.id, job.timeoutMs * TRACE_SHARE);
    const timeoutMs = job.timeoutMs - (clock.monotonicMs() - startedMs);
    return runVantage({ ...job, timeoutMs }, { colo, nameServers: this.#nameServers }, this.#world);
  }

  /** "AMS"; "local-<vantage>" where nobody is asked; "unplaced-<vantage>" where nobody answered. */
  async #findColo(vantage: string, limitMs: number): Promise<string> {
    if (this.env.TRACE_URL === "") return `local-${vantage}`;
    const { clock, net } = this.#world;
    if (this.#colo !== null && clock.now() < this.#colo.until) return this.#colo.name;
    const deadlineMs = clock.monotonicMs() + limitMs;
    const reply = await net.fetchOnce({ url: this.env.TRACE_URL, headers: {}, bytesMax: TRACE_BYTES_MAX, deadlineMs });
    const name = reply.kind === "reply" ? /^colo=([A-Z]{3})$/m.exec(reply.body)?.[1] : undefined;
    const lifeMs = name === undefined ? UNPLACED_AGE_MAX_MS : COLO_AGE_MAX_MS;
    this.#colo = { name: name ?? `unplaced-${vantage}`, until: clock.now() + lifeMs };
    return this.#colo.name;
  }
}
