// The one object that runs the rounds of a service: it keeps the grid by its alarm, and reaches the vantages. Whatever happens
// in a round, the next alarm is already set. What a monitor is beside that, the keeper knows.
import { DurableObject } from "cloudflare:workers";
import type { Mute } from "../monitor/model/alert.ts";
import type { MuteAcceptance, MuteEnd, MuteOrder } from "../monitor/incident/mute-order.ts";
import type { MaintenanceAcceptance, MaintenanceEnd, MaintenanceOrder } from "../monitor/maintenance/order.ts";
import type { ObservationBatch, VantageReport } from "../monitor/model/observation.ts";
import type { DrillNotice, MaintenanceWindow } from "../monitor/model/planned.ts";
import type { Drains } from "../monitor/model/steering.ts";
import { assert, type Parsed } from "../monitor/problem.ts";
import type { BucketReport } from "../monitor/report/bucket-report.ts";
import type { MetricsSource } from "../monitor/report/metrics.ts";
import type { PeriodReport } from "../monitor/report/period-report-schema.ts";
import type { BucketWidth } from "../monitor/report/rollup.ts";
import type { RoundsPage } from "../monitor/report/rounds-page-schema.ts";
import type { SelfReport } from "../monitor/report/self.ts";
import type { StatusReport } from "../monitor/report/status-schema.ts";
import type { BatchAnswer } from "../monitor/run/batch-order.ts";
import type { DrillOrder, StartedDrill } from "../monitor/run/drill-order.ts";
import type { VantageJob } from "../monitor/run/plan.ts";
import type { RoundsWish } from "../monitor/run/rounds-page.ts";
import type { DrainAnswer, DrainOrder } from "../monitor/steering/drain.ts";
import type { ClientWords, RouteExplanation } from "../monitor/steering/explain.ts";
import type { RouterHints } from "../monitor/steering/hints.ts";
import type { RoutingSnapshot } from "../monitor/steering/snapshot.ts";
import { slotAt } from "../monitor/time.ts";
import type { Topology } from "../monitor/topology/topology.ts";
import { openCheckerDesk } from "../monitor/wire/checker-desk.ts";
import type { OutboxReport } from "../monitor/wire/alert-desk.ts";
import { Keeper } from "../monitor/wire/keeper.ts";
import { makeSender } from "../monitor/wire/send.ts";
import type { AuditEntry } from "../monitor/wire/sql-audit.ts";
import { edgeSql, makeEdgeStore } from "./edge-store.ts";
import { edgeClock } from "./edge-world.ts";
import { readTopology, type WorkerEnv } from "./topology-text.ts";
import { vantageName } from "./vantage.ts";

/** An alarm this many intervals late is taken for lost; one this many ahead was set before the clock was set back. */
const AWAY_INTERVALS_MAX = 2;

const LOG = { note: (line: string) => console.log(line), warn: (line: string) => console.error(line) };

export class Coordinator extends DurableObject<WorkerEnv> {
  readonly #clock = edgeClock();
  readonly #keeper: Keeper;

  constructor(ctx: DurableObjectState, env: WorkerEnv) {
    super(ctx, env);
    this.#keeper = new Keeper({
      clock: this.#clock,
      store: makeEdgeStore(ctx.storage),
      sql: edgeSql(ctx.storage),
      checkers: openCheckerDesk(env, this.#clock),
      sender: makeSender(fetch, this.#clock),
      log: LOG,
    });
    void ctx.blockConcurrencyWhile(() => this.ensure());
  }

  /** The watchdog: sets the alarm where there is none, or where it is far from now. */
  async ensure(): Promise<void> {
    const topology = readTopology(this.env);
    if (!topology.ok) return;
    const now = this.#clock.now();
    const intervalMs = this.#keeper.intervalMsAt(topology.value, now);
    const set = await this.ctx.storage.getAlarm();
    if (set !== null && Math.abs(set - now) < AWAY_INTERVALS_MAX * intervalMs) return;
    await this.ctx.storage.setAlarm(slotAt(now, intervalMs) + intervalMs);
  }

  override async alarm(): Promise<void> {
    const topology = readTopology(this.env);
    if (!topology.ok) return;
    const now = this.#clock.now();
    const intervalMs = this.#keeper.intervalMsAt(topology.value, now);
    const slot = slotAt(now, intervalMs);
    await this.ctx.storage.setAlarm(slot + intervalMs);
    await this.#keeper.runSlot(topology.value, slot, (job) => this.#askVantage(job));
  }

  /** A new stub for every call: one that has thrown stays broken. */
  async #askVantage(job: VantageJob): Promise<VantageReport> {
    const { hint } = job.vantage;
    assert(hint !== null, "private vantages are not sent to look");
    const stub = this.env.VANTAGE.getByName(vantageName(job.vantage), { locationHint: hint });
    return stub.look(job);
  }

  async acceptBatch(batch: ObservationBatch, digest: string): Promise<BatchAnswer> {
    return this.#keeper.acceptBatch(this.#topology(), batch, digest);
  }

  async readStatus(): Promise<StatusReport> {
    return this.#keeper.faces.readStatus(this.#topology());
  }

  async readPast(): Promise<StatusReport["incidents"]> {
    return this.#keeper.faces.readPast();
  }

  async readMetrics(): Promise<MetricsSource> {
    return this.#keeper.faces.readMetrics(this.#topology());
  }

  async readSelf(): Promise<SelfReport> {
    return this.#keeper.faces.readSelf(this.#topology());
  }

  async exchangeRouting(hints: RouterHints): Promise<RoutingSnapshot> {
    return this.#keeper.routing.exchangeRouting(this.#topology(), hints);
  }

  async readDrains(): Promise<Drains> {
    return this.#keeper.routing.readDrains();
  }

  async drainRegion(region: string, order: DrainOrder): Promise<DrainAnswer> {
    return this.#keeper.routing.drainRegion(this.#topology(), region, order);
  }

  async endDrain(region: string): Promise<DrainAnswer> {
    return this.#keeper.routing.endDrain(this.#topology(), region);
  }

  async explainRoute(words: ClientWords): Promise<Parsed<RouteExplanation>> {
    return this.#keeper.routing.explainRoute(this.#topology(), words, Math.random());
  }

  async readRecent(windowMs: number): Promise<PeriodReport> {
    return this.#keeper.faces.readRecent(this.#topology(), windowMs);
  }

  async readBuckets(width: BucketWidth, windowMs: number): Promise<BucketReport> {
    return this.#keeper.faces.readBuckets(this.#topology(), width, windowMs);
  }

  async readDays(): Promise<readonly string[]> {
    return this.#keeper.faces.readDays();
  }

  async readDay(day: string): Promise<PeriodReport | null> {
    return this.#keeper.faces.readDay(day);
  }

  async readRounds(wish: RoundsWish): Promise<RoundsPage> {
    return this.#keeper.faces.readRounds(this.#topology(), wish);
  }

  async readDrills(): Promise<readonly DrillNotice[]> {
    return this.#keeper.writes.readDrills();
  }

  /** A drill that wants quicker rounds gets the first of them at once, and not when the old alarm would have come. */
  async startDrill(order: DrillOrder): Promise<StartedDrill> {
    const topology = this.#topology();
    const now = this.#clock.now();
    const started = this.#keeper.writes.startDrill(topology, order);
    if (started.acceptance.kind !== "started") return started;
    const intervalMs = this.#keeper.intervalMsAt(topology, now);
    if (started.acceptance.drill.probeEverySeconds !== null)
      await this.ctx.storage.setAlarm(slotAt(now, intervalMs) + intervalMs);
    return started;
  }

  async endDrill(id: string): Promise<DrillNotice | null> {
    return this.#keeper.writes.endDrill(id);
  }

  async readAlerts(): Promise<OutboxReport> {
    return this.#keeper.writes.readAlerts(this.#topology());
  }

  async testAlert(channel: string): Promise<boolean> {
    return this.#keeper.writes.testAlert(this.#topology(), channel);
  }

  async retryAlerts(): Promise<number> {
    return this.#keeper.writes.retryAlerts(this.#topology());
  }

  async readMaintenance(): Promise<readonly MaintenanceWindow[]> {
    return this.#keeper.writes.readMaintenance(this.#topology());
  }

  async scheduleMaintenance(order: MaintenanceOrder): Promise<MaintenanceAcceptance> {
    return this.#keeper.writes.scheduleMaintenance(this.#topology(), order);
  }

  async endMaintenance(id: string): Promise<MaintenanceEnd> {
    return this.#keeper.writes.endMaintenance(this.#topology(), id);
  }

  async readMutes(): Promise<readonly Mute[]> {
    return this.#keeper.writes.readMutes();
  }

  async startMute(order: MuteOrder): Promise<MuteAcceptance> {
    return this.#keeper.writes.startMute(this.#topology(), order);
  }

  async endMute(id: string): Promise<MuteEnd> {
    return this.#keeper.writes.endMute(id);
  }

  async readAudit(): Promise<readonly AuditEntry[]> {
    return this.#keeper.writes.readAudit();
  }

  /** The Worker asks for nothing while the topology is broken. */
  #topology(): Topology {
    const topology = readTopology(this.env);
    assert(topology.ok, "a broken topology is answered before the coordinator is asked");
    return topology.value;
  }
}
