// The nouns that cross a folder; types only, a sentence each. The topology's own nouns are in `topology/topology.ts`,
// Route 53's in `policy/`.
import type { ObjectiveBook } from "./counts.ts";
import type { AlertBook, ChannelStanding, Mute } from "./alert.ts";
import type { Health, Opinion } from "./policy/health-check.ts";
import type { AddressType } from "./policy/record-set.ts";
import type { Instant } from "./time.ts";

/** The parts of one probe, in the order in which they happen. */
export const PHASES = ["dns", "connect", "tls", "ttfb", "transfer"] as const;
export type Phase = (typeof PHASES)[number];

/** Milliseconds by phase; a phase that was not reached, or that this runtime cannot see, is absent and never 0. */
export type Phases = { readonly [phase in Phase]?: number };

/**
 * Why a probe, a dial or a question failed. A Worker cannot tell all of them apart: for its fetch `connection-lost` is
 * refused, reset, closed and malformed, and `tls` may be a name that does not resolve; for its dial `unreachable` is
 * everything but a timeout.
 */
export const FAILURE_CAUSES = [
  "name-not-resolved",
  "refused",
  "unreachable",
  "reset",
  "tls",
  "connection-lost",
  "timeout",
  "malformed",
  "truncated",
  "too-large",
  "http-status",
  "redirected",
  "wrong-region",
  "claim-unreadable",
  "blocked",
  "not-started",
  "internal",
] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

export interface Failure {
  readonly cause: FailureCause;
  /** The phase that was under way; absent when it is not known. */
  readonly phase?: Phase;
  /** A sentence for people; never a secret, never a stack. */
  readonly detail: string;
}

/** What the service says of itself on `GET /`. */
export interface Claim {
  readonly hostname: string;
  readonly region: string;
  readonly podIP: string;
  readonly cluster: string | null;
  readonly version: string | null;
  readonly time: Instant;
}

/** What one probe saw of one region: the connection, the health path, and the claim. */
export interface Observation {
  readonly region: string;
  readonly vantage: string;
  readonly at: Instant;
  /** Status of the health path; null when no status line came. */
  readonly status: number | null;
  readonly phases: Phases;
  /** Fetch of the health path, from the request to the last byte; null when it did not end well. */
  readonly totalMs: number | null;
  /** Null: a user would be served here, claim included. */
  readonly failure: Failure | null;
  /** Null when it was not read: the health path had failed, or `failure` says why. */
  readonly claim: Claim | null;
}

/** Which way a DNS question went: to the zone's own name servers, or through a resolver as users have it. */
export type DnsPath = "authoritative" | "recursive";

/** What came back for one DNS question. */
export type DnsReply =
  | {
      readonly kind: "reply";
      /** "NOERROR", "NXDOMAIN", "SERVFAIL", … */
      readonly rcode: string;
      /** The AA bit. */
      readonly authoritative: boolean;
      /** Addresses of the question's name and type, aliases by CNAME followed; sorted as text. */
      readonly addresses: readonly string[];
      /** The smallest TTL on the way; null without an answer. */
      readonly ttlSeconds: number | null;
      /** Scope prefix length of the EDNS client subnet in the reply; null when it had none. */
      readonly scope: number | null;
      readonly elapsedMs: number;
    }
  | { readonly kind: "failed"; readonly failure: Failure };

export interface DnsObservation {
  readonly name: string;
  readonly type: AddressType;
  readonly vantage: string;
  readonly view: DnsPath;
  /** The name server or resolver that was asked. */
  readonly server: string;
  readonly at: Instant;
  readonly reply: DnsReply;
}

/** Everything one vantage saw in one round. */
export interface VantageReport {
  readonly vantage: string;
  /** The data centre it ran in, "local-<vantage>" where there is none. */
  readonly colo: string;
  readonly observations: readonly Observation[];
  readonly dns: readonly DnsObservation[];
}

/** A vantage's part of a round, or why there is none: then its cells are `missed`, which is our failure and no region's. */
export type VantageOutcome =
  | { readonly kind: "reported"; readonly report: VantageReport }
  | { readonly kind: "missed"; readonly vantage: string; readonly detail: string };

/** What one vantage holds of one region: an opinion by Route 53's rules and one by ours. */
export interface VantageHealth {
  readonly colo: string;
  readonly route53: Opinion;
  readonly user: Opinion;
  readonly lastAt: Instant;
  /** The latest look that cast a vote of each kind; null: none did. An opinion is as fresh as its latest vote. */
  readonly route53At: Instant | null;
  readonly userAt: Instant | null;
}

/** Opinions of all vantages on one region, and since when they stand as they do. */
export interface RegionHealth {
  /** By vantage id. */
  readonly vantages: Readonly<Record<string, VantageHealth>>;
  /** The latest instant at which what the vantages see, taken together, changed by Route 53's rules; null before the first look. */
  readonly changedAt: Instant | null;
  /** Since when `route53View` and `userView` have their present values; null while unknown. */
  readonly route53Since: Instant | null;
  readonly userSince: Instant | null;
}

/** By region id. */
export type HealthBook = Readonly<Record<string, RegionHealth>>;

export type VerdictKind = "conforms" | "converging" | "deviates" | "undecided";

/** What is judged: "region:<id>", "claim:<region>", "dns:<name>:<vantage>:<view>" (":AAAA" added for that type), "failover". */
export type Subject = string;

export interface Verdict {
  readonly subject: Subject;
  readonly verdict: VerdictKind;
  readonly reason: string;
  /** By when the subject must conform; absent where waiting would not help. */
  readonly deadline?: Instant;
  /** The maintenance that excuses it, as an incident's `causedBy`: it does not count for the overall verdict. */
  readonly excusedBy?: string;
}

/** What is remembered of one DNS subject from round to round. */
export interface DnsWatch {
  readonly seen: DnsObservation;
  /** Sorted; empty where no single answer is expected. */
  readonly expected: readonly string[];
  readonly reason: string;
  readonly verdict: VerdictKind;
  readonly deadline: Instant | null;
  /** Since when an answer outside the policy has been seen without a break; null while it is inside. */
  readonly oddSince: Instant | null;
  /** Questions in a row without any answer. */
  readonly unanswered: number;
  /** How many answers ago it turned from legal to illegal without a reason, the latest first; absent where it did not lately. */
  readonly relapses?: readonly number[];
}

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

/** Somebody's wish that the router sends no new requests to a region. */
export interface Drain {
  /** "maintenance": not even when everything else is down. */
  readonly kind: "drain" | "maintenance";
  readonly since: Instant;
  /** Then it ends by itself. */
  readonly until: Instant;
}

/** By region id. */
export type Drains = Readonly<Record<string, Drain>>;

/** What the router was asked to do, and what its isolates told lately. */
export interface RouterStanding {
  readonly drains: Drains;
  /** Isolates that told something lately. */
  readonly isolates: number;
  /** Of them, those that a region failed a moment ago, by region id; regions that failed none are absent. */
  readonly suspectedBy: Readonly<Record<string, number>>;
  /** By region id: what a reply from there claimed to be instead. */
  readonly mismatches: Readonly<Record<string, { readonly claimed: string; readonly at: Instant }>>;
  /** When a request was last sent somewhere although all regions were down; null: not lately. */
  readonly failedOpenAt: Instant | null;
  /** Since the coordinator last began. */
  readonly requests: number;
  readonly retries: number;
  /** Retries that did not help. */
  readonly vain: number;
  /** By region id: requests that it answered or was named to; absent in states from before it was counted. */
  readonly served?: Readonly<Record<string, number>>;
}

/** A span in which a subject deviated. */
export interface Incident {
  readonly id: string;
  readonly subject: Subject;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  /** The reason of the first deviating verdict; the latest one is in `verdicts`. */
  readonly reason: string;
  /** The drill that was meant to cause it, or "maintenance:<id>"; absent: nobody meant it. */
  readonly causedBy?: string;
}

export interface IncidentBook {
  /** The oldest first. */
  readonly open: readonly Incident[];
  /** The latest first. */
  readonly closed: readonly Incident[];
}

export interface IncidentChange {
  /** "outlasted": it was planned, and stands although its drill and its traces, or its maintenance, should be gone. */
  readonly kind: "opened" | "closed" | "outlasted";
  readonly incident: Incident;
}

/** What a vantage did in the latest round. */
export interface VantageState {
  readonly colo: string;
  /** Its latest report; null: it never reported. */
  readonly lastAt: Instant | null;
  /** Why it has no part in the latest round; null when it has. */
  readonly missed: string | null;
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

/** What Route 53's own checkers said of one health check, each of its latest look: no vote of ours. */
export interface CheckerCount {
  readonly healthy: number;
  readonly total: number;
  /** When we read it. */
  readonly at: Instant;
}

/** A line of a file, as editors count: from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something that lint saw in a zone, a topology or a manifest. */
export interface Finding {
  /** Stable and greppable, such as "KF-UNKNOWN-CLUSTER" or "R53-SELF-REF". */
  readonly id: string;
  readonly severity: "error" | "warning" | "note";
  readonly place: Place;
  /** What it is about: "FederatedDeployment multicloud-demo/multicloud-demo". */
  readonly subject: string;
  /** What goes wrong, in one sentence with the values seen. */
  readonly message: string;
  /** What to do about it. */
  readonly fix: string;
  /** Where the rule comes from. */
  readonly source: string;
  /** Set where the topology waives it; a waived finding fails nothing. */
  readonly waiver: { readonly reason: string; readonly until: string } | null;
}
