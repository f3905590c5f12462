// Slices of time as units: one is good or bad as a whole, once it is over. It counts at its last instant, so that a short window
// holds the slice that has just ended.
import type { ObjectiveCounts, OpenSlice } from "../model/counts.ts";
import { type Instant, slotAt } from "../time.ts";
import type { Slicing } from "./counting.ts";
import { type Looks, NO_COUNTS } from "./looks.ts";

/** `looks` in the order of time. Those of a slice that is over already are left out: a clock that was set back opens none again. */
export function stepSlices(
  open: OpenSlice | null,
  looks: readonly Looks[],
  slicing: Slicing,
): { readonly units: readonly Looks[]; readonly slice: OpenSlice | null } {
  const units: Looks[] = [];
  let slice = open;
  for (const { at, counts } of looks) {
    const from = slotAt(at, slicing.widthMs);
    if (slice === null || from > slice.from) {
      if (slice !== null) units.push({ at: slice.from + slicing.widthMs - 1, counts: unitOf(slice.looks, slicing) });
      slice = { from, looks: counts };
    } else if (from === slice.from) slice = { from, looks: sumOfCounts(slice.looks, counts) };
  }
  return { units, slice };
}

/** All slices that are over at `end`: the one in which it lies is counted by whoever saw its end. */
export function wholeSlices(looks: readonly Looks[], slicing: Slicing, end: Instant): readonly Looks[] {
  return stepSlices(null, [...looks, { at: end, counts: NO_COUNTS }], slicing).units;
}

/** Where nothing was measured it is unknown, or excused where all there was is maintenance. Divided, because 0.28 * 25 is more than 7 in binary. */
function unitOf({ good, bad, unknown, excused, planned }: ObjectiveCounts, { target }: Slicing): ObjectiveCounts {
  if (good + bad === 0) return { ...NO_COUNTS, [excused > 0 && unknown === 0 ? "excused" : "unknown"]: 1 };
  if (good / (good + bad) >= target) return { ...NO_COUNTS, good: 1 };
  return { ...NO_COUNTS, bad: 1, planned: planned > 0 ? 1 : 0 };
}

function sumOfCounts(a: ObjectiveCounts, b: ObjectiveCounts): ObjectiveCounts {
  return {
    good: a.good + b.good,
    bad: a.bad + b.bad,
    unknown: a.unknown + b.unknown,
    excused: a.excused + b.excused,
    planned: a.planned + b.planned,
  };
}
