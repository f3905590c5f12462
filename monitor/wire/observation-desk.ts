// Where private vantages' batches wait for a round: stored before they are acknowledged, handed to the round of their slot or to
// the next one, in their order and once. The same for the Worker's coordinator and for a monitor in Node.
import type { ObservationBatch, VantageOutcome } from "../model/observation.ts";
import type { MonitorState } from "../model/state.ts";
import { type BatchAnswer, HELD_MAX, type HeldBatch, refuseBatch, reportOf } from "../run/batch-order.ts";
import type { Clock } from "../run/world.ts";
import { formatDuration, type Instant, SECOND_MS, toIso } from "../time.ts";
import { WAIT_MS } from "../topology/cost.ts";
import { privateVantages, type Topology } from "../topology/topology.ts";
import { freshnessFor } from "../verify/standing.ts";
import { type BatchShelf, makeBatchShelf } from "./sql-batches.ts";
import type { Sql } from "./sql-store.ts";

/** In the time of one interval: what was kept back for an outage of the way, and each of it twice. */
const BATCHES_PER_INTERVAL_MAX = 2 * HELD_MAX;

interface Pace {
  readonly since: Instant;
  readonly count: number;
}

/** A round that waits for a vantage's batch of this slot or a later one. */
interface Waiting {
  readonly slot: Instant;
  readonly wake: () => void;
}

export class ObservationDesk {
  readonly #shelf: BatchShelf;
  readonly #clock: Clock;
  /** As on the shelf: it is asked for on every round. */
  readonly #held: Map<string, readonly HeldBatch[]>;
  readonly #paces = new Map<string, Pace>();
  readonly #waiting = new Map<string, Waiting>();

  constructor(sql: Sql, clock: Clock) {
    this.#shelf = makeBatchShelf(sql);
    this.#clock = clock;
    this.#held = new Map(this.#shelf.read());
  }

  /** When it answers "held", the batch is stored. Throws where the storage cannot be used. */
  accept(topology: Topology, state: MonitorState, batch: ObservationBatch, digest: string): BatchAnswer {
    const { vantage, slot } = batch;
    const at = this.#clock.now();
    const everySeconds = topology.probe.intervalSeconds;
    const lastSlot = state.vantages[vantage]?.slot ?? null;
    const held = this.#held.get(vantage) ?? [];
    const refused = refuseBatch(topology, batch, digest, { held, lastSlot }, at);
    if (refused?.kind === "refused" && refused.refusal === "unknown-vantage") return refused;
    if (!this.#inPace(vantage, everySeconds * SECOND_MS, at)) {
      const detail = `expected at most ${BATCHES_PER_INTERVAL_MAX} batches in ${everySeconds} s, found more`;
      return { kind: "refused", refusal: "too-many", detail, everySeconds };
    }
    if (refused !== null) return refused;
    this.#forgetStrangers(topology);
    this.#keep(topology, vantage, [...held, { slot, digest, report: reportOf(batch) }], at);
    const waiting = this.#waiting.get(vantage);
    if (waiting !== undefined && slot >= waiting.slot) waiting.wake();
    return { kind: "held", everySeconds };
  }

  /** Those that no opinion could be made of any more make room; what a round had stays as long, so that it is known when it comes again. */
  #keep(topology: Topology, vantage: string, batches: readonly HeldBatch[], at: Instant): void {
    const { ageMaxMs } = freshnessFor(topology);
    const kept = batches
      .filter(({ slot }) => at - slot <= ageMaxMs)
      .toSorted((a, b) => a.slot - b.slot)
      .slice(-HELD_MAX);
    this.#shelf.keep(vantage, kept);
    this.#held.set(vantage, kept);
  }

  #forgetStrangers(topology: Topology): void {
    const own = new Set(privateVantages(topology).map(({ id }) => id));
    for (const vantage of this.#held.keys()) {
      if (own.has(vantage)) continue;
      this.#shelf.keep(vantage, []);
      this.#held.delete(vantage);
      this.#paces.delete(vantage);
    }
  }

  #inPace(vantage: string, intervalMs: number, at: Instant): boolean {
    const before = this.#paces.get(vantage);
    const over = before === undefined || at < before.since || at - before.since >= intervalMs;
    const pace = over ? { since: at, count: 1 } : { since: before.since, count: before.count + 1 };
    this.#paces.set(vantage, pace);
    return pace.count <= BATCHES_PER_INTERVAL_MAX;
  }

  /** One outcome for each private vantage. Who reported lately is waited for, until its looks must have ended and travelled. */
  async hear(topology: Topology, before: MonitorState, slot: Instant): Promise<readonly VantageOutcome[]> {
    const untilMs = slot + topology.probe.timeoutMs + WAIT_MS;
    return Promise.all(
      privateVantages(topology).map(async ({ id }) => {
        const known = before.vantages[id];
        if (known?.missed === null) await this.#untilSent(id, slot, untilMs - this.#clock.now());
        return this.#outcomeOf(topology, id, known, slot);
      }),
    );
  }

  async #untilSent(vantage: string, slot: Instant, limitMs: number): Promise<void> {
    if (limitMs <= 0 || (this.#held.get(vantage) ?? []).some((batch) => batch.slot >= slot)) return;
    const sent = new Promise<void>((resolve) => this.#waiting.set(vantage, { slot, wake: resolve }));
    await this.#clock.within(sent, limitMs);
    this.#waiting.delete(vantage);
  }

  #outcomeOf(
    topology: Topology,
    vantage: string,
    known: MonitorState["vantages"][string] | undefined,
    slot: Instant,
  ): VantageOutcome {
    const { ageMaxMs } = freshnessFor(topology);
    const oldest = slot - ageMaxMs;
    const after = known?.slot ?? Number.NEGATIVE_INFINITY;
    const due = (this.#held.get(vantage) ?? []).filter(
      (one) => one.slot > after && one.slot <= slot && one.slot >= oldest,
    );
    const latest = due.at(-1);
    if (latest === undefined) return { kind: "missed", vantage, detail: silenceWords(known, slot) };
    const earlier = due.slice(0, -1).map(({ report }) => report);
    return { kind: "reported", report: latest.report, sent: { slot: latest.slot, earlier } };
  }
}

function silenceWords(known: MonitorState["vantages"][string] | undefined, slot: Instant): string {
  if (known?.slot === undefined) return "it is private, and has not reported yet";
  return `it is private, and sent nothing after ${toIso(known.slot)}, ${formatDuration(slot - known.slot)} ago`;
}
