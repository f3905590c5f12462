// Milliseconds by phase, as a connection passes from one to the next.
import { type Phase, type Phases } from "../model.ts";
import type { Clock } from "../run/world.ts";
import { tenths } from "../wire/tenths.ts";

export interface Stopwatch {
  /** Those that are over, rounded to a tenth. */
  phases(): Phases;
  /** The one under way. */
  phase(): Phase;
  /** Ends the phase under way and begins another. */
  next(begins: Phase): void;
  stop(): void;
}

export function makeStopwatch(clock: Clock, begins: Phase): Stopwatch {
  const over: { -readonly [phase in Phase]?: number } = {};
  let current = begins;
  let sinceMs = clock.monotonicMs();
  const stop = (): void => {
    const nowMs = clock.monotonicMs();
    over[current] = tenths(nowMs - sinceMs);
    sinceMs = nowMs;
  };
  return {
    phases: () => ({ ...over }),
    phase: () => current,
    stop,
    next: (phase) => {
      stop();
      current = phase;
    },
  };
}
