// What a monitor is, wherever it runs: its rounds, the state between them, and what is read and changed beside them. Whoever
// has it brings a clock, a storage and a way to reach the vantages, and says when a slot is due.
import type { Incident } from "../model/verdict.ts";
import type { MonitorState } from "../model/state.ts";
import type { ObservationBatch } from "../model/observation.ts";
import type { BatchAnswer } from "../run/batch-order.ts";
import { runCountBack } from "../run/count-back.ts";
import type { MeteredRound } from "../run/meter-round.ts";
import { type AskVantage, type HearPrivate, runRound } from "../run/round.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { Checkers } from "./checker-desk.ts";
import { thrownWords } from "./failure.ts";
import { type KeeperDesks, type KeeperParts, openDesks, standingState } from "./keeper-desks.ts";
import { KeeperFaces } from "./keeper-faces.ts";
import { KeeperRouting } from "./keeper-routing.ts";
import { KeeperWrites } from "./keeper-writes.ts";

/** Before the next slot, so that it finds nobody waiting. */
const LEFT_MS = 100;

export class Keeper {
  readonly faces: KeeperFaces;
  /** For bearers of the token. */
  readonly writes: KeeperWrites;
  readonly routing: KeeperRouting;
  readonly #desks: KeeperDesks;
  #round: Promise<void> | null = null;
  #telling: Promise<void> = Promise.resolve();

  /** Throws where the storage cannot be used. */
  constructor(parts: KeeperParts) {
    this.#desks = openDesks(parts);
    this.faces = new KeeperFaces(this.#desks);
    this.writes = new KeeperWrites(this.#desks);
    this.routing = new KeeperRouting(this.#desks);
  }

  /** The grid at `at`: the topology's, or a drill's. */
  intervalMsAt(topology: Topology, at: Instant): number {
    return this.#desks.drills.topologyAt(topology, at).probe.intervalSeconds * SECOND_MS;
  }

  /** Never rejects. Two at once would both go on from the same state, and one of them would be forgotten: the second call waits for the first. */
  async runSlot(topology: Topology, slot: Instant, ask: AskVantage): Promise<void> {
    this.#round ??= this.#tryRound(topology, slot, ask).finally(() => (this.#round = null));
    await this.#round;
    // Whatever receivers do, the next round comes in time; a delivery goes on beside it.
    const leftMs = slot + this.intervalMsAt(topology, slot) - this.#desks.clock.now() - LEFT_MS;
    this.#telling = this.#tellPeople(topology);
    await this.#desks.clock.within(this.#telling, Math.max(0, leftMs));
  }

  /** Of whoever holds a private vantage's secret. Rejects where it cannot be stored, so that it is sent again. */
  async acceptBatch(topology: Topology, batch: ObservationBatch, digest: string): Promise<BatchAnswer> {
    const { clock, kept, drills, observations } = this.#desks;
    const state = await kept.read();
    return observations.accept(drills.topologyAt(topology, clock.now()), state, batch, digest);
  }

  /** Before the storage is closed: what is on its way has arrived or failed, by its own deadline, and is written down. Never rejects. */
  async untilTold(): Promise<void> {
    await this.#telling;
  }

  /** Only what is stored is told. Never rejects: what could not be told now is told after another round. */
  async #tellPeople(topology: Topology): Promise<void> {
    const { kept, alerts, log } = this.#desks;
    if (topology.alerts.length === 0 || kept.trouble.storage !== null) return;
    try {
      const round = kept.trouble.round === null ? "stored" : "lost";
      for (const { level, text } of await alerts.deliver(topology, round)) log[level](text);
    } catch (thrown) {
      log.warn(`people were not told: ${thrownWords(thrown)}`);
    }
  }

  async #tryRound(topology: Topology, slot: Instant, ask: AskVantage): Promise<void> {
    const { kept, log } = this.#desks;
    try {
      await this.#runRound(topology, slot, ask);
      kept.noteRound(null);
    } catch (thrown) {
      kept.noteRound(thrownWords(thrown));
      log.warn(`round ${slot} did not end: ${thrownWords(thrown)}`);
    }
  }

  async #runRound(topology: Topology, slot: Instant, ask: AskVantage): Promise<void> {
    const { clock, store, kept, drills, checkers, observations, log } = this.#desks;
    const at = clock.now();
    const before = standingState(this.#desks, await kept.read(), topology, at);
    const asked = checkers?.readNext(topology, before.checkers ?? {}) ?? Promise.resolve(null);
    const paced = drills.topologyAt(topology, at);
    const hear: HearPrivate = (due, known) => observations.hear(paced, known, due);
    const { state, changes, saved, metered } = await runRound(paced, slot, before, ask, { clock, store }, hear);
    if (metered !== null) this.#count(paced, metered);
    // Whoever had this slot knows more than we do: what is stored is read again.
    kept.keep(saved.kind === "known" ? null : state);
    kept.noteStorage(saved.kind === "unsaved" ? saved.detail : null);
    for (const { kind, incident } of changes)
      log.note(`incident ${kind}${plannedWords(incident)}: ${incident.subject}: ${incident.reason}`);
    await this.#fileReports(topology, before, slot);
    if (kept.held !== null) kept.keep(await this.#countBack(topology, kept.held));
    const read = await asked;
    if (read !== null && kept.held !== null) kept.keep(withCheckers(kept.held, topology, read));
  }

  /** Nor do the meters cost one; a round that could not be counted is missing from them for ever. */
  #count(topology: Topology, round: MeteredRound): void {
    try {
      this.#desks.meters.count(topology, round);
    } catch (thrown) {
      this.#desks.log.warn(`not counted: ${thrownWords(thrown)}`);
    }
  }

  /** What is promised anew is counted over the rounds that are stored already: an hour of them a round, kept with the next one. */
  async #countBack(topology: Topology, state: MonitorState): Promise<MonitorState> {
    const counted = await runCountBack(topology, state, this.#desks.store);
    if (counted.kind === "done") return counted.value;
    this.#desks.log.warn(`stored rounds were not counted: ${counted.detail}`);
    return state;
  }

  /** Reports must not cost a round; whatever keeps them from being made, the next round tries again. */
  async #fileReports(topology: Topology, before: MonitorState, slot: Instant): Promise<void> {
    const { clock, kept, past, reports, alerts, log } = this.#desks;
    try {
      // Of a round that was not stored the next one knows as well.
      if (kept.held !== null && kept.trouble.storage === null) past.file(kept.held.incidents.closed);
      await reports.file(topology, before, slot, clock.now());
      alerts.offerReport(topology, slot, (day) => reports.readDay(day), clock.now());
    } catch (thrown) {
      log.warn(`not filed: ${thrownWords(thrown)}`);
    }
  }
}

/** What Route 53's checkers said is stored with the next round: it decides nothing in this one. */
function withCheckers(state: MonitorState, topology: Topology, read: Checkers): MonitorState {
  const judged = new Set(topology.pulledZone?.zone.healthChecks.map(({ id }) => id));
  const all = Object.entries({ ...state.checkers, ...read });
  return { ...state, checkers: Object.fromEntries(all.filter(([id]) => judged.has(id))) };
}

function plannedWords({ causedBy }: Incident): string {
  return causedBy === undefined ? "" : ` (planned by ${causedBy})`;
}
