// The report with more of the past than it has by itself: what feeds, Statuspage's incidents and the page tell.
import type { StatusReport } from "./status-schema.ts";

/** Open ones first, then those that are over, the latest first; what the report knows of one stands. */
export function withPast(report: StatusReport, past: StatusReport["incidents"]): StatusReport {
  const known = new Set(report.incidents.map(({ id }) => id));
  return { ...report, incidents: [...report.incidents, ...past.filter(({ id }) => !known.has(id))] };
}
