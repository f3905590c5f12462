// What one isolate remembers between requests: the latest snapshot, breakers, the retry budget, and what it has to tell the
// coordinator. A request waits for the coordinator only while nothing at all is known, and then not for long.
import { type Client, type SteeringMap, steeringMapOf, UNKNOWN_CLIENT } from "../monitor/steering/client.ts";
import { afterRequest, afterVainRetry, BALANCE_MAX, mayRetry } from "../monitor/steering/budget.ts";
import { beginTrial, type Breaker, CLOSED, passageOf, stepBreaker } from "../monitor/steering/breaker.ts";
import { liveDrains } from "../monitor/steering/drain.ts";
import type { RouterHints } from "../monitor/steering/hints.ts";
import { NOTHING_KNOWN, type RoutingSnapshot } from "../monitor/steering/snapshot.ts";
import { type Candidate, holdAffinity, NO_SUSPECTS, steer, type Suspects } from "../monitor/steering/steer.ts";
import { type Instant, SECOND_MS } from "../monitor/time.ts";
import type { Steering, Topology } from "../monitor/topology/topology.ts";

/** Older than this, a snapshot is renewed behind the requests. */
const FRESH_MS_MAX = 5 * SECOND_MS;
/** A cold isolate waits for its first snapshot no longer than this. */
const COLD_WAIT_MS = 150;
/** An answer that has not come by then is asked for again. */
const ANSWER_MS_MAX = 2 * SECOND_MS;
/** Between two calls of the coordinator for news; they may come with every request. */
const NEWS_MS_MIN = SECOND_MS;
/** Of a region's claim, which the region chose. */
const CLAIM_CHARACTERS_MAX = 64;
/** Replies of which one is looked at. */
const SAMPLE_EVERY = 16;

export type AskSnapshot = (hints: RouterHints) => Promise<RoutingSnapshot>;

interface Counts {
  requests: number;
  retries: number;
  vain: number;
  failedOpen: number;
}

export class RouterMemory {
  readonly map: SteeringMap;
  readonly #topology: Topology;
  readonly #freshMs: number;
  readonly #affinityDrainMs: number;
  readonly #isolate = crypto.randomUUID();
  readonly #breakers = new Map<string, Breaker>();
  readonly #heardAt = new Map<string, Instant>();
  #mismatches: Record<string, string> = {};
  #served: Record<string, number> = {};
  #counts: Counts = { requests: 0, retries: 0, vain: 0, failedOpen: 0 };
  #balance = BALANCE_MAX;
  #replies = 0;
  #hasNews = false;
  /** When somebody is about to tell; 0: nobody is. */
  #newsDueAt: Instant = 0;
  #snapshot: RoutingSnapshot = NOTHING_KNOWN;
  /** Infinity: there are none. */
  #drainsChangeAt: Instant = Infinity;
  #askedAt: Instant = 0;
  #gotAt: Instant = 0;
  #fixed: { readonly snapshot: RoutingSnapshot; readonly candidates: readonly Candidate[] } | null = null;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.map = steeringMapOf(topology);
    this.#affinityDrainMs = (topology.router.affinity?.drainSeconds ?? 0) * SECOND_MS;
    this.#freshMs = Math.min(FRESH_MS_MAX, (topology.probe.intervalSeconds * SECOND_MS) / 2);
  }

  /** Null: enough is known, or somebody has asked already, so nobody waits. */
  prepare(ask: AskSnapshot, ctx: Pick<ExecutionContext, "waitUntil">, at: Instant): Promise<void> | null {
    if (at - this.#gotAt < this.#freshMs && at >= this.#gotAt) return null;
    const asking = this.#gotAt < this.#askedAt && at >= this.#askedAt && at - this.#askedAt < ANSWER_MS_MAX;
    if (asking) return null;
    const asked = this.#ask(ask, at);
    ctx.waitUntil(asked);
    return this.#gotAt === 0 ? withinMs(asked, COLD_WAIT_MS) : null;
  }

  /** What should not wait for the next request is told behind this one: that all regions are down, or that one claims another. */
  tellNews(ask: AskSnapshot, ctx: Pick<ExecutionContext, "waitUntil">, at: Instant): void {
    if (!this.#hasNews || at < this.#newsDueAt + ANSWER_MS_MAX) return;
    this.#newsDueAt = Math.max(at, this.#askedAt + NEWS_MS_MIN);
    ctx.waitUntil(this.#tellLater(ask, this.#newsDueAt - at));
  }

  async #tellLater(ask: AskSnapshot, inMs: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, inMs));
    this.#newsDueAt = 0;
    // A request may have told it meanwhile.
    if (this.#hasNews) await this.#ask(ask, Date.now());
  }

  async #ask(ask: AskSnapshot, at: Instant): Promise<void> {
    this.#askedAt = at;
    const told = this.#tell();
    try {
      this.#learn(await ask(told));
      this.#gotAt = Math.max(at, Date.now());
    } catch (thrown) {
      this.#keepForLater(told);
      console.error(`the coordinator did not answer the router: ${thrown instanceof Error ? thrown.message : "?"}`);
    }
  }

  /** A drain ends when it was to end, also while the coordinator cannot say so. */
  #learn(snapshot: RoutingSnapshot): void {
    this.#snapshot = snapshot;
    this.#drainsChangeAt = Math.min(...Object.values(snapshot.drains).map(({ until }) => until));
  }

  #keepForLater(told: RouterHints): void {
    const { requests, retries, vain, failedOpen } = this.#counts;
    this.#counts = {
      requests: requests + told.requests,
      retries: retries + told.retries,
      vain: vain + told.vain,
      failedOpen: failedOpen + told.failedOpen,
    };
    for (const [region, count] of Object.entries(told.served ?? {}))
      this.#served[region] = (this.#served[region] ?? 0) + count;
    this.#mismatches = { ...told.mismatches, ...this.#mismatches };
  }

  #tell(): RouterHints {
    const suspects = this.map.regions
      .map(({ id }) => id)
      .filter((id) => (this.#breakers.get(id) ?? CLOSED).open !== null);
    const told = {
      isolate: this.#isolate,
      ...this.#counts,
      served: this.#served,
      suspects,
      mismatches: this.#mismatches,
    };
    this.#served = {};
    this.#counts = { requests: 0, retries: 0, vain: 0, failedOpen: 0 };
    this.#mismatches = {};
    this.#hasNews = false;
    return told;
  }

  /**
   * `client` is asked for only where the steering needs it. "trial": this request may find out whether a region is back.
   * `held`: the region that the client holds to; null: none.
   */
  candidates(client: () => Client, purpose: "trial" | "plain", held: string | null, at: Instant): readonly Candidate[] {
    if (at >= this.#drainsChangeAt) this.#learn({ ...this.#snapshot, drains: liveDrains(this.#snapshot.drains, at) });
    const trial = purpose === "trial" ? this.#dueForTrial(at) : null;
    const steered = this.#steer(client, this.#suspects(trial), trial);
    const candidates = held === null ? steered : holdAffinity(steered, held, this.#snapshot, this.#affinityDrainMs, at);
    // One that goes elsewhere finds nothing out, and must not keep the next one from the trial.
    if (trial !== null && candidates[0]?.region === trial)
      this.#breakers.set(trial, beginTrial(this.#breakers.get(trial) ?? CLOSED, at));
    return candidates;
  }

  #steer(client: () => Client, suspects: Suspects, trial: string | null): readonly Candidate[] {
    const { steering } = this.#topology.router;
    if (steering.by === "failover" && suspects.size === 0 && trial === null) return this.#fixedOrder(steering);
    const placeless = steering.by === "failover" || steering.by === "weighted";
    const whose = placeless ? UNKNOWN_CLIENT : client();
    return steer(whose, this.map, this.#snapshot, suspects, steering, Math.random());
  }

  /** The same for every client as long as the snapshot is. */
  #fixedOrder(steering: Steering): readonly Candidate[] {
    if (this.#fixed?.snapshot !== this.#snapshot)
      this.#fixed = {
        snapshot: this.#snapshot,
        candidates: steer(UNKNOWN_CLIENT, this.map, this.#snapshot, NO_SUSPECTS, steering, 0),
      };
    return this.#fixed.candidates;
  }

  /** Null: none is. */
  #dueForTrial(at: Instant): string | null {
    for (const [id, breaker] of this.#breakers) if (passageOf(breaker, at) === "trial") return id;
    return null;
  }

  /** Those whose breaker is open, but for the one that is to be tried. */
  #suspects(trial: string | null): Suspects {
    if (this.#breakers.size === 0) return NO_SUSPECTS;
    const suspects = new Set<string>();
    for (const [id, { open }] of this.#breakers) if (open !== null && id !== trial) suspects.add(id);
    return suspects;
  }

  answered(region: string, sentAt: Instant, at: Instant): void {
    this.#heardAt.set(region, at);
    const breaker = this.#breakers.get(region);
    // Closed breakers are not kept: the usual request finds the map empty.
    if (breaker === undefined) return;
    const next = stepBreaker(breaker, "answered", sentAt, at);
    if (next === CLOSED) this.#breakers.delete(region);
    else this.#breakers.set(region, next);
  }

  failed(region: string, sentAt: Instant, at: Instant): void {
    this.#breakers.set(region, stepBreaker(this.#breakers.get(region) ?? CLOSED, "failed", sentAt, at));
  }

  /** When anything at all came from there last; 0: never. */
  heardAt(region: string): Instant {
    return this.#heardAt.get(region) ?? 0;
  }

  countRequest(): void {
    this.#counts.requests += 1;
    this.#balance = afterRequest(this.#balance, this.#topology.router.retry.budgetShare);
  }

  /** By its reply, or because a redirect named it. */
  countServed(region: string): void {
    this.#served[region] = (this.#served[region] ?? 0) + 1;
  }

  countFailedOpen(): void {
    this.#hasNews = true;
    this.#counts.failedOpen += 1;
  }

  mayRetry(): boolean {
    return mayRetry(this.#balance);
  }

  countRetry(outcome: "helped" | "vain"): void {
    this.#counts.retries += 1;
    if (outcome === "helped") return;
    this.#counts.vain += 1;
    this.#balance = afterVainRetry(this.#balance);
  }

  noteMismatch(region: string, claimed: string): void {
    this.#hasNews = true;
    this.#mismatches = { ...this.#mismatches, [region]: claimed.slice(0, CLAIM_CHARACTERS_MAX) };
  }

  /** The first of all replies, and then every sixteenth: reading a header is cheap, but not free. */
  isSampled(): boolean {
    const sampled = this.#replies % SAMPLE_EVERY === 0;
    this.#replies += 1;
    return sampled;
  }
}

async function withinMs(work: Promise<void>, limitMs: number): Promise<void> {
  let stop = (): void => {};
  const late = new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, limitMs);
    stop = () => clearTimeout(timer);
  });
  await Promise.race([work, late]);
  stop();
}
