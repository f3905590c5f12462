// The time in which nobody looked, as looks that are unknown: it is never uptime, never counts as bad, and is shown.
import type { Instant } from "../time.ts";
import { DAY_MS, SECOND_MS } from "../time.ts";
import type { ProbeSettings } from "../topology/topology.ts";
import { NO_COUNTS, type Looks } from "./looks.ts";

/** The rounds' own count of missed slots reaches no further back than this. */
const COUNTED_GAP_MS_MAX = 7 * DAY_MS;
/** No window that is told by the hour reaches further back. */
const GAP_MS_MAX = 31 * DAY_MS;
/** As many as a week has slots at 30 seconds: a longer gap is told in larger steps. */
const STEPS_MAX = 20_160;

/** A round, and the slots without one just before it. */
export interface RoundSlot {
  readonly slot: Instant;
  readonly missedSlots: number;
  /** The last slot that had a round; null: none had. */
  readonly lastSlot: Instant | null;
}

/** Spread evenly over the gap, the earliest first. */
export function missedLooks(probe: ProbeSettings, { slot, missedSlots, lastSlot }: RoundSlot): readonly Looks[] {
  if (lastSlot === null || missedSlots === 0) return [];
  const from = Math.max(lastSlot, slot - GAP_MS_MAX);
  const usualMs = (probe.fileIntervalSeconds ?? probe.intervalSeconds) * SECOND_MS;
  const slots = slot - from > COUNTED_GAP_MS_MAX ? Math.floor((slot - from) / usualMs) : missedSlots;
  const looks = slots * probe.vantages.filter(({ hint }) => hint !== null).length;
  const steps = Math.min(slots, STEPS_MAX);
  const upTo = (step: number): number => Math.floor((step * looks) / steps);
  return Array.from({ length: steps }, (_, step) => ({
    at: Math.floor(from + ((step + 1) * (slot - from)) / (steps + 1)),
    counts: { ...NO_COUNTS, unknown: upTo(step + 1) - upTo(step) },
  }));
}
