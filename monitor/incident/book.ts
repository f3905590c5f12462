// Verdicts open and close incidents: one opens when a subject deviates, and closes when it conforms again. What is
// undecided or converging in between neither heals nor hurts.
import type { Incident, IncidentBook, IncidentChange, Verdict } from "../model/verdict.ts";
import type { DrillNotice } from "../model/planned.ts";
import { isPlanned } from "./planned.ts";
import { DAY_MS, type Instant, toIso } from "../time.ts";
import { shortenStored } from "../topology/stored-text.ts";

export const NO_INCIDENTS: IncidentBook = { open: [], closed: [] };

/** Closed incidents stay this long in the book. */
export const CLOSED_AGE_MAX_MS = DAY_MS;

/** A flapping subject must not fill the store. */
export const CLOSED_MAX = 200;

/** Bytes of a reason, as they are stored: it may name every vantage and every address; the verdict has all of it. */
export const REASON_MAX = 500;

export interface IncidentStep {
  readonly book: IncidentBook;
  /** Closed ones first, then those that outlasted their drill or maintenance, each in the order of the book or of the verdicts. */
  readonly changes: readonly IncidentChange[];
}

/** `drill` is the one in force. `verdicts` are all that there are: an incident whose subject is not among them is closed, since nobody looks any more. */
export function stepIncidents(
  book: IncidentBook,
  verdicts: readonly Verdict[],
  at: Instant,
  drill: DrillNotice | null = null,
): IncidentStep {
  const bySubject = new Map(verdicts.map((verdict) => [verdict.subject, verdict]));
  const ends = (incident: Incident): boolean => (bySubject.get(incident.subject)?.verdict ?? "conforms") === "conforms";
  const ended = book.open.filter(ends).map((incident) => ({ ...incident, closedAt: at }));
  const lasting = book.open
    .filter((incident) => !ends(incident))
    .map((incident) => keepCause(incident, bySubject.get(incident.subject), drill, at));
  const known = new Set(lasting.map((incident) => incident.subject));
  const begun = verdicts
    .filter((one) => one.verdict === "deviates" && !known.has(one.subject))
    .map((one) => openIncident(one, drill, at));
  const outlasted = lasting.filter(
    ({ id, causedBy }) =>
      causedBy === undefined && book.open.some((was) => was.id === id && was.causedBy !== undefined),
  );
  return {
    book: { open: [...lasting, ...begun], closed: keepRecent([...ended, ...book.closed], at) },
    changes: [
      ...ended.map((incident) => ({ kind: "closed" as const, incident })),
      ...outlasted.map((incident) => ({ kind: "outlasted" as const, incident })),
      ...begun.map((incident) => ({ kind: "opened" as const, incident })),
    ],
  };
}

function openIncident(verdict: Verdict, drill: DrillNotice | null, at: Instant): Incident {
  const { subject, reason, excusedBy } = verdict;
  const causedBy = drill !== null && isPlanned(drill, subject, at) ? drill.id : excusedBy;
  const told = shortenStored(reason, REASON_MAX);
  const planned = causedBy === undefined ? {} : { causedBy };
  return { id: `${toIso(at)} ${subject}`, subject, openedAt: at, closedAt: null, reason: told, ...planned };
}

/** An incident is excused only as long as its drill is, or as some maintenance excuses its verdict; what was real stays so. */
function keepCause(incident: Incident, verdict: Verdict | undefined, drill: DrillNotice | null, at: Instant): Incident {
  const { causedBy, ...plain } = incident;
  if (causedBy === undefined || (drill?.id === causedBy && isPlanned(drill, incident.subject, at))) return incident;
  return verdict?.excusedBy === undefined ? plain : { ...plain, causedBy: verdict.excusedBy };
}

function keepRecent(closed: readonly Incident[], at: Instant): readonly Incident[] {
  return closed.filter((incident) => at - (incident.closedAt ?? at) <= CLOSED_AGE_MAX_MS).slice(0, CLOSED_MAX);
}
