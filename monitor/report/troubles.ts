// What is wrong now, for a person who was woken by it: a few troubles instead of many verdicts, each with since when, why, and
// what to do next. The worst comes first; no trouble is no proof of health, which is why the undecided is one as well.
import type { VerdictKind } from "../model/verdict.ts";
import { worstVerdict } from "../verify/verdict.ts";
import { subjectWords } from "./incident-words.ts";
import { ofOurOwn, silence } from "./own-troubles.ts";
import type { StatusReport } from "./status-schema.ts";

export interface Trouble {
  readonly verdict: Exclude<VerdictKind, "conforms">;
  readonly title: string;
  /** ISO; null: not known. */
  readonly since: string | null;
  readonly reason: string;
  /** A sentence; commands stand in backticks. */
  readonly next: string;
  /** As an incident's `causedBy`: the drill that is meant to cause it, or the maintenance that it is in. */
  readonly plannedBy: string | null;
  /** Id of the mute that keeps people from being told; absent: they are. */
  readonly mutedBy?: string;
}

type VerdictRow = StatusReport["verdicts"][number];

export function troublesOf(report: StatusReport): readonly Trouble[] {
  const rows = report.verdicts.filter((row) => row.excusedBy === undefined && !isImplied(report, row));
  const of = (kind: VerdictKind): readonly VerdictRow[] => rows.filter(({ verdict }) => verdict === kind);
  const others = (row: VerdictRow): boolean => !isAnswer(row);
  return [
    ...silence(report),
    ...of("deviates")
      .filter(others)
      .map((row) => single(report, row)),
    ...together(report, of("deviates").filter(isAnswer), "deviates"),
    ...of("converging")
      .filter(others)
      .map((row) => single(report, row)),
    ...together(report, of("converging").filter(isAnswer), "converging"),
    ...unjudged(of("undecided")),
    ...ofOurOwn(report),
  ];
}

/** Who answers for a region that serves nobody is no trouble of its own. */
function isImplied({ regions }: StatusReport, { subject }: VerdictRow): boolean {
  return regions.some(({ id, userHealth }) => subject === `claim:${id}` && userHealth === "unhealthy");
}

function isAnswer({ subject }: VerdictRow): boolean {
  return subject.startsWith("dns:");
}

function single(report: StatusReport, { subject, verdict, reason, deadline }: VerdictRow): Trouble {
  return {
    verdict: verdict === "deviates" ? "deviates" : "converging",
    title: subjectWords(subject, report.regions.length).title,
    ...openedFor(report, [subject]),
    // The title has said as much.
    reason: reason.replace(/^does not serve users( since \S+)?: /, ""),
    next: verdict === "deviates" ? nextFor(report, subject) : waitFor(deadline),
  };
}

function nextFor(report: StatusReport, subject: string): string {
  const [kind = "", id = ""] = subject.split(":");
  switch (kind) {
    case "region":
      return `${dnsAround(report, id)} \`monitor check\` looks from where you are; then its Pods, their events, and the way in.`;
    case "claim":
      return "Compare the region's cluster with the topology: `monitor lint` finds a REGION that is set to another one.";
    case "failover":
      return report.failover.failOpen
        ? "No region is healthy, so DNS answers as if all were. Bring any of them back first."
        : "`monitor policy explain` says which record was chosen, and why.";
    case "router":
      return "A cluster or a load balancer answers for another region: look at the region's endpoint in the topology.";
    case "drill":
      return "`monitor drill restore`, on the machine where it was started, puts everything back.";
    default:
      return "/status has all that is known of it.";
  }
}

/** What DNS does about a region that is down. */
function dnsAround(report: StatusReport, id: string): string {
  const { active, failOpen } = report.failover;
  switch (dnsVerdict(report)) {
    case "conforms":
      if (failOpen || active === id) return "DNS still leads there: the policy has nowhere better.";
      return active === null ? "DNS leads users elsewhere." : `DNS leads users to ${active}.`;
    case "converging":
      return `DNS is still moving users away. ${waitFor(latestDeadline(report.dns))}`;
    case "deviates":
      return "DNS does not lead users away as it should, see below.";
    case "undecided":
      return "Where DNS leads users is not known.";
  }
}

function waitFor(deadline: string | undefined): string {
  return deadline === undefined
    ? "Wait: it is inside its deadline."
    : `Wait until ${deadline.slice(11, 19)} UTC: both answers are right until then.`;
}

/** The answers that are wrong have one cause nearly always. */
function together(
  report: StatusReport,
  rows: readonly VerdictRow[],
  verdict: "deviates" | "converging",
): readonly Trouble[] {
  const [first] = rows;
  if (first === undefined) return [];
  const places = [...new Set(rows.map(({ subject }) => subject.split(":")[2] ?? ""))];
  const where = places.length === report.vantages.length ? "everywhere" : `at ${places.join(", ")}`;
  const others = rows.length === 1 ? "" : ` (and ${rows.length - 1} more like it)`;
  const deviates = verdict === "deviates";
  return [
    {
      verdict,
      title: deviates ? `DNS does not answer as the policy says ${where}` : `DNS is changing ${where}`,
      ...openedFor(
        report,
        rows.map(({ subject }) => subject),
      ),
      reason: `${first.reason}${others}`,
      next: deviates
        ? "`monitor zone compare` puts side by side what we, Route 53's checkers and DNS say, with the likely cause."
        : waitFor(latestDeadline(rows)),
    },
  ];
}

function unjudged(open: readonly VerdictRow[]): readonly Trouble[] {
  const [first] = open;
  if (first === undefined) return [];
  const names = open.filter((row) => !isAnswer(row)).map(({ subject }) => subject);
  const dns = open.length - names.length;
  const listed = [...names, ...(dns === 0 ? [] : [`${dns} DNS answers`])].join(", ");
  return [
    {
      verdict: "undecided",
      title: `Not known: ${listed}`,
      since: null,
      reason: first.reason,
      next: "A verdict needs as many looks in a row as the health check's threshold; /healthz says whether the monitor itself is well.",
      plannedBy: null,
    },
  ];
}

/** The earliest of the open incidents; planned only where all of them are, and muted likewise. */
function openedFor(
  report: StatusReport,
  subjects: readonly string[],
): Pick<Trouble, "since" | "plannedBy" | "mutedBy"> {
  const open = report.incidents.filter(({ subject, closedAt }) => closedAt === undefined && subjects.includes(subject));
  const [since = null] = open.map(({ openedAt }) => openedAt).toSorted();
  const drills = open.map(({ causedBy }) => causedBy ?? null);
  const mute = open.every(({ mutedBy }) => mutedBy !== undefined) ? open[0]?.mutedBy : undefined;
  return {
    since,
    plannedBy: drills.includes(null) ? null : (drills[0] ?? null),
    ...(mute === undefined ? {} : { mutedBy: mute }),
  };
}

export function dnsVerdict({ dns }: StatusReport): VerdictKind {
  return worstVerdict(dns.map(({ verdict }) => verdict));
}

function latestDeadline(rows: readonly { readonly deadline?: string | undefined }[]): string | undefined {
  return rows
    .flatMap(({ deadline }) => deadline ?? [])
    .toSorted()
    .at(-1);
}
