// Gives up waiting for regions that have fallen silent, with one clock for all requests of the isolate: a timer for each costs
// about a tenth of what passing it on costs (0.89 of the requests per CPU-second, workerd 1.20261023.1). The clock is owned by
// the request that started it and goes on after it (`waitUntil`); it resolves promises of other requests, which workerd hands
// over to their own contexts (compatibility flag handle_cross_request_promise_resolution, on since 2024-10-14).
import type { Instant } from "../monitor/time.ts";

const TICKS_PER_WAIT = 5;
const TICK_MS_MIN = 20;
/** Cloudflare lets a context go on for 30 seconds after its reply. */
const CLOCK_MS_MAX = 20_000;
/** Without anybody waiting for so many ticks, it stops. */
const IDLE_TICKS_MAX = 5;

/** What became of one attempt; "lost": no connection, or one that broke before the head of a reply. */
export type Outcome =
  | { readonly kind: "reply"; readonly reply: Response }
  | { readonly kind: "silent" }
  | { readonly kind: "lost" };

export const SILENT: Outcome = { kind: "silent" };
export const LOST: Outcome = { kind: "lost" };

interface Waiter {
  readonly region: string;
  readonly sentAt: Instant;
  readonly giveUp: () => void;
}

export class SilenceClock {
  readonly #waitMs: number;
  readonly #tickMs: number;
  readonly #heardAt: (region: string) => Instant;
  readonly #waiters = new Set<Waiter>();
  #tickedAt: Instant = 0;

  /** `heardAt`: when anything at all came from a region last. */
  constructor(waitMs: number, heardAt: (region: string) => Instant) {
    this.#waitMs = waitMs;
    this.#tickMs = Math.max(TICK_MS_MIN, Math.round(waitMs / TICKS_PER_WAIT));
    this.#heardAt = heardAt;
  }

  /** "silent": nothing came from the region since, for as long as it may be silent. What it was waiting for goes on, unheard, until the request is over. */
  firstWord(
    sent: Promise<Response>,
    region: string,
    sentAt: Instant,
    ctx: Pick<ExecutionContext, "waitUntil">,
  ): Promise<Outcome> {
    if (sentAt - this.#tickedAt > 2 * this.#tickMs || sentAt < this.#tickedAt) ctx.waitUntil(this.#run(sentAt));
    // What follows must hang on this promise and not be called by the clock, which lives in another request's context.
    return new Promise((resolve) => {
      const waiter: Waiter = { region, sentAt, giveUp: () => resolve(SILENT) };
      this.#waiters.add(waiter);
      sent.then(
        (reply) => {
          this.#waiters.delete(waiter);
          return resolve({ kind: "reply", reply });
        },
        () => {
          this.#waiters.delete(waiter);
          return resolve(LOST);
        },
      );
    });
  }

  async #run(startedAt: Instant): Promise<void> {
    this.#tickedAt = startedAt;
    let idle = 0;
    while (idle < IDLE_TICKS_MAX && this.#tickedAt - startedAt < CLOCK_MS_MAX) {
      await new Promise((resolve) => setTimeout(resolve, this.#tickMs));
      this.#tickedAt = Date.now();
      idle = this.#waiters.size === 0 ? idle + 1 : 0;
      for (const waiter of this.#waiters) this.#tick(waiter, this.#tickedAt);
    }
    // The next request starts another one.
    this.#tickedAt = 0;
  }

  /** A region that answers others is slow with this one, and not silent. */
  #tick(waiter: Waiter, at: Instant): void {
    const { region, sentAt } = waiter;
    if (at - sentAt < this.#waitMs || this.#heardAt(region) >= sentAt) return;
    this.#waiters.delete(waiter);
    waiter.giveUp();
  }
}
