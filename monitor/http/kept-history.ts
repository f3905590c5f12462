// Keeps the last 24 hours of the status page until the next round: before that there is nothing new in them, a page loads itself
// again every few seconds, and each look at them costs the coordinator a request more.
import type { BucketReport } from "../report/bucket-report.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { DAY_MS } from "../time.ts";
import type { ReportFaces } from "./report-routes.ts";

/** The latest round, and where the topology may be replaced between two rounds, which one is in force. */
type StandingAt = Pick<StatusReport["self"], "lastRoundAt" | "topology">;

/** Null where they could not be read, which is told to the log and tried again the next time. */
export type HistoryAfter = (self: StandingAt) => Promise<BucketReport | null>;

export function keepHistory(readBuckets: ReportFaces["readBuckets"]): HistoryAfter {
  let kept: { readonly key: string; readonly history: BucketReport } | null = null;
  return async ({ lastRoundAt, topology }) => {
    const key = `${lastRoundAt} ${topology?.takenAt}`;
    if (kept !== null && kept.key === key) return kept.history;
    try {
      const history = await readBuckets("hour", DAY_MS);
      kept = lastRoundAt === null ? null : { key, history };
      return history;
    } catch (thrown) {
      console.error(thrown);
      return null;
    }
  };
}
