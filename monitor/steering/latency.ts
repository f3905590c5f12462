// How far each region is from each vantage, smoothed over rounds, so that one slow look moves no users.
import type { MonitorState } from "../model/state.ts";

/** Milliseconds by vantage id, then region id; only what was measured. */
export type LatencyBook = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Of the newest look: about ten looks are remembered. */
const NEWEST_SHARE = 0.2;

/** A look that failed says nothing of distance and leaves what is known; a cell without a new look is folded once only. */
export function stepLatency(book: LatencyBook, cells: MonitorState["cells"], since: number | null): LatencyBook {
  const next: Record<string, Record<string, number>> = Object.fromEntries(
    Object.entries(book).map(([vantage, row]) => [vantage, { ...row }]),
  );
  for (const [region, row] of Object.entries(cells)) {
    for (const [vantage, { totalMs, failure, at }] of Object.entries(row)) {
      if (totalMs === null || failure !== null || (since !== null && at <= since)) continue;
      const known = (next[vantage] ??= {});
      const before = known[region];
      known[region] = before === undefined ? totalMs : before + NEWEST_SHARE * (totalMs - before);
    }
  }
  return next;
}
