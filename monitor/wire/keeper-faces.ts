// What a monitor tells everybody: how things are, how they were, and how it is itself.
import type { BucketReport } from "../report/bucket-report.ts";
import type { MetricsSource } from "../report/metrics.ts";
import type { PeriodReport } from "../report/period-report-schema.ts";
import type { BucketWidth } from "../report/rollup.ts";
import type { RoundsPage } from "../report/rounds-page-schema.ts";
import { makeSelf, type SelfReport } from "../report/self.ts";
import { makeStatus, pastRows } from "../report/status.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { runRoundsPage, type RoundsWish } from "../run/rounds-page.ts";
import type { Topology } from "../topology/topology.ts";
import { type KeeperDesks, standingState } from "./keeper-desks.ts";

export class KeeperFaces {
  readonly #desks: KeeperDesks;

  constructor(desks: KeeperDesks) {
    this.#desks = desks;
  }

  async readStatus(topology: Topology): Promise<StatusReport> {
    const at = this.#desks.clock.now();
    const state = standingState(this.#desks, await this.#desks.kept.read(), topology, at);
    return makeStatus(this.#desks.drills.topologyAt(topology, at), state, at);
  }

  /** Closed in the last 30 days, the latest first; those that the status tells as well. */
  readPast(): StatusReport["incidents"] {
    return pastRows(this.#desks.past.read(this.#desks.clock.now()));
  }

  /** In one call, so that both are of the same round. */
  async readMetrics(topology: Topology): Promise<MetricsSource> {
    return { status: await this.readStatus(topology), meters: this.#desks.meters.read() };
  }

  async readSelf(topology: Topology): Promise<SelfReport> {
    const at = this.#desks.clock.now();
    const state = standingState(this.#desks, await this.#desks.kept.read(), topology, at);
    return makeSelf(topology, state, this.#desks.kept.trouble, this.#desks.startedAt, at);
  }

  async readRecent(topology: Topology, windowMs: number): Promise<PeriodReport> {
    return this.#desks.reports.readRecent(topology, await this.#desks.kept.read(), windowMs, this.#desks.clock.now());
  }

  async readBuckets(topology: Topology, width: BucketWidth, windowMs: number): Promise<BucketReport> {
    return this.#desks.reports.readBuckets(
      topology,
      await this.#desks.kept.read(),
      width,
      windowMs,
      this.#desks.clock.now(),
    );
  }

  /** The latest first. */
  readDays(): readonly string[] {
    return this.#desks.reports.days();
  }

  readDay(day: string): PeriodReport | null {
    return this.#desks.reports.readDay(day);
  }

  async readRounds(topology: Topology, wish: RoundsWish): Promise<RoundsPage> {
    const { lastSlot } = await this.#desks.kept.read();
    const page = await runRoundsPage(topology, wish, lastSlot, this.#desks.store);
    if (page.kind === "failed") throw new Error(page.detail);
    return page.value;
  }
}
