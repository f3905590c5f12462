// Which windows may be asked for, and how they are written: any up to a week, then a few, because each is counted anew and
// kept until the next round.
import { DAY_MS, HOUR_MS } from "../time.ts";
import type { BucketWidth } from "./rollup.ts";

/** Any number of hours or days up to this. */
const ANY_MAX_MS = 7 * DAY_MS;
const LONG_DAYS = [14, 30, 31, 60, 90, 180, 365, 366];

export const WINDOW_WORDS = `hours or days up to 7d, such as 24h or 7d, or ${LONG_DAYS.map((days) => `${days}d`).join(", ")}`;

/** Null: no window that may be asked for. */
export function parseWindow(text: string): number | null {
  const [, amount = "", unit = ""] = /^(\d{1,3})([hd])$/.exec(text) ?? [];
  const windowMs = Number(amount) * (unit === "d" ? DAY_MS : HOUR_MS);
  const allowed = windowMs <= ANY_MAX_MS || LONG_DAYS.some((days) => windowMs === days * DAY_MS);
  return windowMs > 0 && allowed ? windowMs : null;
}

/** So that no answer has more than a few hundred buckets. */
export const BUCKET_WINDOWS: Readonly<Record<BucketWidth, { readonly usual: string; readonly most: string }>> = {
  minute: { usual: "1h", most: "3h" },
  hour: { usual: "24h", most: "14d" },
  day: { usual: "30d", most: "366d" },
};

export function parseWidth(text: string): BucketWidth | null {
  return text === "minute" || text === "hour" || text === "day" ? text : null;
}

/** Null: not a window, or one too long for buckets of that width. */
export function parseBucketWindow(text: string, width: BucketWidth): number | null {
  const windowMs = parseWindow(text);
  return windowMs !== null && windowMs <= (parseWindow(BUCKET_WINDOWS[width].most) ?? 0) ? windowMs : null;
}
