// An objective that is promised today, counted over rounds that were stored before: backwards, a stretch at a time.
import type { ObjectiveCount } from "../model/counts.ts";
import type { Instant } from "../time.ts";
import { HOUR_MS, SECOND_MS, slotAt } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { Promised } from "./book.ts";
import type { Slicing } from "./counting.ts";
import { missedLooks } from "./gap.ts";
import { intentOf } from "./intent.ts";
import { type Looks, looksOf, type SeenRound } from "./looks.ts";
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
    const lastSlot = rounds[index - 1]?.slot ?? slotBefore(topology, round);
    const intent = intentOf(topology, null, round.maintenance ?? [], round.slot);
    return [
      ...missedLooks(topology.probe, { slot: round.slot, missedSlots: round.missedSlots, lastSlot }),
      { at: round.slot, counts: looksOf(topology, counting, round, intent) },
    ];
  });
  const [first] = rounds;
  const before = first === undefined ? from - 1 : Math.min(from - 1, slotBefore(topology, first));
  const units = counting.slice === null ? looks : ownSlices(looks, counting.slice, to, before);
  const { backTo: _done, ...held } = count;
  const since = Math.min(held.since, ...rounds.map(({ slot }) => slot));
  const series = addCounts(held.series, units, windowDays);
  return { ...held, since, series, ...(from <= oldest ? {} : { backTo: from }) };
}

/** Of the round before, which is in an earlier stretch: the gap between the two is told with the later one. */
function slotBefore({ probe }: Topology, { slot, missedSlots }: StoredSeen): Instant {
  return slot - (missedSlots + 1) * (probe.fileIntervalSeconds ?? probe.intervalSeconds) * SECOND_MS;
}

/** A gap may reach back into earlier stretches; the slice of the round before it is counted with them. */
function ownSlices(looks: readonly Looks[], slicing: Slicing, to: Instant, before: Instant): readonly Looks[] {
  const from = slotAt(before, slicing.widthMs) + slicing.widthMs;
  return wholeSlices(looks, slicing, to).filter(({ at }) => at >= from);
}
