// Incidents in words for people who do not know our subjects: a title, what was hurt, and how it went, the latest first.
import { formatDuration, parseIso } from "../time.ts";
import { DNS_KEY, type Indicator, regionKey } from "./component-state.ts";
import { causeName } from "./maintenance-words.ts";
import type { StatusReport } from "./status-schema.ts";

type ReportedIncident = StatusReport["incidents"][number];

export interface IncidentStory extends ReportedIncident {
  readonly title: string;
  /** Keys of the components that it hurts. */
  readonly components: readonly string[];
  readonly impact: Exclude<Indicator, "maintenance">;
  /** The latest first. */
  readonly chapters: readonly Chapter[];
}

export interface Chapter {
  readonly kind: "opened" | "closed";
  readonly at: string;
  readonly words: string;
}

/** In the order of the report: open ones first, then the closed ones, in each case the latest first. */
export function storiesOf(report: StatusReport): readonly IncidentStory[] {
  return report.incidents.map((incident) => ({
    ...incident,
    ...subjectWords(incident.subject, report.regions.length),
    chapters: chaptersOf(incident),
  }));
}

/** `regions` is how many there are: the only one is worth more. */
export function subjectWords(subject: string, regions: number): Pick<IncidentStory, "title" | "components" | "impact"> {
  const at = subject.indexOf(":");
  const [kind, rest] = at < 0 ? [subject, ""] : [subject.slice(0, at), subject.slice(at + 1)];
  const ofRegion = {
    components: [regionKey(rest)],
    impact: regions === 1 ? ("critical" as const) : ("major" as const),
  };
  switch (kind) {
    case "region":
      return { ...ofRegion, title: `Region ${rest} does not serve users` };
    case "claim":
      return { ...ofRegion, title: `Region ${rest} is served by another one` };
    case "router":
      return { ...ofRegion, title: `Behind ${rest} the router found another region`, impact: "minor" };
    case "dns":
      return {
        title: `DNS does not answer as the policy says (${placeOf(rest)})`,
        components: [DNS_KEY],
        impact: "minor",
      };
    case "failover":
      return { title: "DNS does not send users where the policy says", components: [DNS_KEY], impact: "major" };
    case "drill":
      return { title: `The drill ${rest} has outlived its expiry`, components: [], impact: "minor" };
    default:
      return { title: `${subject} is not as it should be`, components: [], impact: "minor" };
  }
}

/** "weur, authoritative" of "demo.example.com:weur:authoritative:AAAA". */
function placeOf(rest: string): string {
  const [, vantage = "", view = ""] = rest.split(":");
  return `${vantage}, ${view}`;
}

function chaptersOf({ openedAt, closedAt, reason, causedBy }: ReportedIncident): readonly Chapter[] {
  const planned = causedBy === undefined ? "" : ` Planned: ${causeName(causedBy)}.`;
  const opened: Chapter = { kind: "opened", at: openedAt, words: `${reason}.${planned}` };
  if (closedAt === undefined) return [opened];
  const length = formatDuration((parseIso(closedAt) ?? 0) - (parseIso(openedAt) ?? 0));
  return [{ kind: "closed", at: closedAt, words: `Over after ${length}.` }, opened];
}
