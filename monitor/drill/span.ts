// Measured times with what is not known about them: a change was seen at one look and had not happened at the look before,
// and a lever takes hold between its call and its answer. The truth lies between the two ends.
import type { Instant } from "../time.ts";

export interface Span {
  readonly atLeastMs: number;
  /** When it was seen: what is compared with a bound. */
  readonly atMostMs: number;
}

/** When a lever's change took hold: not before the call, not after the answer. */
export interface Mark {
  readonly earliest: Instant;
  readonly latest: Instant;
}

export interface Look {
  readonly at: Instant;
  /** "neither": this look says nothing of the change, but is no look that had not seen it either. */
  readonly sees: "before" | "after" | "neither";
}

/** Looks in the order of time. The first that sees the change, from `since` to before `until`; null: none does. */
export function firstSeen(looks: readonly Look[], since: Mark, until: Instant): Span | null {
  const within = looks.filter(({ at }) => at >= since.earliest && at < until);
  const index = within.findIndex(({ sees }) => sees === "after");
  return spanOf(lastBefore(within.slice(0, Math.max(0, index))), within[index], since);
}

/** The first look that sees the change for good: after it, and before `until`, none sees the state before. Null: there is none. */
export function settledSeen(looks: readonly Look[], since: Mark, until: Instant): Span | null {
  const within = looks.filter(({ at }) => at >= since.earliest && at < until);
  const index = within.findLastIndex(({ sees }) => sees === "before");
  const seen = within.slice(index + 1).find(({ sees }) => sees === "after");
  return spanOf(within[index], seen, since);
}

function lastBefore(looks: readonly Look[]): Look | undefined {
  return looks.findLast(({ sees }) => sees === "before");
}

function spanOf(before: Look | undefined, seen: Look | undefined, since: Mark): Span | null {
  if (seen === undefined) return null;
  const atMostMs = seen.at - since.earliest;
  // A look of before that is younger than the repair's answer shows that it had not happened then.
  const atLeastMs = before === undefined ? 0 : Math.min(atMostMs, Math.max(0, before.at - since.latest));
  return { atLeastMs, atMostMs };
}

/**
 * At a share of them by nearest rank, endless ones (null) last; null: endless, or there are none. Each end by itself: the
 * third of five truths is no earlier than the third of their lower ends, and no later than the third of their upper ends.
 */
export function spanAt(spans: readonly (Span | null)[], share: number): Span | null {
  const atLeastMs = rankedAt(
    spans.map((span) => span?.atLeastMs ?? Infinity),
    share,
  );
  const atMostMs = rankedAt(
    spans.map((span) => span?.atMostMs ?? Infinity),
    share,
  );
  return atMostMs === Infinity ? null : { atLeastMs, atMostMs };
}

/** By nearest rank; Infinity for none. */
export function rankedAt(values: readonly number[], share: number): number {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil(share * ordered.length) - 1)] ?? Infinity;
}

/** "within": whatever the truth is. "open": the bound lies inside of what is not known. */
export function compareSpan(span: Span, boundMs: number): "within" | "over" | "open" {
  if (span.atMostMs <= boundMs) return "within";
  return span.atLeastMs > boundMs ? "over" : "open";
}
