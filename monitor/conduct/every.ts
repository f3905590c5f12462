// One thing again and again, on a grid of its own: a turn that takes too long costs the turns it overlaps, never two at once.
import { setTimeout as sleep } from "node:timers/promises";

export interface Rhythm {
  readonly everyMs: number;
  /** The first turn comes after this, so that many who do the same do not do it at once. */
  readonly phaseMs: number;
}

/** Until `signal` aborts; the turn under way is waited for. `work` must not reject. */
export async function runEvery(
  { everyMs, phaseMs }: Rhythm,
  work: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const firstMs = performance.now() + phaseMs;
  for (let turn = 0; !signal.aborted; turn += 1) {
    await pause(firstMs + turn * everyMs - performance.now(), signal);
    if (signal.aborted) return;
    await work();
    turn = Math.max(turn, Math.floor((performance.now() - firstMs) / everyMs));
  }
}

/** Ends early, without a fuss, when `signal` aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
}
