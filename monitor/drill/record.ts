// What happened in one drill, as it was seen: a list of events, from which every figure is made and nothing else. It is
// kept as JSON, so instants are integer milliseconds and the version is checked when it is read.
import type { DnsPath, FailureCause } from "../model/observation.ts";
import type { VerdictKind } from "../model/verdict.ts";
import type { Health } from "../policy/health-check.ts";
import { type Instant, toIso } from "../time.ts";
import type { LeverKind } from "./lever-wish.ts";
import type { DrillPlan } from "./script.ts";

/** More than a drill of an hour makes; an observer that reaches it stops writing and the outcome says so. */
export const EVENTS_MAX = 100_000;

/** "steady": before the fault. "fault": a lever acts. "repair": the levers are undone. "over": nobody looks any more. */
export type DrillStage = "steady" | "fault" | "repair" | "over";

/**
 * Observers write down every look, also those that saw nothing new: the look before a change is what tells how exactly its
 * time is known. `at` of a look is when its answer was there.
 */
export type DrillEvent =
  | { readonly kind: "stage"; readonly at: Instant; readonly stage: DrillStage }
  | {
      readonly kind: "lever";
      readonly at: Instant;
      readonly lever: LeverKind;
      /** A region's id, or "dns". */
      readonly target: string;
      readonly action: "applying" | "applied" | "restoring" | "restored" | "failed";
      readonly detail: string;
    }
  /** A region's health in the monitor's latest round: `at` is that round's. */
  | {
      readonly kind: "health";
      readonly at: Instant;
      readonly region: string;
      readonly view: "route53" | "users";
      readonly health: Health;
    }
  /** One vantage's look at a region, as in the cells of `/status`. */
  | {
      readonly kind: "opinion";
      readonly at: Instant;
      readonly region: string;
      readonly vantage: string;
      readonly state: "up" | "down" | "unknown" | "missed";
    }
  /** One question to DNS. */
  | {
      readonly kind: "dns";
      readonly at: Instant;
      readonly vantage: string;
      readonly view: DnsPath;
      /** Sorted addresses; empty without an answer. */
      readonly answer: readonly string[];
      readonly ttlSeconds: number | null;
      /** Sorted addresses; empty where several answers are legal or none was judged. */
      readonly expected: readonly string[];
      /** Null: nobody judged this one. */
      readonly verdict: VerdictKind | null;
    }
  /** One user's request: by the name as DNS gives it, its TTL kept, or through the router. */
  | {
      readonly kind: "request";
      readonly at: Instant;
      readonly via: "dns" | "router";
      readonly vantage: string;
      /** Id of the region that served it; null: it was lost. */
      readonly served: string | null;
      /** Of a lost one until it was given up: several may be under way, and end in another order. Null: nobody knows. */
      readonly totalMs: number | null;
      /** Null: it was served. */
      readonly cause: FailureCause | null;
    }
  /** What the monitor makes of a subject, from its latest round: `at` is that round's. */
  | { readonly kind: "verdict"; readonly at: Instant; readonly subject: string; readonly verdict: VerdictKind }
  | {
      readonly kind: "incident";
      readonly at: Instant;
      readonly change: "opened" | "closed";
      readonly subject: string;
      readonly causedByDrill: boolean;
    }
  | { readonly kind: "abort"; readonly at: Instant; readonly reason: string }
  /** Something that went wrong with the looking itself, or that a reader should know. */
  | { readonly kind: "note"; readonly at: Instant; readonly text: string };

export type DrillEventOf<K extends DrillEvent["kind"]> = Extract<DrillEvent, { readonly kind: K }>;

export interface DrillRecord {
  readonly schemaVersion: 1;
  /** "20261128T124003Z-primary-outage": sorts by time, and names files. */
  readonly id: string;
  readonly plan: DrillPlan;
  /** True: no lever acted, all of it is calculated. */
  readonly simulated: boolean;
  readonly startedAt: Instant;
  /** Null: it is under way, or it broke off. */
  readonly endedAt: Instant | null;
  /** In the order of time. */
  readonly events: readonly DrillEvent[];
}

/** The id of a drill that starts now. */
export function drillId(scriptId: string, startedAt: Instant): string {
  const stamp = toIso(startedAt).replace(/[-:]|\.\d+/g, "");
  return `${stamp}-${scriptId}`;
}
