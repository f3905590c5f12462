// What `monitor up` says where there is no terminal to draw on: one line for each change of a verdict, of a region's
// health, or of an incident, between two reports.
import type { StatusReport } from "../report/status-schema.ts";

/** Sentences without time or line end, in the order of the report. A first report (`before` null) tells where things stand. */
export function listChanges(before: StatusReport | null, after: StatusReport): readonly string[] {
  return [
    ...changed("overall", before?.verdict, after.verdict),
    ...drillChanges(before, after),
    ...maintenanceChanges(before, after),
    ...after.regions.flatMap((region) => {
      const old = before?.regions.find((one) => one.id === region.id);
      return [
        ...changed(`${region.id} for Route 53`, old?.health, region.health),
        ...changed(`${region.id} for users`, old?.userHealth, region.userHealth),
      ];
    }),
    ...changed("active region", before === null ? undefined : activeOf(before), activeOf(after)),
    ...verdictChanges(before, after),
    ...incidentChanges(before, after),
  ];
}

/** Vantages whose DNS verdict changed in the same way, for the same reason, share a line. */
function verdictChanges(before: StatusReport | null, after: StatusReport): readonly string[] {
  const groups = new Map<
    string,
    { readonly what: string; readonly change: string; readonly vantages: readonly string[] }
  >();
  for (const { subject, verdict, reason } of after.verdicts) {
    const old = before?.verdicts.find((one) => one.subject === subject)?.verdict;
    const [change] = changed("", old, verdict).map((text) => `${text}: ${reason}`);
    if (change === undefined) continue;
    const { what, vantage } = splitSubject(subject);
    const vantages = groups.get(what + change)?.vantages ?? [];
    groups.set(what + change, { what, change, vantages: vantage === null ? vantages : [...vantages, vantage] });
  }
  return [...groups.values()].map(({ what, change, vantages }) =>
    vantages.length === 0 ? `${what}${change}` : `${what} at ${vantages.join(" ")}${change}`,
  );
}

/** "dns:<name>:<vantage>:<view>" without its vantage; other subjects as they are. */
function splitSubject(subject: string): { readonly what: string; readonly vantage: string | null } {
  const [kind, name, vantage, ...view] = subject.split(":");
  if (kind !== "dns" || vantage === undefined) return { what: subject, vantage: null };
  return { what: `dns:${name}:${view.join(":")}`, vantage };
}

function drillChanges(before: StatusReport | null, after: StatusReport): readonly string[] {
  const { drill } = after;
  if (drill === undefined || (before?.drill?.id === drill.id && before.drill.state === drill.state)) return [];
  return [`drill ${drill.state}: ${drill.title} (${drill.id})`];
}

function maintenanceChanges(before: StatusReport | null, after: StatusReport): readonly string[] {
  const activeIn = (report: StatusReport | null) =>
    (report?.maintenance ?? []).filter(({ state }) => state === "active");
  const [old, now] = [activeIn(before), activeIn(after)];
  const isIn = (list: typeof now, id: string): boolean => list.some((one) => one.id === id);
  return [
    ...old.filter(({ id }) => !isIn(now, id)).map(({ id, title }) => `maintenance over: ${title} (${id})`),
    ...now
      .filter(({ id }) => !isIn(old, id))
      .map(({ id, title, regions, until }) => `maintenance of ${regions.join(", ")} until ${until}: ${title} (${id})`),
  ];
}

function incidentChanges(before: StatusReport | null, after: StatusReport): readonly string[] {
  return after.incidents.flatMap((incident) => {
    const old = before?.incidents.find((one) => one.id === incident.id);
    const wasOpen = old !== undefined && old.closedAt === undefined;
    if (incident.closedAt !== undefined) return wasOpen ? [`incident closed: ${incident.subject}`] : [];
    const planned = incident.causedBy === undefined ? "" : " (planned)";
    return wasOpen ? [] : [`incident opened${planned}: ${incident.subject}: ${incident.reason}`];
  });
}

function activeOf({ failover }: StatusReport): string {
  return failover.active ?? "none";
}

function changed(what: string, before: string | undefined, after: string): readonly string[] {
  if (before === after) return [];
  return [before === undefined ? `${what} is ${after}` : `${what} ${before} -> ${after}`];
}
