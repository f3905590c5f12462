// Milliseconds by phase, as a connection passes from one to the next. The readings are rounded and not their differences, so
// that the phases add up.
import type { Phase, Phases } from "../model/observation.ts";
import type { Clock } from "../run/world.ts";

export interface Stopwatch {
  /** Those that are over, rounded to a tenth. */
  phases(): Phases;
  /** The one under way. */
  phase(): Phase;
  /** How long the phase under way has lasted. */
  underWayMs(): number;
  /** From the start to the end of the latest phase that is over: their sum. */
  overMs(): number;
  /** Ends the phase under way and begins another. */
  next(begins: Phase): void;
  stop(): void;
}

export function makeStopwatch(clock: Clock, begins: Phase): Stopwatch {
  const over: { -readonly [phase in Phase]?: number } = {};
  const startedMs = clock.monotonicMs();
  const readTenths = (): number => Math.round((clock.monotonicMs() - startedMs) * 10);
  let current = begins;
  let sinceTenths = 0;
  const stop = (): void => {
    const nowTenths = readTenths();
    over[current] = (nowTenths - sinceTenths) / 10;
    sinceTenths = nowTenths;
  };
  return {
    phases: () => ({ ...over }),
    phase: () => current,
    underWayMs: () => (readTenths() - sinceTenths) / 10,
    overMs: () => sinceTenths / 10,
    stop,
    next: (phase) => {
      stop();
      current = phase;
    },
  };
}
