// The service as a list of components with one state each, and all of them as one: what status pages and badges elsewhere
// have words for. They have none for "unknown", so it becomes the mildest trouble there is, and never operational.
import { worstVerdict } from "../verify/verdict.ts";
import type { StatusReport } from "./status-schema.ts";

/** In Statuspage's words, the worst last. */
export const COMPONENT_STATES = [
  "operational",
  "under_maintenance",
  "degraded_performance",
  "partial_outage",
  "major_outage",
] as const;
export type ComponentState = (typeof COMPONENT_STATES)[number];

export const INDICATORS = ["none", "minor", "major", "critical", "maintenance"] as const;
export type Indicator = (typeof INDICATORS)[number];

export interface Component {
  /** "region:aws-us-east-1" or "dns"; never shown. */
  readonly key: string;
  readonly name: string;
  /** What it is, and why it is in this state. */
  readonly description: string;
  readonly state: ComponentState;
  /** False: the state stands in for what could not be measured. */
  readonly known: boolean;
  /** ISO; null: not known. */
  readonly since: string | null;
}

export interface Overall {
  readonly indicator: Indicator;
  readonly description: string;
  /** False: nothing is worse than that something is not known. */
  readonly known: boolean;
}

/** So many vantages whose latest look failed are no accident, even while the others carry the vote. */
const DOWN_VANTAGES_MIN = 2;

export const DNS_KEY = "dns";

export function regionKey(id: string): string {
  return `region:${id}`;
}

/** The regions in the topology's order, then DNS. */
export function componentsOf(report: StatusReport): readonly Component[] {
  return [...report.regions.map((region) => regionComponent(report, region)), dnsComponent(report)];
}

function regionComponent(report: StatusReport, region: StatusReport["regions"][number]): Component {
  const { id, userHealth, userSince, lastAt, maintenance } = region;
  const own = { key: regionKey(id), name: id, known: userHealth !== "unknown", since: userSince ?? lastAt };
  const told = (words: string): string => `${region.region}: ${words}`;
  const reason = reasonOf(report, `region:${id}`);
  if (maintenance !== undefined)
    return { ...own, known: true, state: "under_maintenance", description: told("under maintenance") };
  switch (userHealth) {
    case "unhealthy":
      return { ...own, state: "major_outage", description: told(reason) };
    case "unknown": {
      // The last that is known of it.
      const state = isOpen(report, `region:${id}`) ? "major_outage" : "degraded_performance";
      return { ...own, state, description: told("not enough fresh looks for an opinion") };
    }
    case "healthy":
      return { ...own, state: servingState(report, id), description: told(reason) };
  }
}

function servingState(report: StatusReport, id: string): ComponentState {
  const failing = Object.values(report.matrix[id] ?? {}).filter(({ state }) => state === "down").length;
  const misnamed = report.verdicts.some(({ subject, verdict }) => subject === `claim:${id}` && verdict === "deviates");
  return failing >= DOWN_VANTAGES_MIN || misnamed ? "partial_outage" : "operational";
}

function dnsComponent(report: StatusReport): Component {
  const { dns, failover, regions, service } = report;
  // What a monitor that fell silent saw of DNS says no more of it than of the regions.
  const blind = regions.every(({ userHealth }) => userHealth === "unknown");
  const verdict = blind ? "undecided" : worstVerdict([failover.verdict, worstVerdict(dns.map((row) => row.verdict))]);
  const words: Readonly<Record<typeof verdict, string>> = {
    conforms: `as the policy says: ${failover.reason}`,
    converging: "a change is under way, inside its deadline",
    deviates: "not as the policy says",
    undecided: "not enough is known to judge it",
  };
  return {
    key: DNS_KEY,
    name: "DNS",
    description: `Answers for ${service.host}: ${words[verdict]}`,
    state: dnsState(report, verdict),
    known: verdict !== "undecided",
    since: null,
  };
}

function dnsState({ dns, failover }: StatusReport, verdict: ReturnType<typeof worstVerdict>): ComponentState {
  if (verdict === "conforms") return "operational";
  if (verdict !== "deviates") return "degraded_performance";
  const everywhere = dns.length > 0 && dns.every((row) => row.verdict === "deviates");
  return everywhere || failover.failOpen ? "major_outage" : "partial_outage";
}

/** Statuspage's own blend ("Top-level status and incident impact calculations"), with words of ours for what is not known. */
export function overallOf(components: readonly Component[]): Overall {
  const all = (state: ComponentState): boolean => components.every((one) => one.state === state);
  const any = (state: ComponentState): boolean => components.some((one) => one.state === state);
  const known = (indicator: Indicator, description: string): Overall => ({ indicator, description, known: true });
  if (any("major_outage"))
    return all("major_outage") ? known("critical", "Major System Outage") : known("major", "Partial System Outage");
  if (any("partial_outage"))
    return all("partial_outage") ? known("major", "Partial System Outage") : known("minor", "Minor Service Outage");
  const troubled = components.filter(({ state }) => state === "degraded_performance");
  if (troubled.length === 0)
    return any("under_maintenance")
      ? known("maintenance", "Service Under Maintenance")
      : known("none", "All Systems Operational");
  if (troubled.some((one) => one.known))
    return known("minor", all("degraded_performance") ? "Degraded System Service" : "Partially Degraded Service");
  const description = troubled.length === components.length ? "Status Unknown" : "Status Partly Unknown";
  return { indicator: "minor", description, known: false };
}

function reasonOf(report: StatusReport, subject: string): string {
  return report.verdicts.find((one) => one.subject === subject)?.reason ?? "not judged yet";
}

function isOpen(report: StatusReport, subject: string): boolean {
  return report.incidents.some((one) => one.subject === subject && one.closedAt === undefined);
}
