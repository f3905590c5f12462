// When a process that watches for ever runs its rounds: one in every slot of the grid, the first at once. It asks the clock
// again at least every second, so that a clock that was set, a machine that slept and a grid that became finer are followed.
import type { Clock } from "../run/world.ts";
import { type Instant, SECOND_MS, slotAt } from "../time.ts";

/** The longest time in which nobody looks at clock and file. */
export const NAP_MS_MAX = SECOND_MS;

export interface GridDuty {
  /** Asked before every nap: a drill or another topology may change it. */
  readonly intervalMs: () => number;
  /** Must end by itself. */
  readonly runSlot: (slot: Instant) => Promise<void>;
  /** Between two rounds, at least every `NAP_MS_MAX`. */
  readonly between: () => Promise<void>;
  /** Slots to run; null: until it is asked to stop. */
  readonly roundsMax: number | null;
  readonly stop: AbortSignal;
}

/** `nap` ends early when `stop` aborts. A slot whose time went by during the round before is left out: the next round tells so. */
export async function keepGrid(
  { intervalMs, runSlot, between, roundsMax, stop }: GridDuty,
  clock: Pick<Clock, "now">,
  nap: (ms: number) => Promise<void>,
): Promise<void> {
  for (let round = 1; !stop.aborted; round += 1) {
    const slot = slotAt(clock.now(), intervalMs());
    await runSlot(slot);
    await between();
    if (round === roundsMax) return;
    // Another slot than the one that was run is due, be it later or, after the clock was set back, earlier.
    while (!stop.aborted && slotAt(clock.now(), intervalMs()) === slot) {
      const leftMs = slot + intervalMs() - clock.now();
      await nap(Math.max(1, Math.min(leftMs, NAP_MS_MAX)));
      await between();
    }
  }
}
