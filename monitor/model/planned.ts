// What the monitor was told beforehand, so that what it causes is planned: drills and maintenance.
import type { Instant } from "../time.ts";

/** What a drill may be meant to make deviate: its regions with what they claim, DNS answers, failover itself. */
export const DRILL_CAUSES = ["region", "dns", "failover"] as const;
export type DrillCause = (typeof DRILL_CAUSES)[number];

/** A failover drill that the monitor was told of: what it causes is planned. */
export interface DrillNotice {
  readonly id: string;
  readonly title: string;
  /** Ids of the regions that it breaks. */
  readonly regions: readonly string[];
  readonly causes: readonly DrillCause[];
  readonly startedAt: Instant;
  /** By then it must be over. */
  readonly expiresAt: Instant;
  /** Null: it is not over. */
  readonly endedAt: Instant | null;
  /** Seconds between rounds while it runs; null: as always. */
  readonly probeEverySeconds: number | null;
  /** What it caused may be seen for so long after it. */
  readonly settleMs: number;
}

/** An announced span in which regions may fail: they are looked at as always, and what they do counts apart. */
export interface MaintenanceWindow {
  readonly id: string;
  readonly title: string;
  /** Ids of regions; empty: all. */
  readonly regions: readonly string[];
  readonly from: Instant;
  /** No part of it. */
  readonly until: Instant;
  /** Who ordered it, in their own words; null: not said. */
  readonly by: string | null;
  /** "recurring": by the topology. */
  readonly kind: "once" | "recurring";
}
