// The one object that runs the rounds of a service: it keeps the grid by its alarm, asks the vantages, folds, judges and
// stores. Whatever happens in a round, the next alarm is already set.
import { DurableObject } from "cloudflare:workers";
import type { StartedDrill } from "../monitor/http/drill-routes.ts";
import type { Drains, DrillNotice, Incident, MonitorState, VantageReport } from "../monitor/model.ts";
import { assert, type Parsed } from "../monitor/problem.ts";
import type { BucketReport } from "../monitor/report/bucket-report.ts";
import type { PeriodReport } from "../monitor/report/period-report-schema.ts";
import type { BucketWidth } from "../monitor/report/rollup.ts";
import type { RoundsPage } from "../monitor/report/rounds-page-schema.ts";
import { makeSelf, type SelfReport } from "../monitor/report/self.ts";
import { makeStatus } from "../monitor/report/status.ts";
import type { StatusReport } from "../monitor/report/status-schema.ts";
import { type DrillOrder, quickCost } from "../monitor/run/drill-order.ts";
import type { VantageJob } from "../monitor/run/plan.ts";
import { runRoundsPage, type RoundsWish } from "../monitor/run/rounds-page.ts";
import { runRound } from "../monitor/run/round.ts";
import type { DrainAnswer, DrainOrder } from "../monitor/steering/drain.ts";
import { type ClientWords, explainRoute, parseClient, type RouteExplanation } from "../monitor/steering/explain.ts";
import type { RouterHints } from "../monitor/steering/hints.ts";
import type { RoutingSnapshot } from "../monitor/steering/snapshot.ts";
import { EMPTY_STATE, parseState } from "../monitor/run/state.ts";
import type { Store } from "../monitor/run/world.ts";
import { type Instant, SECOND_MS, slotAt, toIso } from "../monitor/time.ts";
import type { Topology } from "../monitor/topology/topology.ts";
import { DrillDesk } from "../monitor/wire/drill-desk.ts";
import { RouterDesk } from "../monitor/wire/router-desk.ts";
import { type AuditEntry, type AuditShelf, makeAuditShelf } from "../monitor/wire/sql-audit.ts";
import { type CheckerDesk, type Checkers, openCheckerDesk } from "./checker-desk.ts";
import { edgeSql, makeEdgeStore } from "./edge-store.ts";
import { edgeClock } from "./edge-world.ts";
import { ReportDesk } from "./report-desk.ts";
import { readTopology, type WorkerEnv } from "./topology-text.ts";
import { vantageName } from "./vantage.ts";

/** An alarm this many intervals late is taken for lost; one this many ahead was set before the clock was set back. */
const AWAY_INTERVALS_MAX = 2;

export class Coordinator extends DurableObject<WorkerEnv> {
  readonly #clock = edgeClock();
  readonly #store: Store;
  readonly #reports: ReportDesk;
  readonly #audit: AuditShelf;
  readonly #drills: DrillDesk;
  readonly #router: RouterDesk;
  readonly #checkers: CheckerDesk | null;
  readonly #startedAt = this.#clock.now();
  #state: MonitorState | null = null;
  #round: Promise<void> | null = null;
  #trouble: { storage: string | null; round: string | null } = { storage: null, round: null };

  constructor(ctx: DurableObjectState, env: WorkerEnv) {
    super(ctx, env);
    this.#store = makeEdgeStore(ctx.storage);
    const sql = edgeSql(ctx.storage);
    this.#reports = new ReportDesk(this.#store, sql);
    this.#audit = makeAuditShelf(sql);
    this.#drills = new DrillDesk(sql, this.#audit);
    this.#checkers = openCheckerDesk(env, this.#clock);
    this.#router = new RouterDesk(sql, this.#audit);
    void ctx.blockConcurrencyWhile(() => this.ensure());
  }

  /** The watchdog: sets the alarm where there is none, or where it is far from now. */
  async ensure(): Promise<void> {
    const topology = readTopology(this.env);
    if (!topology.ok) return;
    const now = this.#clock.now();
    const intervalMs = this.#intervalMsAt(topology.value, now);
    const set = await this.ctx.storage.getAlarm();
    if (set !== null && Math.abs(set - now) < AWAY_INTERVALS_MAX * intervalMs) return;
    await this.ctx.storage.setAlarm(slotAt(now, intervalMs) + intervalMs);
  }

  override async alarm(): Promise<void> {
    const topology = readTopology(this.env);
    if (!topology.ok) return;
    const now = this.#clock.now();
    const intervalMs = this.#intervalMsAt(topology.value, now);
    const slot = slotAt(now, intervalMs);
    await this.ctx.storage.setAlarm(slot + intervalMs);
    // Two at once would both go on from the same state, and one of them would be forgotten.
    this.#round ??= this.#tryRound(topology.value, slot).finally(() => (this.#round = null));
    await this.#round;
  }

  async #tryRound(topology: Topology, slot: number): Promise<void> {
    try {
      await this.#runSlot(topology, slot);
      this.#trouble.round = null;
    } catch (thrown) {
      this.#trouble.round = thrown instanceof Error ? thrown.message : String(thrown);
      console.error(`round ${slot} did not end: ${this.#trouble.round}`);
    }
  }

  async #runSlot(topology: Topology, slot: number): Promise<void> {
    const ask = (job: VantageJob): Promise<VantageReport> => this.#askVantage(job);
    const world = { clock: this.#clock, store: this.#store };
    const at = this.#clock.now();
    const before = this.#standingState(await this.#readState(), topology, at);
    const asked = this.#checkers?.readNext(topology, before.checkers ?? {}) ?? Promise.resolve(null);
    const { state, changes, saved } = await runRound(this.#drills.topologyAt(topology, at), slot, before, ask, world);
    // Whoever had this slot knows more than we do: what is stored is read again.
    this.#state = saved.kind === "known" ? null : state;
    this.#trouble.storage = saved.kind === "unsaved" ? saved.detail : null;
    for (const { kind, incident } of changes)
      console.log(`incident ${kind}${plannedWords(incident)}: ${incident.subject}: ${incident.reason}`);
    await this.#fileReports(topology, before, slot);
    const read = await asked;
    if (read !== null && this.#state !== null) this.#state = withCheckers(this.#state, topology, read);
  }

  /** Reports must not cost a round; whatever keeps them from being made, the next round tries again. */
  async #fileReports(topology: Topology, before: MonitorState, slot: number): Promise<void> {
    try {
      await this.#reports.file(topology, before, slot, this.#clock.now());
    } catch (thrown) {
      console.error(`not filed: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    }
  }

  /** A new stub for every call: one that has thrown stays broken. */
  async #askVantage(job: VantageJob): Promise<VantageReport> {
    const stub = this.env.VANTAGE.getByName(vantageName(job.vantage), { locationHint: job.vantage.hint });
    return stub.look(job);
  }

  async #readState(): Promise<MonitorState> {
    if (this.#state !== null) return this.#state;
    const read = await this.#store.readState();
    // Judging from nothing would overwrite what is there: better to lose a slot.
    if (read.kind === "failed") throw new Error(`the stored state cannot be read: ${read.detail}`);
    this.#state = read.value === null ? EMPTY_STATE : believe(parseState(read.value));
    return this.#state;
  }

  async readStatus(): Promise<StatusReport> {
    const at = this.#clock.now();
    const topology = this.#topology();
    const state = this.#standingState(await this.#readState(), topology, at);
    return makeStatus(this.#drills.topologyAt(topology, at), state, at);
  }

  async readSelf(): Promise<SelfReport> {
    return makeSelf(this.#topology(), await this.#readState(), this.#trouble, this.#startedAt, this.#clock.now());
  }

  /** One call for both ways: what an isolate of the router saw, and what it shall route by. */
  async exchangeRouting(hints: RouterHints): Promise<RoutingSnapshot> {
    return this.#router.exchange(this.#topology(), await this.#readState(), hints, this.#clock.now());
  }

  async readDrains(): Promise<Drains> {
    return this.#router.drains(this.#clock.now());
  }

  async drainRegion(region: string, order: DrainOrder): Promise<DrainAnswer> {
    const answer = this.#router.drain(this.#topology(), region, order, this.#clock.now());
    if (answer.kind === "drained") console.log(`drained: ${region} until ${toIso(answer.drain.until)}`);
    return answer;
  }

  async endDrain(region: string): Promise<DrainAnswer> {
    return this.#router.endDrain(this.#topology(), region, this.#clock.now());
  }

  async explainRoute(words: ClientWords): Promise<Parsed<RouteExplanation>> {
    const topology = this.#topology();
    const snapshot = this.#router.snapshot(topology, await this.#readState(), this.#clock.now());
    const client = parseClient(words, topology, snapshot.colos);
    return client.ok ? { ok: true, value: explainRoute(topology, snapshot, client.value, Math.random()) } : client;
  }

  async readRecent(windowMs: number): Promise<PeriodReport> {
    return this.#reports.readRecent(this.#topology(), await this.#readState(), windowMs, this.#clock.now());
  }

  async readBuckets(width: BucketWidth, windowMs: number): Promise<BucketReport> {
    return this.#reports.readBuckets(this.#topology(), await this.#readState(), width, windowMs, this.#clock.now());
  }

  async readDays(): Promise<readonly string[]> {
    return this.#reports.days();
  }

  async readDay(day: string): Promise<PeriodReport | null> {
    return this.#reports.readDay(day);
  }

  async readRounds(wish: RoundsWish): Promise<RoundsPage> {
    const { lastSlot } = await this.#readState();
    const page = await runRoundsPage(this.#topology(), wish, lastSlot, this.#store);
    if (page.kind === "failed") throw new Error(page.detail);
    return page.value;
  }

  async readDrills(): Promise<readonly DrillNotice[]> {
    return this.#drills.read();
  }

  /** A drill that wants quicker rounds gets the first of them at once, and not when the old alarm would have come. */
  async startDrill(order: DrillOrder): Promise<StartedDrill> {
    const topology = this.#topology();
    const now = this.#clock.now();
    const acceptance = this.#drills.start(topology, order, now);
    if (acceptance.kind !== "started") return { acceptance, cost: null };
    console.log(`drill started: ${acceptance.drill.id}: ${acceptance.drill.title}`);
    const intervalMs = this.#intervalMsAt(topology, now);
    if (acceptance.drill.probeEverySeconds !== null)
      await this.ctx.storage.setAlarm(slotAt(now, intervalMs) + intervalMs);
    return { acceptance, cost: quickCost(topology, acceptance.drill) };
  }

  async endDrill(id: string): Promise<DrillNotice | null> {
    const drill = this.#drills.end(id, this.#clock.now());
    if (drill !== null) console.log(`drill over: ${drill.id}`);
    return drill;
  }

  async readAudit(): Promise<readonly AuditEntry[]> {
    return this.#audit.read();
  }

  /** The desks know best which drill is in force and how the router stands; the state only carries it through the round. */
  #standingState(
    { drill: _drill, router: _router, ...state }: MonitorState,
    topology: Topology,
    at: Instant,
  ): MonitorState {
    const drill = this.#drills.inForce(at);
    const router = this.#router.standing(topology, at);
    return { ...state, ...(drill === null ? {} : { drill }), ...(router === null ? {} : { router }) };
  }

  #intervalMsAt(topology: Topology, at: Instant): number {
    return this.#drills.topologyAt(topology, at).probe.intervalSeconds * SECOND_MS;
  }

  /** The Worker asks for nothing while the topology is broken. */
  #topology(): Topology {
    const topology = readTopology(this.env);
    assert(topology.ok, "a broken topology is answered before the coordinator is asked");
    return topology.value;
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

/** A state that cannot be read is given up, loudly: watching on is worth more than remembering. */
function believe(parsed: Parsed<MonitorState>): MonitorState {
  if (parsed.ok) return parsed.value;
  const [first] = parsed.problems;
  console.error(`stored state given up: ${first?.path ?? ""} ${first?.message ?? ""}`);
  return EMPTY_STATE;
}
