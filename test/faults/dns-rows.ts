// What every DNS fault must look like, written by hand: one row a fault, asserted as the endpoint faults are.
import type { VerdictKind } from "../../monitor/model/verdict.ts";

/** By `rcode`, or by the cause where there is no reply. */
interface Asked {
  readonly authoritative: string;
  readonly recursive: string;
}

export interface DnsRow {
  readonly fault: string;
  /** First label of the question; "closed": the port where nobody listens. */
  readonly mode: string;
  readonly does: string;
  readonly node: Asked;
  readonly worker: Asked;
  /** Verdicts round by round: while Route 53 calls the first region healthy, and where it calls it unhealthy. */
  readonly verdicts: Course;
  readonly verdictsMoved: Course;
}

/** By which of the limits of `page.ts` a verdict becomes final. */
export type Course = keyof typeof COURSES;

export const COURSES = {
  right: ["undecided", "conforms", "conforms", "conforms"],
  "at once": ["deviates", "deviates", "deviates", "deviates"],
  "questions in a row": ["undecided", "deviates", "deviates", "deviates"],
  "one interval": ["undecided", "undecided", "deviates", "deviates"],
  "a change of health": ["undecided", "converging", "converging", "deviates"],
} as const satisfies Readonly<Record<string, readonly VerdictKind[]>>;

function always(course: Course): Pick<DnsRow, "verdicts" | "verdictsMoved"> {
  return { verdicts: course, verdictsMoved: course };
}

function both(outcome: string): Pick<DnsRow, "node" | "worker"> {
  const asked = { authoritative: outcome, recursive: outcome };
  return { node: asked, worker: asked };
}

export const DNS_ROWS: readonly DnsRow[] = [
  {
    fault: "open",
    mode: "open",
    does: "answers by policy",
    ...both("NOERROR"),
    ...always("right"),
  },
  {
    fault: "stuck",
    mode: "stuck",
    does: "goes on with the answer from before the fault",
    ...both("NOERROR"),
    verdicts: "right",
    verdictsMoved: "a change of health",
  },
  {
    fault: "servfail",
    mode: "servfail",
    does: "answers SERVFAIL",
    ...both("SERVFAIL"),
    ...always("one interval"),
  },
  {
    fault: "nxdomain",
    mode: "nxdomain",
    does: "answers NXDOMAIN",
    ...both("NXDOMAIN"),
    ...always("one interval"),
  },
  {
    fault: "empty",
    mode: "empty",
    does: "answers NOERROR without a record",
    ...both("NOERROR"),
    ...always("one interval"),
  },
  {
    fault: "foreign",
    mode: "ok",
    does: "adds an address that is in no record",
    ...both("NOERROR"),
    ...always("at once"),
  },
  {
    fault: "truncated",
    mode: "truncated",
    does: "answers with the TC bit, by TCP as well",
    ...both("truncated"),
    ...always("questions in a row"),
  },
  {
    fault: "other-name",
    mode: "other-name",
    does: "answers for another name than the one asked for",
    ...both("malformed"),
    ...always("questions in a row"),
  },
  {
    fault: "wrong-id",
    mode: "wrong-id",
    does: "answers with another id than the question's",
    ...both("malformed"),
    ...always("questions in a row"),
  },
  {
    fault: "garbage",
    mode: "garbage",
    does: "answers bytes that are no DNS message",
    ...both("malformed"),
    ...always("questions in a row"),
  },
  {
    fault: "half",
    mode: "half",
    does: "closes the connection amid its answer",
    node: { authoritative: "truncated", recursive: "truncated" },
    worker: { authoritative: "truncated", recursive: "connection-lost" },
    ...always("questions in a row"),
  },
  {
    fault: "hangup",
    mode: "hangup",
    does: "closes the connection without an answer",
    ...both("connection-lost"),
    ...always("questions in a row"),
  },
  {
    fault: "refuse",
    mode: "closed",
    does: "nobody listens",
    node: { authoritative: "refused", recursive: "refused" },
    worker: { authoritative: "unreachable", recursive: "connection-lost" },
    ...always("questions in a row"),
  },
  {
    fault: "silent",
    mode: "silent",
    does: "never answers",
    ...both("timeout"),
    ...always("questions in a row"),
  },
];
