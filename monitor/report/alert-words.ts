// A notice in words, for people who read it on a telephone: what, since when, why, and what else is down with it.
import type { Notice, ToldIncident } from "../model/alert.ts";
import { unreachable } from "../problem.ts";
import { formatDuration, type Instant, toIso } from "../time.ts";

/** One line without the service's name. `at`: when it was written. */
export function noticeTitle(notice: Notice, at: Instant): string {
  switch (notice.kind) {
    case "incident": {
      const { event, subject, reason, openedAt, closedAt } = notice;
      if (event === "closed") return `over after ${formatDuration((closedAt ?? at) - openedAt)}: ${subject}`;
      const others = notice.attached.length + notice.more;
      const also = others === 0 ? "" : `, and ${others} more`;
      const still = event === "reminder" ? `still, for ${formatDuration(at - openedAt)}: ` : "";
      return `${still}${subject}${also}: ${reason}`;
    }
    case "digest":
      return `${notice.withheld} messages since ${toIso(notice.since)} were not sent one by one; ${openPhrase(notice)}`;
    case "report":
      return `report of ${notice.day}`;
    case "test":
      return "a test: nothing has happened";
    default:
      return unreachable(notice);
  }
}

/** What stands below the title, a line each. */
export function noticeLines(notice: Notice): readonly string[] {
  switch (notice.kind) {
    case "incident":
      return listLines(notice.attached, notice.more);
    case "digest":
      return listLines(notice.open, notice.more);
    case "report":
    case "test":
      return [];
    default:
      return unreachable(notice);
  }
}

function openPhrase({ open, more }: Extract<Notice, { kind: "digest" }>): string {
  const count = open.length + more;
  return count === 0 ? "nothing is open now" : `open now: ${count}`;
}

function listLines(incidents: readonly ToldIncident[], more: number): readonly string[] {
  const lines = incidents.map(({ subject, reason, openedAt }) => `${subject} since ${toIso(openedAt)}: ${reason}`);
  return more === 0 ? lines : [...lines, `and ${more} more`];
}
