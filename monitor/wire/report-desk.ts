// A monitor's reports: makes those of days that are over, keeps them beside the rounds, and counts any recent window.
// What it has counted it keeps in memory, so that readers cannot make it read the same hour again and again.
import type { MonitorState } from "../model/state.ts";
import { type PeriodReport, parsePeriodReport } from "../report/period-report-schema.ts";
import type { BucketReport } from "../report/bucket-report.ts";
import type { BucketWidth } from "../report/rollup.ts";
import type { HourBook, Ledger } from "../run/period.ts";
import { runRecentBuckets } from "../run/recent-buckets.ts";
import { isNewDay, runDayReports, runRecentReport } from "../run/report-days.ts";
import { runRollUp } from "../run/roll-up.ts";
import type { BucketShelf, Store } from "../run/world.ts";
import { HOUR_MS, type Instant, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { makeBucketShelf } from "./sql-buckets.ts";
import { makeReportShelf, type ReportShelf } from "./sql-reports.ts";
import type { Sql } from "./sql-store.ts";

export class ReportDesk {
  readonly #store: Store;
  readonly #shelf: ReportShelf;
  readonly #buckets: BucketShelf;
  /** Null: nothing was counted yet. Another topology counts anew: it has others who should have looked. */
  #countedUnder: Topology | null = null;
  #hours: HourBook = new Map();
  /** By window, since the latest round: until the next one there is nothing new to say. */
  #recent = { round: -1, reports: new Map<number, PeriodReport>(), buckets: new Map<string, BucketReport>() };
  /** The slot after which all days that were over had their report; null after a restart. */
  #settledAt: Instant | null = null;
  /** The hour in which all that was over had been rolled up; null after a restart. */
  #rolledIn: Instant | null = null;

  constructor(store: Store, sql: Sql) {
    this.#store = store;
    this.#shelf = makeReportShelf(sql);
    this.#buckets = makeBucketShelf(sql);
  }

  /** After every round; throws what keeps it from its work, and the next round tries again. */
  async file(topology: Topology, before: MonitorState, slot: Instant, at: Instant): Promise<void> {
    await this.#rollUp(topology, before, slot);
    await this.#fileDays(topology, before, slot, at);
  }

  async #rollUp(topology: Topology, before: MonitorState, slot: Instant): Promise<void> {
    const hour = slotAt(slot, HOUR_MS);
    if (this.#rolledIn === hour) return;
    const done = await runRollUp(topology, before, slot, this.#store, this.#buckets);
    if (done.kind === "failed") throw new Error(done.detail);
    this.#rolledIn = hour;
  }

  async #fileDays(topology: Topology, before: MonitorState, slot: Instant, at: Instant): Promise<void> {
    if (!isNewDay(this.#settledAt, slot)) return;
    const kept = this.#shelf.days();
    const made = await runDayReports(topology, before, slot, kept, this.#ledger(topology), at);
    if (made.kind === "failed") throw new Error(made.detail);
    for (const { day, report } of made.value) this.#shelf.keep(day, JSON.stringify(report));
    this.#settledAt = slot;
  }

  async readRecent(topology: Topology, state: MonitorState, windowMs: number, at: Instant): Promise<PeriodReport> {
    const { reports } = this.#recentOf(topology, state);
    const held = reports.get(windowMs);
    if (held !== undefined) return held;
    const made = await runRecentReport(topology, state, windowMs, this.#ledger(topology), at);
    if (made.kind === "failed") throw new Error(made.detail);
    reports.set(windowMs, made.value);
    return made.value;
  }

  async readBuckets(
    topology: Topology,
    state: MonitorState,
    width: BucketWidth,
    windowMs: number,
    at: Instant,
  ): Promise<BucketReport> {
    const { buckets } = this.#recentOf(topology, state);
    const key = `${width} ${windowMs}`;
    const held = buckets.get(key);
    if (held !== undefined) return held;
    const made = await runRecentBuckets(topology, state, { width, windowMs }, this.#ledger(topology), at);
    if (made.kind === "failed") throw new Error(made.detail);
    buckets.set(key, made.value);
    return made.value;
  }

  #recentOf(topology: Topology, { rounds }: MonitorState) {
    this.#countUnder(topology);
    if (this.#recent.round !== rounds) this.#recent = { round: rounds, reports: new Map(), buckets: new Map() };
    return this.#recent;
  }

  #ledger(topology: Topology): Ledger {
    this.#countUnder(topology);
    return { hours: this.#hours, store: this.#store, buckets: this.#buckets };
  }

  #countUnder(topology: Topology): void {
    if (this.#countedUnder === topology) return;
    this.#countedUnder = topology;
    this.#hours = new Map();
    this.#recent = { round: -1, reports: new Map(), buckets: new Map() };
  }

  days(): readonly string[] {
    return this.#shelf.days();
  }

  /** Null: there is none of that day, or none that this version can read. */
  readDay(day: string): PeriodReport | null {
    const json = this.#shelf.read(day);
    return json === null ? null : parsePeriodReport(JSON.parse(json));
  }
}
