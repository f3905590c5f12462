// Waiting in tests: for something to become true, never for time to pass, and never for ever.
import { setTimeout as sleep } from "node:timers/promises";

const WAIT_MAX_MS = 10_000;
const PAUSE_MS = 10;

/** Gives the first value that is neither false, null nor undefined; fails after `boundMs` with what was waited for. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  boundMs = WAIT_MAX_MS,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + boundMs;
  while (performance.now() < deadline) {
    const value = await look();
    if (value !== false && value !== null && value !== undefined) return value as Exclude<T, false | null | undefined>;
    await sleep(PAUSE_MS);
  }
  throw new Error(`waited ${boundMs} ms in vain: ${what}`);
}
