// What is seen: of a region by a probe, of DNS by a question, and of both by a vantage in a round.
import type { AddressType } from "../policy/record-set.ts";
import type { Instant } from "../time.ts";

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

/** What a private vantage saw in one slot, as it sends it to the monitor. */
export interface ObservationBatch {
  readonly vantage: string;
  readonly slot: Instant;
  /** `looksFingerprint` of the topology that it looks by. */
  readonly looks: string;
  readonly observations: readonly Omit<Observation, "vantage">[];
  readonly dns: readonly Omit<DnsObservation, "vantage">[];
}

/** A vantage's part of a round, or why there is none: then its cells are `missed`, which is our failure and no region's. */
export type VantageOutcome =
  | { readonly kind: "reported"; readonly report: VantageReport; readonly sent?: SentReports }
  | { readonly kind: "missed"; readonly vantage: string; readonly detail: string };

/** What a private vantage sent by itself, beside its latest report. */
export interface SentReports {
  /** The slot in which it looked. */
  readonly slot: Instant;
  /** Of slots before, which no round has had yet; the oldest first. */
  readonly earlier: readonly VantageReport[];
}
