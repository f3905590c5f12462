// The coordinator's reports: makes those of days that are over, keeps them beside the rounds, and counts any recent window.
// What it has counted it keeps in memory, so that readers cannot make it read the same hour again and again.
import type { MonitorState } from "../monitor/model.ts";
import { type PeriodReport, parsePeriodReport } from "../monitor/report/period-report-schema.ts";
import type { HourBook } from "../monitor/run/period.ts";
import { isNewDay, runDayReports, runRecentReport } from "../monitor/run/report-days.ts";
import type { Store } from "../monitor/run/world.ts";
import type { Instant } from "../monitor/time.ts";
import type { Topology } from "../monitor/topology/topology.ts";
import { makeReportShelf, type ReportShelf } from "../monitor/wire/sql-reports.ts";
import type { Sql } from "../monitor/wire/sql-store.ts";

export class ReportDesk {
  readonly #store: Store;
  readonly #shelf: ReportShelf;
  #hours: HourBook = new Map();
  #countedUnder: Topology | null = null;
  /** By window, since the latest round: until the next one there is nothing new to say. */
  #recent = { round: -1, reports: new Map<number, PeriodReport>() };
  /** The slot after which all days that were over had their report; null after a restart. */
  #settledAt: Instant | null = null;

  constructor(store: Store, sql: Sql) {
    this.#store = store;
    this.#shelf = makeReportShelf(sql);
  }

  /** After every round; throws what keeps it from its work, and the next round tries again. */
  async fileDays(topology: Topology, before: MonitorState, slot: Instant, at: Instant): Promise<void> {
    if (!isNewDay(this.#settledAt, slot)) return;
    const kept = this.#shelf.days();
    const made = await runDayReports(topology, before, slot, kept, this.#hoursUnder(topology), this.#store, at);
    if (made.kind === "failed") throw new Error(made.detail);
    for (const { day, report } of made.value) this.#shelf.keep(day, JSON.stringify(report));
    this.#settledAt = slot;
  }

  async readRecent(topology: Topology, state: MonitorState, windowMs: number, at: Instant): Promise<PeriodReport> {
    if (this.#recent.round !== state.rounds) this.#recent = { round: state.rounds, reports: new Map() };
    const held = this.#recent.reports.get(windowMs);
    if (held !== undefined) return held;
    const made = await runRecentReport(topology, state, windowMs, this.#hoursUnder(topology), this.#store, at);
    if (made.kind === "failed") throw new Error(made.detail);
    this.#recent.reports.set(windowMs, made.value);
    return made.value;
  }

  /** Another topology counts anew: it has others who should have looked. */
  #hoursUnder(topology: Topology): HourBook {
    if (this.#countedUnder !== topology) this.#hours = new Map();
    this.#countedUnder = topology;
    return this.#hours;
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
