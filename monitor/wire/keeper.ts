// What a monitor is, wherever it runs: the state between rounds, the desks beside it, and all that its faces read. Whoever
// has it brings a clock, a storage and a way to reach the vantages, and says when a slot is due.
import type { MaintenanceAcceptance, MaintenanceEnd, MaintenanceOrder } from "../maintenance/order.ts";
import type { Drains, DrillNotice, Incident, MaintenanceWindow, MonitorState } from "../model.ts";
import type { Parsed } from "../problem.ts";
import type { BucketReport } from "../report/bucket-report.ts";
import type { MetricsSource } from "../report/metrics.ts";
import type { PeriodReport } from "../report/period-report-schema.ts";
import type { BucketWidth } from "../report/rollup.ts";
import type { RoundsPage } from "../report/rounds-page-schema.ts";
import { makeSelf, type SelfReport } from "../report/self.ts";
import { makeStatus } from "../report/status.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { type DrillOrder, quickCost, type StartedDrill } from "../run/drill-order.ts";
import type { MeteredRound } from "../run/meter-round.ts";
import { type AskVantage, runRound } from "../run/round.ts";
import { runCountBack } from "../run/count-back.ts";
import { runRoundsPage, type RoundsWish } from "../run/rounds-page.ts";
import { EMPTY_STATE, parseState } from "../run/state.ts";
import type { Clock, Sender, Store } from "../run/world.ts";
import type { DrainAnswer, DrainOrder } from "../steering/drain.ts";
import { type ClientWords, explainRoute, parseClient, type RouteExplanation } from "../steering/explain.ts";
import type { RouterHints } from "../steering/hints.ts";
import type { RoutingSnapshot } from "../steering/snapshot.ts";
import { type Instant, SECOND_MS, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { AlertDesk, type OutboxReport } from "./alert-desk.ts";
import type { CheckerDesk, Checkers } from "./checker-desk.ts";
import { DrillDesk } from "./drill-desk.ts";
import { thrownWords } from "./failure.ts";
import { MaintenanceDesk } from "./maintenance-desk.ts";
import { MeterDesk } from "./meter-desk.ts";
import { ReportDesk } from "./report-desk.ts";
import { RouterDesk } from "./router-desk.ts";
import { type AuditEntry, type AuditShelf, makeAuditShelf } from "./sql-audit.ts";
import type { Sql } from "./sql-store.ts";

export interface KeeperParts {
  readonly clock: Clock;
  readonly store: Store;
  /** The same storage, for what stands beside the rounds. */
  readonly sql: Sql;
  /** Null: Route 53 is not asked what its checkers see. */
  readonly checkers: CheckerDesk | null;
  /** Tells people. */
  readonly sender: Sender;
  readonly log: KeeperLog;
}

/** Lines for whoever runs the monitor; they may hold what the public faces must not. */
export interface KeeperLog {
  readonly note: (line: string) => void;
  readonly warn: (line: string) => void;
}

/** Before the next slot, so that it finds nobody waiting. */
const LEFT_MS = 100;

export class Keeper {
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #log: KeeperLog;
  readonly #reports: ReportDesk;
  readonly #audit: AuditShelf;
  readonly #drills: DrillDesk;
  readonly #maintenance: MaintenanceDesk;
  readonly #router: RouterDesk;
  readonly #meters: MeterDesk;
  readonly #alerts: AlertDesk;
  readonly #checkers: CheckerDesk | null;
  readonly #startedAt: Instant;
  #state: MonitorState | null = null;
  #round: Promise<void> | null = null;
  #telling: Promise<void> = Promise.resolve();
  #trouble: { storage: string | null; round: string | null } = { storage: null, round: null };

  /** Throws where the storage cannot be used. */
  constructor({ clock, store, sql, checkers, sender, log }: KeeperParts) {
    this.#clock = clock;
    this.#store = store;
    this.#log = log;
    this.#reports = new ReportDesk(store, sql);
    this.#audit = makeAuditShelf(sql);
    this.#drills = new DrillDesk(sql, this.#audit);
    this.#maintenance = new MaintenanceDesk(sql, this.#audit);
    this.#router = new RouterDesk(sql, this.#audit);
    this.#meters = new MeterDesk(sql, log.warn);
    this.#alerts = new AlertDesk(sql, this.#audit, sender, clock);
    this.#checkers = checkers;
    this.#startedAt = clock.now();
  }

  /** The grid at `at`: the topology's, or a drill's. */
  intervalMsAt(topology: Topology, at: Instant): number {
    return this.#drills.topologyAt(topology, at).probe.intervalSeconds * SECOND_MS;
  }

  /** Never rejects. Two at once would both go on from the same state, and one of them would be forgotten: the second call waits for the first. */
  async runSlot(topology: Topology, slot: Instant, ask: AskVantage): Promise<void> {
    this.#round ??= this.#tryRound(topology, slot, ask).finally(() => (this.#round = null));
    await this.#round;
    // Whatever receivers do, the next round comes in time; a delivery goes on beside it.
    const leftMs = slot + this.intervalMsAt(topology, slot) - this.#clock.now() - LEFT_MS;
    this.#telling = this.#tellPeople(topology);
    await this.#clock.within(this.#telling, Math.max(0, leftMs));
  }

  /** Before the storage is closed: what is on its way has arrived or failed, by its own deadline, and is written down. Never rejects. */
  async untilTold(): Promise<void> {
    await this.#telling;
  }

  /** Only what is stored is told. Never rejects: what could not be told now is told after another round. */
  async #tellPeople(topology: Topology): Promise<void> {
    if (topology.alerts.length === 0 || this.#trouble.storage !== null) return;
    try {
      const round = this.#trouble.round === null ? "stored" : "lost";
      for (const { level, text } of await this.#alerts.deliver(topology, round)) this.#log[level](text);
    } catch (thrown) {
      this.#log.warn(`people were not told: ${thrownWords(thrown)}`);
    }
  }

  async #tryRound(topology: Topology, slot: Instant, ask: AskVantage): Promise<void> {
    try {
      await this.#runRound(topology, slot, ask);
      this.#trouble.round = null;
    } catch (thrown) {
      this.#trouble.round = thrownWords(thrown);
      this.#log.warn(`round ${slot} did not end: ${this.#trouble.round}`);
    }
  }

  async #runRound(topology: Topology, slot: Instant, ask: AskVantage): Promise<void> {
    const world = { clock: this.#clock, store: this.#store };
    const at = this.#clock.now();
    const before = this.#standingState(await this.#readState(), topology, at);
    const asked = this.#checkers?.readNext(topology, before.checkers ?? {}) ?? Promise.resolve(null);
    const paced = this.#drills.topologyAt(topology, at);
    const { state, changes, saved, metered } = await runRound(paced, slot, before, ask, world);
    if (metered !== null) this.#count(paced, metered);
    // Whoever had this slot knows more than we do: what is stored is read again.
    this.#state = saved.kind === "known" ? null : state;
    this.#noteStorage(saved.kind === "unsaved" ? saved.detail : null);
    for (const { kind, incident } of changes)
      this.#log.note(`incident ${kind}${plannedWords(incident)}: ${incident.subject}: ${incident.reason}`);
    await this.#fileReports(topology, before, slot);
    if (this.#state !== null) this.#state = await this.#countBack(topology, this.#state);
    const read = await asked;
    if (read !== null && this.#state !== null) this.#state = withCheckers(this.#state, topology, read);
  }

  /** Nor do the meters cost one; a round that could not be counted is missing from them for ever. */
  #count(topology: Topology, round: MeteredRound): void {
    try {
      this.#meters.count(topology, round);
    } catch (thrown) {
      this.#log.warn(`not counted: ${thrownWords(thrown)}`);
    }
  }

  /** What is promised anew is counted over the rounds that are stored already: an hour of them a round, kept with the next one. */
  async #countBack(topology: Topology, state: MonitorState): Promise<MonitorState> {
    const counted = await runCountBack(topology, state, this.#store);
    if (counted.kind === "done") return counted.value;
    this.#log.warn(`stored rounds were not counted: ${counted.detail}`);
    return state;
  }

  /** A line when it begins and one when it is over: the reason may be worded anew with every round. */
  #noteStorage(trouble: string | null): void {
    const before = this.#trouble.storage;
    this.#trouble.storage = trouble;
    if (trouble !== null && before === null) this.#log.warn(`the round was not stored: ${trouble}`);
    if (trouble === null && before !== null) this.#log.warn("rounds are stored again");
  }

  /** Reports must not cost a round; whatever keeps them from being made, the next round tries again. */
  async #fileReports(topology: Topology, before: MonitorState, slot: Instant): Promise<void> {
    try {
      await this.#reports.file(topology, before, slot, this.#clock.now());
      this.#alerts.offerReport(topology, slot, (day) => this.#reports.readDay(day), this.#clock.now());
    } catch (thrown) {
      this.#log.warn(`not filed: ${thrownWords(thrown)}`);
    }
  }

  async #readState(): Promise<MonitorState> {
    if (this.#state !== null) return this.#state;
    const read = await this.#store.readState();
    // Judging from nothing would overwrite what is there: better to lose a slot.
    if (read.kind === "failed") throw new Error(`the stored state cannot be read: ${read.detail}`);
    this.#state = read.value === null ? EMPTY_STATE : this.#believe(parseState(read.value));
    return this.#state;
  }

  /** A state that cannot be read is given up, loudly: watching on is worth more than remembering. */
  #believe(parsed: Parsed<MonitorState>): MonitorState {
    if (parsed.ok) return parsed.value;
    const [first] = parsed.problems;
    this.#log.warn(`stored state given up: ${first?.path ?? ""} ${first?.message ?? ""}`);
    return EMPTY_STATE;
  }

  /** The desks know best which drill is in force, what maintenance was ordered and how the router stands; the state only carries it through the round. */
  #standingState(
    { drill: _drill, router: _router, channels: _channels, ...state }: MonitorState,
    topology: Topology,
    at: Instant,
  ): MonitorState {
    const drill = this.#drills.inForce(at);
    const maintenance = this.#maintenance.standing(at);
    const router = this.#router.standing(topology, maintenance, at);
    const channels = topology.alerts.length === 0 ? {} : { channels: this.#alerts.standing(topology) };
    return {
      ...state,
      maintenance,
      ...(drill === null ? {} : { drill }),
      ...(router === null ? {} : { router }),
      ...channels,
    };
  }

  async readStatus(topology: Topology): Promise<StatusReport> {
    const at = this.#clock.now();
    const state = this.#standingState(await this.#readState(), topology, at);
    return makeStatus(this.#drills.topologyAt(topology, at), state, at);
  }

  /** In one call, so that both are of the same round. */
  async readMetrics(topology: Topology): Promise<MetricsSource> {
    return { status: await this.readStatus(topology), meters: this.#meters.read() };
  }

  async readSelf(topology: Topology): Promise<SelfReport> {
    const at = this.#clock.now();
    const state = this.#standingState(await this.#readState(), topology, at);
    return makeSelf(topology, state, this.#trouble, this.#startedAt, at);
  }

  async readRecent(topology: Topology, windowMs: number): Promise<PeriodReport> {
    return this.#reports.readRecent(topology, await this.#readState(), windowMs, this.#clock.now());
  }

  async readBuckets(topology: Topology, width: BucketWidth, windowMs: number): Promise<BucketReport> {
    return this.#reports.readBuckets(topology, await this.#readState(), width, windowMs, this.#clock.now());
  }

  /** The latest first. */
  readDays(): readonly string[] {
    return this.#reports.days();
  }

  readDay(day: string): PeriodReport | null {
    return this.#reports.readDay(day);
  }

  async readRounds(topology: Topology, wish: RoundsWish): Promise<RoundsPage> {
    const { lastSlot } = await this.#readState();
    const page = await runRoundsPage(topology, wish, lastSlot, this.#store);
    if (page.kind === "failed") throw new Error(page.detail);
    return page.value;
  }

  /** The latest first. */
  readDrills(): readonly DrillNotice[] {
    return this.#drills.read();
  }

  startDrill(topology: Topology, order: DrillOrder): StartedDrill {
    const at = this.#clock.now();
    const acceptance = this.#drills.start(topology, order, this.#maintenance.standing(at), at);
    if (acceptance.kind !== "started") return { acceptance, cost: null };
    this.#log.note(`drill started: ${acceptance.drill.id}: ${acceptance.drill.title}`);
    return { acceptance, cost: quickCost(topology, acceptance.drill) };
  }

  /** Null: there is no such drill. */
  endDrill(id: string): DrillNotice | null {
    const drill = this.#drills.end(id, this.#clock.now());
    if (drill !== null) this.#log.note(`drill over: ${drill.id}`);
    return drill;
  }

  /** Of the last day and ahead, what recurs by the topology included; the earliest first. */
  readMaintenance(topology: Topology): readonly MaintenanceWindow[] {
    return this.#maintenance.read(topology, this.#clock.now());
  }

  scheduleMaintenance(topology: Topology, order: MaintenanceOrder): MaintenanceAcceptance {
    const acceptance = this.#maintenance.schedule(topology, order, this.#clock.now());
    if (acceptance.kind === "scheduled") this.#log.note(`maintenance announced: ${spanWords(acceptance.window)}`);
    return acceptance;
  }

  /** A second call changes nothing. */
  endMaintenance(topology: Topology, id: string): MaintenanceEnd {
    const end = this.#maintenance.end(topology, id, this.#clock.now());
    if (end.kind === "ended" || end.kind === "cancelled")
      this.#log.note(`maintenance ${end.kind}: ${spanWords(end.window)}`);
    return end;
  }

  /** The latest first. */
  readAudit(): readonly AuditEntry[] {
    return this.#audit.read();
  }

  readAlerts(topology: Topology): OutboxReport {
    return this.#alerts.read(topology);
  }

  /** False: there is no such channel that is told of incidents. */
  testAlert(topology: Topology, channel: string): boolean {
    return this.#alerts.test(topology, channel, this.#clock.now());
  }

  /** Gives how many dead letters wait again. */
  retryAlerts(topology: Topology): number {
    return this.#alerts.retry(topology, this.#clock.now());
  }

  /** One call for both ways: what an isolate of the router saw, and what it shall route by. */
  async exchangeRouting(topology: Topology, hints: RouterHints): Promise<RoutingSnapshot> {
    const at = this.#clock.now();
    const state = { ...(await this.#readState()), maintenance: this.#maintenance.standing(at) };
    return this.#router.exchange(topology, state, hints, at);
  }

  readDrains(): Drains {
    return this.#router.drains(this.#clock.now());
  }

  drainRegion(topology: Topology, region: string, order: DrainOrder): DrainAnswer {
    const answer = this.#router.drain(topology, region, order, this.#clock.now());
    if (answer.kind === "drained") this.#log.note(`drained: ${region} until ${toIso(answer.drain.until)}`);
    return answer;
  }

  endDrain(topology: Topology, region: string): DrainAnswer {
    return this.#router.endDrain(topology, region, this.#clock.now());
  }

  /** `chance`: from 0 to 1, for the policies that throw dice. */
  async explainRoute(topology: Topology, words: ClientWords, chance: number): Promise<Parsed<RouteExplanation>> {
    const at = this.#clock.now();
    const state = { ...(await this.#readState()), maintenance: this.#maintenance.standing(at) };
    const snapshot = this.#router.snapshot(topology, state, at);
    const client = parseClient(words, topology, snapshot.colos);
    return client.ok ? { ok: true, value: explainRoute(topology, snapshot, client.value, chance) } : client;
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

function spanWords({ id, title, from, until }: MaintenanceWindow): string {
  return `${id} from ${toIso(from)} until ${toIso(until)}: ${title}`;
}
