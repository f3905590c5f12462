// Everything that one round hands to the next; a version of it is stored, so what is added is optional.
import type { Health } from "../policy/health-check.ts";
import type { Instant } from "../time.ts";
import type { AlertBook, ChannelStanding, Mute } from "./alert.ts";
import type { ObjectiveBook } from "./counts.ts";
import type { HealthBook, CheckerCount } from "./health.ts";
import type { Observation } from "./observation.ts";
import type { DrillNotice, MaintenanceWindow } from "./planned.ts";
import type { RouterStanding } from "./steering.ts";
import type { Trail } from "./trail.ts";
import type { Verdict, DnsWatch, IncidentBook } from "./verdict.ts";

/** What a vantage did in the latest round. */
export interface VantageState {
  readonly colo: string;
  /** Its latest report; null: it never reported. */
  readonly lastAt: Instant | null;
  /** Why it has no part in the latest round; null when it has. */
  readonly missed: string | null;
  /** The slot of a private vantage's latest report that a round took; absent: none did. */
  readonly slot?: Instant;
}

/** The world changed after `after`, and had by `by`. */
export interface TimingChange {
  readonly after: Instant;
  readonly by: Instant;
}

/** How long one change took to come out in one vantage's answer. */
export interface TimingSample {
  /** `propagation`: health to name servers. `caches`: name servers to a resolver, beyond the TTL. `edit`: records to name servers. */
  readonly kind: "propagation" | "caches" | "edit";
  /** A region, or "records". */
  readonly cause: string;
  readonly vantage: string;
  /** Names the change together with its cause. */
  readonly changedBy: Instant;
  /** The last look at the old answer and the first at the new one. */
  readonly movedAfter: Instant;
  readonly movedBy: Instant;
  /** As we saw it, detection included; of caches from the name servers on, TTL included. */
  readonly tookMs: number;
  /** The longest that the part which is a setting can have taken. */
  readonly atMostMs: number;
}

/** What must be remembered to measure the timing of DNS, and what was measured. */
export interface TimingTrace {
  /** By region id: what the latest looks say together, and their latest change. */
  readonly regions: Readonly<
    Record<string, { readonly health: Health; readonly seenAt: Instant; readonly change: TimingChange | null }>
  >;
  /** By vantage, view and type: the latest answer. */
  readonly answers: Readonly<Record<string, { readonly addresses: readonly string[]; readonly seenAt: Instant }>>;
  /** Null before the first round. */
  readonly policy: {
    readonly fingerprint: string;
    readonly seenAt: Instant;
    readonly change: TimingChange | null;
  } | null;
  /** The oldest first; of those that are too many the oldest are gone. */
  readonly samples: readonly TimingSample[];
}

/** Everything that one round hands to the next; stored as JSON. */
export interface MonitorState {
  readonly version: 1;
  /** The topology this state was made under, and when it last replaced another; null: never. */
  readonly policy: {
    readonly fingerprint: string;
    readonly changedAt: Instant | null;
    /** TTL of the records now, and of those that the present policy replaced: caches may still hold the latter. */
    readonly ttlSeconds: number;
    readonly ttlSecondsBefore: number;
  };
  readonly health: HealthBook;
  /** By subject and server, because each server has a history of its own. */
  readonly dns: Readonly<Record<string, DnsWatch>>;
  /** The latest observation by region, then vantage. */
  readonly cells: Readonly<Record<string, Readonly<Record<string, Observation>>>>;
  readonly vantages: Readonly<Record<string, VantageState>>;
  /** In the order of the topology: failover, regions, claims, dns. */
  readonly verdicts: readonly Verdict[];
  readonly incidents: IncidentBook;
  readonly lastSlot: Instant | null;
  readonly lastRoundAt: Instant | null;
  readonly rounds: number;
  readonly missedSlots: number;
  /** The drill that is in force; absent: none. */
  readonly drill?: DrillNotice;
  /** Ordered windows that are not long over. Never stored: who holds them hands them to each round and to each face. */
  readonly maintenance?: readonly MaintenanceWindow[];
  /** Mutes in force. Never stored either, and handed on likewise. */
  readonly mutes?: readonly Mute[];
  /** Absent in states from before it was measured. */
  readonly timing?: TimingTrace;
  /** Absent in states from before it was kept. */
  readonly trail?: Trail;
  /** By health check id, where Route 53 is asked; absent: it never was. */
  readonly checkers?: Readonly<Record<string, CheckerCount>>;
  /** Absent: the router is off. */
  readonly router?: RouterStanding;
  /** Absent: nothing is promised, or it was not counted yet. */
  readonly objectives?: ObjectiveBook;
  /** Absent: nobody is told of anything. */
  readonly alerts?: AlertBook;
  /** In the order of the topology; absent: there are none. */
  readonly channels?: readonly ChannelStanding[];
}
