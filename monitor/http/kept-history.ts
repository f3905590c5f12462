// Keeps the last 24 hours of the status page for a minute: they change by the hour, a page loads itself again every few seconds,
// and each look at them would cost the coordinator a request more.
import type { BucketReport } from "../report/bucket-report.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS, slotAt } from "../time.ts";
import type { ReportFaces } from "./report-routes.ts";

export const HISTORY_KEPT_MS_MAX = MINUTE_MS;

/** What gives them at an instant; null where they could not be read, which is told to the log and tried again the next time. */
export function keepHistory(readBuckets: ReportFaces["readBuckets"]): (at: Instant) => Promise<BucketReport | null> {
  let kept: { readonly at: Instant; readonly history: BucketReport } | null = null;
  return async (at) => {
    if (kept !== null && isFresh(kept.at, at)) return kept.history;
    try {
      const history = await readBuckets("hour", DAY_MS);
      kept = { at, history };
      return history;
    } catch (thrown) {
      console.error(thrown);
      return null;
    }
  };
}

/** A new hour has a bar of its own. */
function isFresh(keptAt: Instant, at: Instant): boolean {
  return at >= keptAt && at - keptAt < HISTORY_KEPT_MS_MAX && slotAt(at, HOUR_MS) === slotAt(keptAt, HOUR_MS);
}
