// A recorded history as replays read it: what each round saw, with nothing of what was made of it. It knows the world only at its
// slots, and that is the uncertainty of everything that follows from it.
import type { DnsPath, Observation } from "../model/observation.ts";
import type { AddressType } from "../policy/record-set.ts";
import type { Instant } from "../time.ts";

/** What one vantage was answered; null: nothing. */
export interface SeenAnswer {
  readonly name: string;
  readonly type: AddressType;
  readonly vantage: string;
  readonly view: DnsPath;
  /** Sorted. */
  readonly addresses: readonly string[] | null;
}

export interface HistoryRound {
  readonly slot: Instant;
  /** When the last report came. */
  readonly at: Instant;
  /** Fingerprint of the topology it was judged under. */
  readonly policy: string;
  readonly observations: readonly Observation[];
  readonly answers: readonly SeenAnswer[];
}

export interface History {
  /** The oldest first, each slot once. */
  readonly rounds: readonly HistoryRound[];
  /** How far the slots are apart. */
  readonly intervalMs: number;
}

/** A span without a round, longer than an opinion lasts. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** In any order, doubles left out; `intervalMs` where too few rounds tell how far they are apart. */
export function makeHistory(rounds: readonly HistoryRound[], intervalMs: number): History {
  const ordered = [...new Map(rounds.map((round) => [round.slot, round])).values()].toSorted((a, b) => a.slot - b.slot);
  const gaps = ordered.slice(1).map((round, index) => round.slot - (ordered[index]?.slot ?? 0));
  const [median] = gaps.toSorted((a, b) => a - b).slice(Math.floor(gaps.length / 2));
  return { rounds: ordered, intervalMs: median ?? intervalMs };
}

/** Without what was seen from within somebody's own network: Route 53's checkers, and most users, are elsewhere. */
export function historyOutside(history: History, inside: readonly { readonly id: string }[]): History {
  const ids = new Set(inside.map(({ id }) => id));
  if (ids.size === 0) return history;
  const rounds = history.rounds.map((round) => ({
    ...round,
    observations: round.observations.filter(({ vantage }) => !ids.has(vantage)),
    answers: round.answers.filter(({ vantage }) => !ids.has(vantage)),
  }));
  return { ...history, rounds };
}

/** Two rounds further apart than this leave health unknown in between: one missed round is bridged, two are not. */
export function bridgeMs({ intervalMs }: History): number {
  return 2 * intervalMs;
}

export function unwatchedSpans(history: History): readonly Span[] {
  const { rounds } = history;
  return rounds.slice(1).flatMap((round, index) => {
    const from = rounds[index]?.slot ?? round.slot;
    return round.slot - from > bridgeMs(history) ? [{ from, to: round.slot }] : [];
  });
}

/** The policies that rounds were judged under, in their order, with how many rounds in a row. */
export function policySpans(
  history: History,
): readonly (Span & { readonly policy: string; readonly rounds: number })[] {
  const spans: (Span & { policy: string; rounds: number })[] = [];
  for (const { slot, policy } of history.rounds) {
    const last = spans.at(-1);
    if (last?.policy === policy) spans.splice(-1, 1, { ...last, to: slot, rounds: last.rounds + 1 });
    else spans.push({ policy, from: slot, to: slot, rounds: 1 });
  }
  return spans;
}
