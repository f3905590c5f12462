// An objective that is promised today, counted over rounds that were stored before: backwards, a stretch at a time.
import type { ObjectiveCount } from "../counts.ts";
import type { Instant } from "../time.ts";
import { HOUR_MS, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { Promised } from "./book.ts";
import { missedLooks } from "./gap.ts";
import { intentOf } from "./intent.ts";
import { looksOf, type SeenRound } from "./looks.ts";
import { addCounts } from "./series.ts";
import { wholeSlices } from "./slices.ts";

/** A round as it was stored; which drill was under way is not. */
export interface StoredSeen extends SeenRound {
  readonly slot: Instant;
  readonly missedSlots: number;
  readonly maintenance?: readonly string[];
}

/** So that a day of rounds never lies in memory at once. */
const STRETCH_MS = HOUR_MS;

export interface BackStretch {
  readonly from: Instant;
  /** Not part of it. */
  readonly to: Instant;
}

/** What is to be counted next; slices are never cut. */
export function stretchBefore(to: Instant, { counting }: Promised): BackStretch {
  const from = to - STRETCH_MS;
  return { from: counting.slice === null ? from : slotAt(from, counting.slice.widthMs), to };
}

/** `rounds` are those of the stretch, the oldest first; `oldest`: what lies before it is not asked for. */
export function countBack(
  count: ObjectiveCount,
  topology: Topology,
  promised: Promised,
  rounds: readonly StoredSeen[],
  { from, to }: BackStretch,
  oldest: Instant,
): ObjectiveCount {
  const { counting, windowDays } = promised;
  const looks = rounds.flatMap((round, index) => {
    const lastSlot = rounds[index - 1]?.slot ?? null;
    const intent = intentOf(topology, null, round.maintenance ?? [], round.slot);
    return [
      ...missedLooks(topology.probe, { slot: round.slot, missedSlots: round.missedSlots, lastSlot }),
      { at: round.slot, counts: looksOf(topology, counting, round, intent) },
    ];
  });
  const units = counting.slice === null ? looks : wholeSlices(looks, counting.slice, to);
  const { backTo: _done, ...held } = count;
  const since = Math.min(held.since, ...rounds.map(({ slot }) => slot));
  const series = addCounts(held.series, units, windowDays);
  return { ...held, since, series, ...(from <= oldest ? {} : { backTo: from }) };
}
