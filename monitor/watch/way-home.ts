// What a person is told of a private vantage's way to its monitor: a line when it changes, and none for each slot. What is refused
// is told in the monitor's own words, because they say what to mend.
import { unreachable } from "../problem.ts";
import type { BatchCounts } from "./batch-queue.ts";
import type { SendEnd } from "./send-batch.ts";

export class WayHome {
  readonly #monitor: string;
  readonly #tell: (lines: readonly string[]) => void;
  /** What was told last; a refusal by its word, because its sentence has times in it. */
  #told = "";

  constructor(monitor: URL, tell: (lines: readonly string[]) => void) {
    this.#monitor = monitor.origin;
    this.#tell = tell;
  }

  tell(end: SendEnd, { waiting, givenUp }: BatchCounts): void {
    const key = end.kind === "refused" ? `refused ${end.word}` : end.kind;
    if (key === this.#told) return;
    this.#told = key;
    this.#tell([this.#lineOf(end, waiting, givenUp)]);
  }

  #lineOf(end: SendEnd, waiting: number, givenUp: number): string {
    switch (end.kind) {
      case "delivered":
        return `${this.#monitor} takes what is seen here${givenUp === 0 ? "" : `; ${givenUp} slots were too old by then`}`;
      case "refused":
        return `${this.#monitor} refuses it (${end.word}): ${end.detail}`;
      case "failed":
        return `${this.#monitor} is not reached: ${end.detail}; ${waiting} of its latest slots wait`;
      default:
        return unreachable(end);
    }
  }
}
