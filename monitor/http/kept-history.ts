// Keeps the last 24 hours of the status page until the next round: before that there is nothing new in them, a page loads itself
// again every few seconds, and each look at them costs the coordinator a request more.
import type { BucketReport } from "../report/bucket-report.ts";
import { DAY_MS } from "../time.ts";
import type { ReportFaces } from "./report-routes.ts";

/** Null where they could not be read, which is told to the log and tried again the next time. */
export type HistoryAfter = (lastRoundAt: string | null) => Promise<BucketReport | null>;

export function keepHistory(readBuckets: ReportFaces["readBuckets"]): HistoryAfter {
  let kept: { readonly lastRoundAt: string; readonly history: BucketReport } | null = null;
  return async (lastRoundAt) => {
    if (kept !== null && kept.lastRoundAt === lastRoundAt) return kept.history;
    try {
      const history = await readBuckets("hour", DAY_MS);
      kept = lastRoundAt === null ? null : { lastRoundAt, history };
      return history;
    } catch (thrown) {
      console.error(thrown);
      return null;
    }
  };
}
