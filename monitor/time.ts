// Instants are integer milliseconds since 1970 UTC, handed in from outside; ISO 8601 only at the borders.

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number;

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** "2026-11-22T12:34:56.000Z". */
export function toIso(at: Instant): string {
  return new Date(at).toISOString();
}

/** The instant of an ISO 8601 time with date, time and zone; null for anything else. */
export function parseIso(text: string): Instant | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** "350 ms", "8.4 s", "3 m 20 s", "2 h 5 m", "1 d 4 h": two units at most, never rounded up to a unit that was not reached. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < SECOND_MS) return `${Math.floor(ms)} ms`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / 100) / 10} s`;
  if (ms < HOUR_MS) return twoUnits(ms, MINUTE_MS, "m", SECOND_MS, "s");
  if (ms < DAY_MS) return twoUnits(ms, HOUR_MS, "h", MINUTE_MS, "m");
  return twoUnits(ms, DAY_MS, "d", HOUR_MS, "h");
}

function twoUnits(ms: number, bigMs: number, big: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % bigMs) / smallMs);
  return `${Math.floor(ms / bigMs)} ${big}${rest === 0 ? "" : ` ${rest} ${small}`}`;
}

/** The latest instant of the grid that is not after `at`; the grid counts from 1970, so every runtime agrees on it. */
export function slotAt(at: Instant, intervalMs: number): Instant {
  return Math.floor(at / intervalMs) * intervalMs;
}
