// A time limit for work that can be aborted: the work is told to stop, and the caller gets its answer in time even where the
// work does not listen.
import type { Failure } from "../model/observation.ts";
import type { Clock } from "../run/world.ts";

/** Not the region's failure: there was no time left to look. */
export const NOT_STARTED: Failure = { cause: "not-started", detail: "The deadline had passed before the look began." };

/** Rejects with a `TimeoutError` at the deadline, a reading of `monotonicMs`; `failureOf` makes a timeout of it. */
export async function runUntil<T>(
  deadlineMs: number,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const boxed = work(controller.signal).then((value) => ({ value }));
  const done = await clock.within(boxed, deadlineMs - clock.monotonicMs());
  if (done !== null) return done.value;
  const reason = deadlinePassed();
  controller.abort(reason);
  throw reason;
}

export function deadlinePassed(): DOMException {
  return new DOMException("The deadline passed.", "TimeoutError");
}
