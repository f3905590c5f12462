// What a private vantage has seen and could not bring home yet: a few slots, the oldest first, and nothing that is too old to say
// something of now. What becomes of each is counted, because nobody reads a line for every slot.
import type { Instant } from "../time.ts";

/** A longer outage of the way is one for which the monitor says "nothing comes from there"; then older looks are of no use. */
export const QUEUE_MAX = 4;

export interface QueuedBatch {
  readonly slot: Instant;
  readonly id: string;
  /** JSON. */
  readonly body: string;
}

export interface BatchCounts {
  readonly delivered: number;
  readonly refused: number;
  /** Too old before they could be brought. */
  readonly givenUp: number;
  /** Not brought yet. */
  readonly waiting: number;
}

export class BatchQueue {
  #batches: readonly QueuedBatch[] = [];
  #counts = { delivered: 0, refused: 0, givenUp: 0 };

  get counts(): BatchCounts {
    return { ...this.#counts, waiting: this.#batches.length };
  }

  /** Null: none waits. */
  get oldest(): QueuedBatch | null {
    return this.#batches[0] ?? null;
  }

  add(batch: QueuedBatch): void {
    this.#dropFirst(this.#batches.length + 1 - QUEUE_MAX);
    this.#batches = [...this.#batches, batch];
  }

  /** Those of slots more than `ageMaxMs` ago. */
  forgetStale(ageMaxMs: number, at: Instant): void {
    this.#dropFirst(this.#batches.filter(({ slot }) => at - slot > ageMaxMs).length);
  }

  /** The oldest one is done with. */
  settle(how: "delivered" | "refused"): void {
    this.#batches = this.#batches.slice(1);
    this.#counts = { ...this.#counts, [how]: this.#counts[how] + 1 };
  }

  #dropFirst(count: number): void {
    if (count <= 0) return;
    this.#batches = this.#batches.slice(count);
    this.#counts = { ...this.#counts, givenUp: this.#counts.givenUp + count };
  }
}
