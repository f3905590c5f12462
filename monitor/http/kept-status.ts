// Keeps the latest status for a moment, so that many readers at once cost the coordinator one answer and not as many: what is
// kept is a value and never a promise, because a Worker may not wait for what another request began.
import type { StatusReport } from "../report/status-schema.ts";
import type { Instant } from "../time.ts";

/** Far below any interval, and what is shown carries the instant at which it was true. */
export const KEPT_MS_MAX = 250;

/** A clock that was set back ends the keeping as well. */
export function keepStatus(read: () => Promise<StatusReport>, now: () => Instant): () => Promise<StatusReport> {
  let kept: { readonly report: StatusReport; readonly at: Instant } | null = null;
  return async () => {
    const ageMs = kept === null ? KEPT_MS_MAX : now() - kept.at;
    if (kept !== null && ageMs >= 0 && ageMs < KEPT_MS_MAX) return kept.report;
    const at = now();
    const report = await read();
    kept = { report, at };
    return report;
  };
}
