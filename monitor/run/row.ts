// What is kept of a round for reports and replays: every look, packed into one row, because a store counts rows.
import { route53Vote, type Vote } from "../health/votes.ts";
import type { DnsReply, FailureCause, Phases, VantageOutcome } from "../model/observation.ts";
import type { VerdictKind } from "../model/verdict.ts";
import type { MonitorState } from "../model/state.ts";
import type { Instant } from "../time.ts";
import { privateVantages, type Topology } from "../topology/topology.ts";
import { dnsSubject, overallVerdict, watchKey } from "../verify/verdict.ts";
import { reportsOf } from "./outcome.ts";

export interface RoundRow {
  readonly version: 1;
  readonly at: Instant;
  /** Fingerprint of the topology it was judged under. */
  readonly policy: string;
  /** Slots without a round just before this one. */
  readonly missedSlots: number;
  readonly verdict: VerdictKind;
  /** Ids of the regions whose looks count apart; absent: none. */
  readonly maintenance?: readonly string[];
  readonly cells: readonly {
    readonly region: string;
    readonly vantage: string;
    readonly status: number | null;
    readonly totalMs: number | null;
    readonly phases: Phases;
    /** Null: a user would have been served. */
    readonly cause: FailureCause | null;
    /** What a Route 53 checker would have said; none looks from where a private vantage is. */
    readonly route53: Vote;
  }[];
  readonly dns: readonly { readonly subject: string; readonly verdict: VerdictKind; readonly reply: DnsReply }[];
}

/** `state` is the one that this round made. */
export function makeRow(
  topology: Topology,
  state: MonitorState,
  outcomes: readonly VantageOutcome[],
  underMaintenance: readonly string[],
  missedSlots: number,
  at: Instant,
): RoundRow {
  const inside = new Set(privateVantages(topology).map(({ id }) => id));
  const cells = reportsOf(outcomes).flatMap((report) =>
    report.observations.map((seen) => ({
      region: seen.region,
      vantage: seen.vantage,
      status: seen.status,
      totalMs: seen.totalMs,
      phases: seen.phases,
      cause: seen.failure?.cause ?? null,
      route53: inside.has(seen.vantage) ? null : route53Vote(seen),
    })),
  );
  const dns = reportsOf(outcomes).flatMap((report) =>
    report.dns.map((seen) => {
      const verdict = state.dns[watchKey(seen)]?.verdict ?? ("undecided" as const);
      return { subject: dnsSubject(seen), verdict, reply: seen.reply };
    }),
  );
  return {
    version: 1,
    at,
    policy: state.policy.fingerprint,
    missedSlots,
    verdict: overallVerdict(state.verdicts),
    ...(underMaintenance.length === 0 ? {} : { maintenance: underMaintenance }),
    cells,
    dns,
  };
}
