// What a drill's file says, and what becomes of it under a topology: types only. A script speaks of "primary" and of
// times that follow from the policy, so that one file fits every topology; a plan has ids and milliseconds.
import type { LeverWish } from "./lever-wish.ts";
import type { DnsFault, GateFault } from "./faults.ts";

/** A number of seconds, or what the topology's own deadlines say. */
export type Seconds = number | "policy";

/** A region's id, or its part in the policy: under failover routing "primary" and "secondary", else the first two regions. */
export type RegionWord = string;

export type ScriptFault =
  | {
      readonly lever: "gate";
      readonly region: RegionWord;
      readonly fault: Exclude<GateFault, "open">;
      readonly onlyFrom: readonly string[];
      /** In looks of the health check, so that it means the same at every interval. */
      readonly flap: { readonly downLooks: number; readonly upLooks: number } | null;
    }
  | { readonly lever: "dns-gate"; readonly fault: Exclude<DnsFault, "open"> }
  | {
      readonly lever:
        | "route53-health-check"
        | "kubefed-replicas"
        | "karmada-replicas"
        | "service-drain"
        | "router-drain";
      readonly region: RegionWord;
    }
  | {
      readonly lever: "istio-abort";
      readonly region: RegionWord;
      readonly httpStatus: number;
      readonly percent: number;
    };

/** What must come of the fault. */
export interface DrillExpectation {
  /** Where DNS answers go while the fault stands; "either": no promise. */
  readonly answers: "move" | "stay" | "either";
  /** Whether users are served again before the repair, through DNS. */
  readonly users: "recover" | "never-lost" | "lost";
  /** What the monitor must call deviating while the fault stands; empty: it must stay calm. */
  readonly notices: readonly ("region" | "dns" | "failover")[];
}

/** The most that may be measured; null: no bound. Times in seconds. */
export interface ScriptBounds {
  /** Fault to unhealthy. */
  readonly detectionSeconds: Seconds | null;
  /** Fault to moved answer at the name servers, the slowest place. */
  readonly failoverSeconds: Seconds | null;
  /** Fault to users served again through DNS, the slowest place. */
  readonly recoverySeconds: Seconds | null;
  /** Repair to answers as before at the name servers, the slowest place. */
  readonly failbackSeconds: Seconds | null;
  /** Longest time without service in any one place, through DNS. */
  readonly gapSeconds: Seconds | null;
  /** Lost requests among those tried while the fault stood, 0 to 1, through DNS. */
  readonly lostShareMax: number | null;
}

/** Times of day in UTC in which the drill may not start. */
export interface BlockedWindow {
  readonly days: readonly Weekday[];
  /** "HH:MM"; a window whose end is not after its start ends on the next day. */
  readonly fromUtc: string;
  readonly toUtc: string;
}

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** What ends a drill early, and undoes it. */
export type AbortCondition =
  /** A region that the drill leaves alone became unhealthy. */
  | { readonly when: "bystander-unhealthy" }
  /** A larger share of the requests of the latest window was lost. */
  | { readonly when: "lost-share-over"; readonly share: number; readonly windowSeconds: Seconds }
  /** Nothing was heard of the monitor for so long. */
  | { readonly when: "monitor-silent"; readonly seconds: Seconds };

export interface DrillScript {
  readonly schemaVersion: 1;
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly faults: {
    /** Under `local: true`, and in every simulation. */
    readonly local: readonly ScriptFault[];
    /** Elsewhere; empty: the drill is for the local world alone. */
    readonly real: readonly ScriptFault[];
  };
  readonly expect: DrillExpectation;
  readonly steadyState: { readonly windowSeconds: Seconds };
  /** How long the fault stands. */
  readonly faultSeconds: Seconds;
  /** How long is looked on after the repair. */
  readonly afterSeconds: Seconds;
  /** From the first lever on, everything is undone at the latest after this; longer than `faultSeconds`. */
  readonly expirySeconds: Seconds;
  readonly bounds: ScriptBounds;
  readonly abortWhen: readonly AbortCondition[];
  readonly blockedWindows: readonly BlockedWindow[];
  /** Names that must be given when the drill is started, one for each. */
  readonly approvals: readonly string[];
}

export interface PlannedAbort {
  readonly bystanderUnhealthy: boolean;
  /** Null: no such condition. */
  readonly lostShareOver: { readonly share: number; readonly windowMs: number } | null;
  readonly monitorSilentMs: number | null;
}

/** As in the script, in milliseconds. */
export interface PlannedBounds {
  readonly detectionMs: number | null;
  readonly failoverMs: number | null;
  readonly recoveryMs: number | null;
  readonly failbackMs: number | null;
  readonly gapMs: number | null;
  readonly lostShareMax: number | null;
}

/** How often is looked during the drill. */
export interface Cadence {
  /** The monitor's own rounds. */
  readonly roundMs: number;
  /** Our reading of its status. */
  readonly statusMs: number;
  /** Each vantage's DNS question, each view. */
  readonly dnsMs: number;
  /** Each vantage's request, each way. */
  readonly requestMs: number;
}

/** A script under one topology: everything that running, measuring, judging and reporting need, as plain JSON. */
export interface DrillPlan {
  readonly scriptId: string;
  readonly title: string;
  readonly description: string;
  readonly topologyFingerprint: string;
  /** True in the local world: what is measured there says nothing of real places. */
  readonly local: boolean;
  /** True: the script has no fault for a real topology; then `faults` are those of the local world, for simulation alone. */
  readonly localOnly: boolean;
  readonly service: { readonly name: string; readonly host: string };
  /** In the order of the topology. */
  readonly regions: readonly { readonly id: string; readonly addresses: readonly string[] }[];
  /** In the order of the topology. */
  readonly vantages: readonly string[];
  readonly ttlSeconds: number;
  /** In the order of the script: applied so, undone in reverse. */
  readonly faults: readonly LeverWish[];
  /** Ids of the regions that the faults are about, in the order of the topology. */
  readonly faulted: readonly string[];
  readonly expect: DrillExpectation;
  readonly steadyWindowMs: number;
  readonly faultMs: number;
  readonly afterMs: number;
  readonly expiryMs: number;
  readonly bounds: PlannedBounds;
  readonly abort: PlannedAbort;
  readonly blockedWindows: readonly BlockedWindow[];
  readonly approvals: readonly string[];
  readonly cadence: Cadence;
}
