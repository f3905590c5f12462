// A clock of no hurry: sleeping is setting it. For code that waits by rule, so that a test can read the rule off the times.
import type { Clock } from "../../monitor/run/world.ts";
import type { Instant } from "../../monitor/time.ts";

export function makeVirtualClock(start: Instant): Clock {
  let now = start;
  return {
    now: () => now,
    monotonicMs: () => now - start,
    sleepUntil: (at) => {
      now = Math.max(now, at);
      return Promise.resolve();
    },
    within: async (work) => work,
  };
}
