// Sleeping and time limits over a runtime's own two readings of time: timers are the same everywhere.
import type { Clock } from "../run/world.ts";
import type { Instant } from "../time.ts";

/** `setTimeout` fires at once beyond this. */
const TIMER_MS_MAX = 2 ** 31 - 1;

export function makeClock(read: Pick<Clock, "now" | "monotonicMs">): Clock {
  return { ...read, within, sleepUntil: async (at) => await sleepUntil(at, read) };
}

/** A clock that is adjusted a little is still followed; one that is set back must not make a sleep longer than this. */
const SET_BACK_MS_MAX = 1000;

async function sleepUntil(at: Instant, { now, monotonicMs }: Pick<Clock, "now" | "monotonicMs">): Promise<void> {
  const endMs = monotonicMs() + (at - now()) + SET_BACK_MS_MAX;
  const left = (): number => Math.min(at - now(), endMs - monotonicMs());
  // Timers may fire up to a millisecond early, and none is longer than 24 days: look again after each.
  for (let leftMs = left(); leftMs > 0; leftMs = left()) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(leftMs, TIMER_MS_MAX)));
  }
}

async function within<T>(work: Promise<T>, limitMs: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), Math.min(Math.max(0, limitMs), TIMER_MS_MAX));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
