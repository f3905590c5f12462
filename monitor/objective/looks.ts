// What one round says of an objective: for each vantage the look at the region to which DNS leads users there, or at the one
// region that promises something. What could not be measured is unknown and never good or bad.
import { userVote, type Vote } from "../health/votes.ts";
import type { ObjectiveCounts } from "../model/counts.ts";
import type { DnsReply, FailureCause } from "../model/observation.ts";
import type { VerdictKind } from "../model/verdict.ts";
import type { Instant } from "../time.ts";
import { publicVantages, recordTypes, regionsAt, type Topology } from "../topology/topology.ts";
import { dnsSubject } from "../verify/verdict.ts";
import type { Counting } from "./counting.ts";
import type { Intent } from "./intent.ts";

/** A round as its row has it, so that a stored one counts like the one that was just made. */
export interface SeenRound {
  readonly cells: readonly {
    readonly region: string;
    readonly vantage: string;
    readonly totalMs: number | null;
    readonly cause: FailureCause | null;
  }[];
  readonly dns: readonly { readonly subject: string; readonly verdict: VerdictKind; readonly reply: SeenReply }[];
}

type SeenReply = Pick<Extract<DnsReply, { kind: "reply" }>, "kind" | "addresses"> | { readonly kind: "failed" };

/** What was counted at an instant. */
export interface Looks {
  readonly at: Instant;
  readonly counts: ObjectiveCounts;
}

export const NO_COUNTS: ObjectiveCounts = { good: 0, bad: 0, unknown: 0, excused: 0, planned: 0 };

/** Of the places that the monitor chose: one office's own network spends nobody's budget. */
export function looksOf(topology: Topology, counting: Counting, round: SeenRound, intent: Intent): ObjectiveCounts {
  const { region } = counting;
  const excused = intent.isExcused(region);
  const planned = intent.isPlanned(region);
  const votes = publicVantages(topology).flatMap(({ id }) =>
    region === null
      ? serviceVotes(topology, round, id, counting.thresholdMs)
      : [regionVote(round, region, id, counting.thresholdMs)],
  );
  if (excused) return { ...NO_COUNTS, excused: votes.length };
  const bad = votes.filter((vote) => vote === false).length;
  return {
    good: votes.filter((vote) => vote === true).length,
    bad,
    unknown: votes.filter((vote) => vote === null).length,
    excused: 0,
    planned: planned ? bad : 0,
  };
}

function regionVote({ cells }: SeenRound, region: string, vantage: string, thresholdMs: number | null): Vote {
  const look = cells.find((cell) => cell.region === region && cell.vantage === vantage);
  if (look === undefined) return null;
  const served = userVote({ failure: look.cause === null ? null : { cause: look.cause, detail: "" } });
  // A look that did not serve is longer than any limit, as in percentiles.
  return served === true && thresholdMs !== null ? look.totalMs !== null && look.totalMs <= thresholdMs : served;
}

/** One vote for each region that users at this vantage are led to: one, unless an answer has addresses of several. */
function serviceVotes(
  topology: Topology,
  round: SeenRound,
  vantage: string,
  thresholdMs: number | null,
): readonly Vote[] {
  const answers = answersAt(topology, round, vantage);
  const replies = answers.flatMap(({ reply, verdict }) => (reply.kind === "reply" ? [{ reply, verdict }] : []));
  if (replies.length === 0) return [null];
  const addresses = replies.flatMap(({ reply }) => reply.addresses);
  // A name that resolves to nothing serves nobody.
  if (addresses.length === 0) return [false];
  const strange = replies.filter(({ reply }) =>
    reply.addresses.some((address) => regionsAt(topology, [address]).length === 0),
  );
  // An address of nobody's may be an alias target of a real zone: only where the policy does not allow it is it known to be wrong.
  const strangers = strange.length === 0 ? [] : [strange.some(({ verdict }) => verdict === "deviates") ? false : null];
  return [...regionsAt(topology, addresses).map((id) => regionVote(round, id, vantage, thresholdMs)), ...strangers];
}

/** As users have it; the name servers' own words only where no resolver was asked. */
function answersAt(topology: Topology, { dns }: SeenRound, vantage: string): SeenRound["dns"] {
  const name = topology.service.host;
  const subjects = (view: "recursive" | "authoritative"): readonly string[] =>
    recordTypes(topology).map((type) => dnsSubject({ name, vantage, view, type }));
  const of = (names: readonly string[]): SeenRound["dns"] => dns.filter(({ subject }) => names.includes(subject));
  const resolved = of(subjects("recursive"));
  return resolved.length > 0 ? resolved : of(subjects("authoritative"));
}
