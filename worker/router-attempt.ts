// One request, at one region or two. A second attempt is made only where the first cannot have done anything that must not be
// done twice, where nothing of a reply has been passed on, and where there is budget for it.
import { assert } from "../monitor/problem.ts";
import { type Candidate, isFit } from "../monitor/steering/steer.ts";
import type { Instant } from "../monitor/time.ts";
import type { Topology } from "../monitor/topology/topology.ts";
import { edgeFailure, REGION_HEADER } from "../monitor/wire/edge-failure.ts";
import { type Hop, outgoingHeaders, type PlainHeaders } from "./router-headers.ts";
import type { RouterMemory } from "./router-memory.ts";
import { LOST, type Outcome, SilenceClock } from "./router-silence.ts";

/** Statuses of Cloudflare's own that say that no connection came about: nothing has reached the region. */
const NEVER_REACHED = new Set([521, 522, 523, 525, 526, 530]);
/** A gateway in front of the region, or the region itself, says that it cannot serve now. */
const GATEWAY = new Set([502, 503, 504]);

export interface Order {
  readonly request: Request;
  readonly method: string;
  readonly body: ReadableStream | null;
  readonly headers: PlainHeaders;
  readonly hop: Hop;
  /** Path and query. */
  readonly path: string;
  readonly candidates: readonly Candidate[];
  readonly ctx: ExecutionContext;
  /** Of the first attempt: in workerd the clock stands still while nothing is waited for, and asking it costs. */
  readonly at: Instant;
}

export interface Attempt {
  readonly reply: Response;
  /** Null: no region answered, and the reply is our own. */
  readonly region: string | null;
  readonly retried: boolean;
  /** When the head of the reply was there. */
  readonly at: Instant;
}

/** Makes the client's reply of it. */
export type Finish = (attempt: Attempt) => Response;

/**
 * "safe": may be repeated whatever happened. "idempotent": unless a region answered it. "kept": only if it never arrived. "once":
 * never. A proxy must not repeat what is not idempotent where it may have arrived (RFC 9110, section 9.2.2).
 */
type Repetition =
  | { readonly kind: "safe" }
  | { readonly kind: "idempotent" | "kept"; readonly body: ArrayBuffer | null }
  | { readonly kind: "once" };

const SAFE: Repetition = { kind: "safe" };
const ONCE: Repetition = { kind: "once" };

interface Target {
  readonly id: string;
  readonly url: string;
  /** What replies from there should call themselves. */
  readonly claims: string;
}

type Which = "first" | "second";

interface First {
  readonly target: Target;
  readonly outcome: Outcome;
  readonly sentAt: Instant;
}

export class Attempts {
  readonly #topology: Topology;
  readonly #memory: RouterMemory;
  readonly #targets: ReadonlyMap<string, Target>;
  readonly #silence: SilenceClock;

  constructor(topology: Topology, memory: RouterMemory) {
    this.#topology = topology;
    this.#memory = memory;
    const waitMs = topology.router.retry.waitMs ?? topology.probe.timeoutMs;
    this.#silence = new SilenceClock(waitMs, (region) => memory.heardAt(region));
    this.#targets = new Map(
      topology.regions.map((region) => [region.id, { id: region.id, claims: region.region, url: region.endpoint.url }]),
    );
  }

  /** `finish` is called in here, and nothing is async for most requests: in workerd every promise costs. */
  serve(order: Order, finish: Finish): Promise<Response> {
    const repetition = this.#repetitionOf(order);
    return repetition instanceof Promise
      ? repetition.then((found) => this.#first(order, found, finish))
      : this.#first(order, repetition, finish);
  }

  #first(order: Order, repetition: Repetition, finish: Finish): Promise<Response> {
    const [first, second] = order.candidates;
    assert(first !== undefined, "a topology has a region");
    const target = this.#target(first);
    const sentAt = order.at;
    const patience = repetition.kind === "safe" && second !== undefined && isFit(second) ? "ours" : "platform";
    return this.#send(order, target, repetition, patience, sentAt).then((outcome) => {
      if (outcome.kind === "reply" && !isTrouble(outcome.reply))
        return finish(this.#served(target, outcome.reply, sentAt, "first"));
      const attempt = this.#otherwise(order, repetition, { target, outcome, sentAt });
      return attempt instanceof Promise ? attempt.then(finish) : finish(attempt);
    });
  }

  #otherwise(order: Order, repetition: Repetition, first: First): Attempt | Promise<Attempt> {
    const { target, outcome, sentAt } = first;
    const [, second] = order.candidates;
    if (second !== undefined && second.fitness !== "closed" && this.#mayRepeat(outcome, repetition))
      return this.#again(order, repetition, first, this.#target(second));
    this.#judge(target, outcome, repetition, sentAt);
    return settled(outcome, target, "first");
  }

  async #again(order: Order, repetition: Repetition, first: First, target: Target): Promise<Attempt> {
    const sentAt = Date.now();
    const outcome = await this.#send(order, target, repetition, "platform", sentAt);
    const helped = outcome.kind === "reply" && !isTrouble(outcome.reply);
    this.#memory.countRetry(helped ? "helped" : "vain");
    if (helped) {
      this.#memory.failed(first.target.id, first.sentAt, Date.now());
      discard(first.outcome);
      return this.#served(target, outcome.reply, sentAt, "second");
    }
    // Two regions that answer alike say something of the request, and nothing of themselves.
    this.#judge(first.target, first.outcome, repetition, first.sentAt);
    this.#judge(target, outcome, repetition, sentAt);
    if (outcome.kind === "reply" || first.outcome.kind !== "reply") {
      discard(first.outcome);
      return settled(outcome, target, "second");
    }
    return settled(first.outcome, first.target, "second");
  }

  #target({ region }: Candidate): Target {
    const target = this.#targets.get(region);
    assert(target !== undefined, "candidates are regions of the topology");
    return target;
  }

  /** "ours": a region that is silent is given up; "platform": it is waited for as long as the platform does. */
  #send(
    { request, method, body: streamed, headers, hop, path, ctx }: Order,
    target: Target,
    repetition: Repetition,
    patience: "ours" | "platform",
    sentAt: Instant,
  ): Promise<Outcome> {
    const url = target.url + path;
    const fields = outgoingHeaders(headers, request.headers, hop);
    const body = "body" in repetition ? repetition.body : streamed;
    // Method, headers and body one by one: a `Request` made of another one costs a tenth more in all (measured: docs/router.md).
    // But `fetch` takes no body for GET and HEAD, which may have one (RFC 9110, section 9.3.1), unless it comes in a `Request`.
    const sent =
      body !== null && isBodiless(method)
        ? fetch(new Request(url, request), { headers: fields, redirect: "manual" })
        : fetch(url, { method, headers: fields, body, redirect: "manual" });
    if (patience === "ours") return this.#silence.firstWord(sent, target.id, sentAt, ctx);
    return sent.then(
      (reply) => ({ kind: "reply", reply }),
      () => LOST,
    );
  }

  #repetitionOf({ request, method, body, headers, candidates }: Order): Repetition | Promise<Repetition> {
    const kind = method === "PUT" || method === "DELETE" ? "idempotent" : "kept";
    if (body === null) return isSafe(method) ? SAFE : { kind, body };
    const length = Number(headers["content-length"] ?? Number.NaN);
    if (isBodiless(method) || candidates.length < 2 || !(length <= this.#topology.router.retry.bodyBytesMax))
      return ONCE;
    return request.arrayBuffer().then((kept) => ({ kind, body: kept }));
  }

  /** workerd says "connection lost" for one that was refused as for one that broke while the region was at work on the request. */
  #mayRepeat(outcome: Outcome, { kind }: Repetition): boolean {
    if (kind === "once" || !this.#memory.mayRetry()) return false;
    if (kind === "safe") return true;
    if (outcome.kind === "reply") return NEVER_REACHED.has(outcome.reply.status) && isEdges(outcome.reply);
    return kind === "idempotent" && outcome.kind === "lost";
  }

  #served(target: Target, reply: Response, sentAt: Instant, which: Which): Attempt {
    const at = Date.now();
    this.#memory.answered(target.id, sentAt, at);
    if (this.#memory.isSampled()) {
      const claimed = reply.headers.get(REGION_HEADER);
      if (claimed !== null && claimed !== target.claims) this.#memory.noteMismatch(target.id, claimed);
    }
    return { reply, region: target.id, retried: which === "second", at };
  }

  /** An application's own 5xx counts against its region only where another region did better. */
  #judge(target: Target, outcome: Outcome, repetition: Repetition, sentAt: Instant): void {
    const own = outcome.kind === "reply" && !isEdges(outcome.reply);
    if (own) this.#memory.answered(target.id, sentAt, Date.now());
    // A body that the client broke off ends like a connection that the region broke off.
    else if (repetition.kind !== "once") this.#memory.failed(target.id, sentAt, Date.now());
  }
}

function settled(outcome: Outcome, target: Target, which: Which): Attempt {
  const at = Date.now();
  if (outcome.kind === "reply") return { reply: outcome.reply, region: target.id, retried: which === "second", at };
  const [status, words] =
    outcome.kind === "silent" ? [504, "no region answered in time"] : [502, "no region could be reached"];
  const reply = Response.json({ error: words }, { status, headers: { "cache-control": "no-store" } });
  return { reply, region: null, retried: which === "second", at };
}

/** A reply that nobody reads would hold its connection. */
function discard(outcome: Outcome): void {
  if (outcome.kind === "reply") void outcome.reply.body?.cancel();
}

/** Usually. */
function isBodiless(method: string): boolean {
  return method === "GET" || method === "HEAD";
}

function isSafe(method: string): boolean {
  return isBodiless(method) || method === "OPTIONS";
}

function isTrouble(reply: Response): boolean {
  return reply.status >= 500 && (GATEWAY.has(reply.status) || isEdges(reply));
}

/** Cloudflare answers in the region's name when it cannot reach it. */
function isEdges(reply: Response): boolean {
  return reply.status >= 520 && edgeFailure(reply.status, reply.headers.get(REGION_HEADER), "") !== null;
}
