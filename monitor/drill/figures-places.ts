// A figure that each place has for itself, and what it comes to over all of them.
import type { Instant } from "../time.ts";
import { type Span, spanAt } from "./span.ts";

/** One figure, place by place. */
export interface PlacesFigure {
  /** Those that the fault concerns, in the order of the plan; null: not until the repair, or the end. */
  readonly places: readonly { readonly vantage: string; readonly span: Span | null }[];
  /** Null: nobody is concerned, or as many never got there. */
  readonly p50: Span | null;
  readonly p95: Span | null;
  readonly max: Span | null;
}

/** One figure of all places that are concerned. */
export function placesFigure(
  vantages: readonly string[],
  spanFor: (vantage: string) => Span | null | "not concerned",
): PlacesFigure {
  const places = vantages.flatMap((vantage) => {
    const span = spanFor(vantage);
    return span === "not concerned" ? [] : [{ vantage, span }];
  });
  const spans = places.map(({ span }) => span);
  return { places, p50: spanAt(spans, 0.5), p95: spanAt(spans, 0.95), max: spanAt(spans, 1) };
}

/** Events at `from` or after, and before `to`. */
export function between<T extends { readonly at: Instant }>(
  events: readonly T[],
  from: Instant,
  to: Instant,
): readonly T[] {
  return events.filter(({ at }) => at >= from && at < to);
}
