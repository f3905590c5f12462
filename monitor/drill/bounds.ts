// Each bound of a plan beside what was measured, with a sentence that says how they compare.
import { unreachable } from "../problem.ts";
import { formatDuration } from "../time.ts";
import type { DrillFigures } from "./figures.ts";
import type { Moments } from "./moments.ts";
import type { DrillPlan, PlannedBounds } from "./script.ts";
import { compareSpan, type Span } from "./span.ts";

export const BOUND_NAMES = ["detection", "failover", "recovery", "failback", "gap", "lost share"] as const;
export type BoundName = (typeof BOUND_NAMES)[number];

export interface BoundRow {
  readonly name: BoundName;
  /** Milliseconds; of "lost share" 0 to 1. */
  readonly bound: number;
  /** The same unit; null: it did not happen. */
  readonly measured: Span | number | null;
  /** "not needed": nobody was concerned, so nothing had to happen. */
  readonly result: "within" | "over" | "open" | "not needed";
  readonly sentence: string;
}

/** In the order of `BOUND_NAMES`; only the bounds that the plan has. */
export function boundRows({ bounds }: DrillPlan, figures: DrillFigures, moments: Moments): readonly BoundRow[] {
  return BOUND_NAMES.flatMap((name) => {
    const bound = boundOf(bounds, name);
    return bound === null
      ? []
      : [name === "lost share" ? shareRow({ figures, moments }, bound) : timeRow(name, { figures, moments }, bound)];
  });
}

function boundOf(bounds: PlannedBounds, name: BoundName): number | null {
  switch (name) {
    case "detection":
      return bounds.detectionMs;
    case "failover":
      return bounds.failoverMs;
    case "recovery":
      return bounds.recoveryMs;
    case "failback":
      return bounds.failbackMs;
    case "gap":
      return bounds.gapMs;
    case "lost share":
      return bounds.lostShareMax;
    default:
      return unreachable(name);
  }
}

type TimeName = Exclude<BoundName, "lost share">;

interface Watched {
  readonly figures: DrillFigures;
  readonly moments: Moments;
}

/** What did not happen is held against a drill only where it had as long as it was allowed. */
function timeRow(name: TimeName, { figures, moments }: Watched, bound: number): BoundRow {
  const { measured, concerned } = measuredOf(name, figures);
  const watchedMs = watchedFor(name, moments);
  const base = { name, bound, measured };
  const allowed = `at most ${formatDuration(bound)}`;
  if (!concerned) return { ...base, result: "not needed", sentence: `${name}: no place was concerned` };
  if (measured === null && watchedMs < bound) {
    const found = `it had not happened after ${formatDuration(watchedMs)}, when the drill ended`;
    return { ...base, result: "open", sentence: `${name}: expected ${allowed}; ${found}` };
  }
  if (measured === null)
    return { ...base, result: "over", sentence: `${name}: expected ${allowed}, found that it did not happen` };
  const result = compareSpan(measured, bound);
  const found = `found ${formatSpan(measured)}`;
  const why = result === "open" ? ": looks are too far apart to tell" : "";
  return { ...base, result, sentence: `${name}: expected ${allowed}, ${found}${why}` };
}

/** From the fault to its end; of what comes after the repair, from there on; both until the last look. */
function watchedFor(name: TimeName, { fault, repair, faultUntil, lookedUntil }: Moments): number {
  const from = name === "failback" ? repair : fault;
  const until = name === "failback" ? lookedUntil : Math.min(faultUntil, lookedUntil);
  return from === null ? 0 : Math.max(0, until - from.latest);
}

function measuredOf(
  name: TimeName,
  figures: DrillFigures,
): { readonly measured: Span | null; readonly concerned: boolean } {
  switch (name) {
    case "detection":
      return { measured: figures.detection, concerned: true };
    case "gap":
      return { measured: figures.traffic.gap, concerned: figures.traffic.gap !== null };
    case "failover":
    case "recovery":
    case "failback":
      return { measured: figures[name].max, concerned: figures[name].places.length > 0 };
  }
}

/** A share of the first seconds of a fault says nothing of the whole. */
function shareRow({ figures: { traffic }, moments: { isCutShort } }: Watched, bound: number): BoundRow {
  const { lostShare: measured, lostDuring, triedDuring } = traffic;
  const base = { name: "lost share" as const, bound, measured };
  const expected = `lost share: expected at most ${formatShare(bound)}`;
  if (measured === null)
    return { ...base, result: "open", sentence: `${expected}, found no request while the fault stood` };
  const found = `found ${formatShare(measured)} (${lostDuring} of ${triedDuring})`;
  if (measured > bound && isCutShort)
    return { ...base, result: "open", sentence: `${expected}, ${found} until it was ended early` };
  const result = measured <= bound ? "within" : "over";
  return { ...base, result, sentence: `${expected}, ${found}` };
}

/** "8.4 s", or "7.9 s to 8.4 s" where it is not known better. */
export function formatSpan({ atLeastMs, atMostMs }: Span): string {
  const [least, most] = [formatDuration(atLeastMs), formatDuration(atMostMs)];
  return least === most ? most : `${least} to ${most}`;
}

/** Rounded up, so that a loss is never rounded away. */
export function formatShare(share: number): string {
  return `${Math.ceil(share * 1000) / 10} %`;
}
