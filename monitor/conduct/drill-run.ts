// What one run of a drill is made of: who takes part, where its files are, and how it ends. Types only.
import type { DrillEvent, DrillRecord } from "../drill/record.ts";
import type { DrillPlan } from "../drill/script.ts";
import type { Journal } from "../lever/journal.ts";
import type { Lever, LeverPlan } from "../lever/lever.ts";
import type { Act } from "../lever/pull.ts";
import type { Restored } from "../lever/restore.ts";
import type { StatusReport } from "../report/status-schema.ts";
import type { LookingWorld } from "../run/world.ts";
import type { Topology } from "../topology/topology.ts";
import type { MonitorClient } from "./monitor-client.ts";
import type { Sight } from "./observers.ts";
import type { RecordFile } from "./record-file.ts";
import type { RouterDoor } from "./scene.ts";

export interface PreparedLever {
  readonly lever: Lever;
  readonly plan: Extract<LeverPlan, { readonly kind: "ready" }>;
}

export interface DrillRun {
  readonly id: string;
  readonly plan: DrillPlan;
  readonly topology: Topology;
  /** In the order of the plan's faults. */
  readonly levers: readonly PreparedLever[];
  readonly monitor: MonitorClient;
  /** Of the local world; null: the monitor is none. */
  readonly worldPort: number | null;
  readonly router: RouterDoor | null;
  /** Seconds between the monitor's rounds; null: as always. */
  readonly probeEverySeconds: number | null;
  /** Where journals and records are kept. */
  readonly state: string;
  readonly rollback: Act;
  /** Asked before the steady state is watched, and again when it has been. */
  readonly judgeStart: (status: StatusReport | null) => Promise<StartJudgement>;
}

/** Every reason not to begin; none at all: it begins. */
export interface StartJudgement {
  /** Waiting would not help. */
  readonly lasting: readonly string[];
  /** A little time may dissolve these. */
  readonly passing: readonly string[];
}

export interface Conducting {
  readonly world: LookingWorld;
  /** Every event as it comes, for whoever shows the progress. */
  readonly tell: (event: DrillEvent) => void;
  /** A person or the system wants it to end. */
  readonly stop: AbortSignal;
}

export type DrillEnd =
  /** The levers never acted. */
  | { readonly kind: "refused"; readonly why: readonly string[]; readonly record: DrillRecord | null }
  | { readonly kind: "ran"; readonly record: DrillRecord; readonly restored: Restored };

export interface DrillFiles {
  readonly journal: Journal;
  readonly file: RecordFile;
}

/** A drill that the monitor has taken. */
export interface Course extends DrillFiles {
  readonly run: DrillRun;
  readonly world: LookingWorld;
  readonly sight: Sight;
  readonly note: (event: DrillEvent) => void;
  readonly stop: AbortSignal;
}
