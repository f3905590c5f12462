// Node's readings of time.
import type { Clock } from "../run/world.ts";
import { makeClock } from "../wire/clock.ts";

export function makeNodeClock(): Clock {
  return makeClock({ now: () => Date.now(), monotonicMs: () => performance.now() });
}
