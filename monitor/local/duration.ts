// Durations as people type them: "500ms", "60s", "2m", "1h".
import type { Parsed } from "../problem.ts";
import { DAY_MS, formatDuration, HOUR_MS, MINUTE_MS, SECOND_MS } from "../time.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: SECOND_MS, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
export const DURATION_MIN_MS = 1;
/** Longer than this is "until Ctrl-C". */
export const DURATION_MAX_MS = DAY_MS;

/** Milliseconds. Days are for those alone who may ask for more than one. */
export function parseDuration(text: string, maxMs: number = DURATION_MAX_MS): Parsed<number> {
  const match = (maxMs > DURATION_MAX_MS ? /^(\d{1,9})(ms|s|m|h|d)$/ : /^(\d{1,9})(ms|s|m|h)$/).exec(text);
  const ms = match === null ? 0 : Number(match[1]) * (UNITS[match[2] ?? ""] ?? 0);
  if (ms >= DURATION_MIN_MS && ms <= maxMs) return { ok: true, value: ms };
  const longest = formatDuration(maxMs);
  return {
    ok: false,
    problems: [{ message: `expected a time such as 500ms, 60s or 2m, at most ${longest}, found "${text}"` }],
  };
}
