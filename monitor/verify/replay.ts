// A history under two policies: for each fault when users would have followed, and what each policy paid for it in failovers that
// were over before they were of use. It stands here because it steps health and asks the policy, which nobody before it knows both.
import { type Instant, SECOND_MS } from "../time.ts";
import { fingerprint } from "../topology/fingerprint.ts";
import { privateVantages, type Topology } from "../topology/topology.ts";
import { type History, historyOutside, policySpans, type Span, unwatchedSpans } from "./history.ts";
import { type PolicyReplay, replayPolicy } from "./replay-answers.ts";
import { type Answered, countLegal } from "./replay-answered.ts";
import { type Fault, faultsOf, userChanges } from "./replay-faults.ts";
import { type Following, followingOf } from "./replay-following.ts";
import type { HealthChange } from "./replay-health.ts";
import { type Move, movesOf } from "./replay-moves.ts";

export interface FaultRow {
  readonly fault: Fault;
  readonly recorded: Following;
  readonly other: Following;
}

export interface PolicyTotals {
  readonly followed: number;
  /** Users stayed until the region served again, or to the end of the history. */
  readonly stayed: number;
  readonly notKnown: number;
  /** How long the last users were sent to regions that did not serve them; faults that are not known count nothing. */
  readonly hurtMs: number;
  readonly moves: number;
  readonly falseMoves: number;
  /** Moves of which nobody saw whether they were of use. */
  readonly openMoves: number;
}

export interface Replay {
  readonly from: Instant;
  readonly to: Instant;
  readonly rounds: number;
  /** Slots of the history are so far apart: each figure is as uncertain as that. */
  readonly intervalMs: number;
  readonly unwatched: readonly Span[];
  /** The oldest first; rounds under another policy than the recorded one saw the same world. */
  readonly policies: ReturnType<typeof policySpans>;
  readonly recordedPolicy: string;
  /** By when both settings have had the looks that an opinion needs, from the first round; a shorter history says nothing. */
  readonly neededMs: number;
  readonly falseWithinMs: number;
  /** By when they began, then by region. */
  readonly faults: readonly FaultRow[];
  readonly recorded: PolicyTotals;
  readonly other: PolicyTotals;
  /** The answers that were seen, under either policy. */
  readonly answered: { readonly recorded: Answered; readonly other: Answered };
  /** The oldest first. */
  readonly moves: { readonly recorded: readonly Move[]; readonly other: readonly Move[] };
}

/** A failover counts as false when its region serves users within `falseWithinMs` after the name servers moved. */
export function replay(whole: History, recorded: Topology, other: Topology, falseWithinMs: number): Replay {
  const history = historyOutside(whole, [...privateVantages(recorded), ...privateVantages(other)]);
  const was = replayPolicy(history, recorded);
  const would = replayPolicy(history, other);
  const users = Object.fromEntries(
    [...new Map([...was.checks, ...would.checks].map((check) => [check.id, check])).values()].map((check) => [
      check.id,
      userChanges(history, check),
    ]),
  );
  const end = historyEnd(history);
  const policy = fingerprint(recorded);
  const faults = Object.entries(users)
    .flatMap(([region, changes]) => faultsOf(region, changes))
    .toSorted((a, b) => a.from - b.from || (a.region < b.region ? -1 : 1))
    .map((fault): FaultRow => {
      const next = nextFaultOf(fault, users[fault.region] ?? []);
      return { fault, recorded: followingOf(was, fault, next, end), other: followingOf(would, fault, next, end) };
    });
  const moves = {
    recorded: movesOf(was, users, end, falseWithinMs),
    other: movesOf(would, users, end, falseWithinMs),
  };
  return {
    from: history.rounds[0]?.slot ?? 0,
    to: end,
    rounds: history.rounds.length,
    intervalMs: history.intervalMs,
    unwatched: unwatchedSpans(history),
    policies: policySpans(history),
    recordedPolicy: policy,
    neededMs: Math.max(warmUpMs(was), warmUpMs(would)),
    falseWithinMs,
    faults,
    recorded: totalsOf(
      faults.map((row) => row.recorded),
      moves.recorded,
    ),
    other: totalsOf(
      faults.map((row) => row.other),
      moves.other,
    ),
    answered: { recorded: countLegal(history, recorded, policy), other: countLegal(history, other, policy) },
    moves,
  };
}

function historyEnd({ rounds }: History): Instant {
  return rounds.at(-1)?.slot ?? 0;
}

/** Infinity: there is none. */
function nextFaultOf(fault: Fault, changes: readonly HealthChange[]): Instant {
  return changes.find(({ at, health }) => at > fault.from && health === "unhealthy")?.at ?? Infinity;
}

function warmUpMs({ checks }: PolicyReplay): number {
  return Math.max(
    0,
    ...checks.map(
      ({ failureThreshold, requestIntervalSeconds }) => failureThreshold * requestIntervalSeconds * SECOND_MS,
    ),
  );
}

function totalsOf(followings: readonly Following[], moves: readonly Move[]): PolicyTotals {
  const count = (kind: Following["kind"]): number => followings.filter((one) => one.kind === kind).length;
  return {
    followed: count("followed"),
    stayed: count("stayed") + count("fail-open"),
    notKnown: count("not-known"),
    hurtMs: followings.reduce((sum, { hurtMs }) => sum + (hurtMs ?? 0), 0),
    moves: moves.length,
    falseMoves: moves.filter(({ isFalse }) => isFalse === "yes").length,
    openMoves: moves.filter(({ isFalse }) => isFalse === "not known").length,
  };
}
