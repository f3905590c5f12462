// One region as three observers have it: our vantages, Route 53's checkers, and the answers that DNS gave. Types, and how a
// checker's words are read.
import type { DnsPath, FailureCause } from "../model/observation.ts";
import type { VerdictKind } from "../model/verdict.ts";
import { aggregateHealth, type Health } from "../policy/health-check.ts";
import type { Instant } from "../time.ts";

/** What one of Route 53's checkers saw last. */
export interface CheckerLook {
  /** The AWS region of the checker. */
  readonly region: string;
  readonly passed: boolean;
  /** After "Success: " or "Failure: ". */
  readonly words: string;
  /** The address that the checked name led to; null: not told. */
  readonly resolvedIp: string | null;
}

/** The part of a health check that can explain a disagreement. */
export interface CheckerSettings {
  readonly type: string;
  readonly host: string | null;
  readonly ipAddress: string | null;
  readonly enableSni: boolean;
  readonly disabled: boolean;
  readonly inverted: boolean;
  readonly failureThreshold: number;
}

export interface OurLook {
  readonly vantage: string;
  /** Null: a user was served. */
  readonly cause: FailureCause | null;
}

export interface SeenDns {
  readonly vantage: string;
  readonly view: DnsPath;
  readonly server: string;
  /** Regions with an address in the answer. */
  readonly regions: readonly string[];
  readonly verdict: VerdictKind;
  readonly reason: string;
  readonly deadline: Instant | null;
}

export interface RegionSight {
  readonly region: string;
  /** What DNS answers for it, and for each other region. */
  readonly addresses: readonly string[];
  readonly otherAddresses: Readonly<Record<string, readonly string[]>>;
  readonly ours: {
    readonly route53: Health;
    readonly user: Health;
    /** Looks that tell something, in the order of the topology. */
    readonly looks: readonly OurLook[];
  };
  /** Null: the snapshot has no health check for this region. */
  readonly theirs: {
    readonly id: string;
    readonly settings: CheckerSettings;
    readonly looks: readonly CheckerLook[];
    /** CloudWatch's word, which is Route 53's own verdict; null: not asked, or no data. */
    readonly verdict: Health | null;
  } | null;
  /** Answers with this region in them, or in whose place the policy wants it. */
  readonly dns: readonly SeenDns[];
}

/** Only how the text begins is documented; the address is what its last part says in all samples seen. Null: neither. */
export function parseCheckerLook(region: string, status: string): CheckerLook | null {
  const [, outcome, rest = ""] = /^(Success|Failure)\b:?\s*([\s\S]*)$/.exec(status) ?? [];
  if (outcome === undefined) return null;
  const resolvedIp = /Resolved IP:\s*([0-9a-fA-F.:]*[0-9a-fA-F])/.exec(rest)?.[1] ?? null;
  return { region, passed: outcome === "Success", words: rest.trim(), resolvedIp };
}

/** CloudWatch's word, else the 18 % rule over the latest looks, which may be ahead of Route 53 by the looks of a threshold. */
export function theirHealth({ theirs }: RegionSight): Health {
  if (theirs === null) return "unknown";
  return theirs.verdict ?? aggregateHealth(theirs.looks.map(({ passed }) => (passed ? "healthy" : "unhealthy")));
}
