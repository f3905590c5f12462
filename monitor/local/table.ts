// The live picture of `monitor up`: one `/status` report as lines of text. What matters most stands first: the verdict,
// then who is up for whom, then where DNS sends users, then what is wrong.
import type { VerdictKind } from "../model/verdict.ts";
import { routerPhrase, routerTroubles } from "../report/router-words.ts";
import type { StatusCell, StatusReport } from "../report/status-schema.ts";
import { formatDuration, type Instant } from "../time.ts";
import { dependsOnAsker } from "../verify/failover.ts";
import { alignRows, type Line, paintLine, piece, type Tone } from "./text-line.ts";

/** More open incidents than this are counted, not shown. */
const INCIDENTS_SHOWN_MAX = 8;
const MAINTENANCE_SHOWN_MAX = 3;

export interface TableStyle {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colours: "on" | "off";
}

/** Lines without line ends, none wider than `style.width`. */
export function renderTable(status: StatusReport, style: TableStyle, at: Instant): readonly string[] {
  const lines: readonly Line[] = [
    headline(status, at),
    failoverLine(status),
    ...routerLines(status),
    ...drillLines(status, at),
    ...maintenanceLines(status, at),
    [],
    ...alignRows(regionRows(status)),
    [],
    ...alignRows(dnsRows(status)),
    [],
    ...incidentLines(status, at),
  ];
  return lines.map((line) => paintLine(line, style.width, style.colours));
}

function headline({ service, verdict, self, simulated }: StatusReport, at: Instant): Line {
  const { lastRoundAt, rounds } = self;
  const age = lastRoundAt === null ? "" : formatDuration(Math.max(0, at - Date.parse(lastRoundAt)));
  const looked = lastRoundAt === null ? "no round yet" : `${rounds} rounds, the last ${age} ago`;
  const missed = self.missedSlots === 0 ? "" : `, ${self.missedSlots} missed`;
  const where = simulated ? ", simulated" : "";
  return [
    piece(service.name, "strong"),
    piece("  "),
    piece(verdict, VERDICT_TONES[verdict]),
    piece(`  ${looked}${missed}${where}`, "dim"),
  ];
}

function nobodysName(routing: StatusReport["failover"]["routing"]): string {
  if (dependsOnAsker(routing)) return "by vantage";
  return routing === "weighted" || routing === "multivalue" ? "several" : "none";
}

function failoverLine({ failover }: StatusReport): Line {
  const active = failover.active ?? nobodysName(failover.routing);
  return [
    piece(`${failover.routing}: ${active}${failover.failOpen ? " (fail-open)" : ""}`),
    piece("  "),
    piece(failover.verdict, VERDICT_TONES[failover.verdict]),
    piece(`  ${failover.reason}`, "dim"),
  ];
}

/** Only where it is on. */
function routerLines({ router }: StatusReport): readonly Line[] {
  if (router === undefined) return [];
  const troubles = routerTroubles(router).map((trouble) => piece(`  ${trouble}`, "wait"));
  return [[piece(`router: ${routerPhrase(router)}`), ...troubles]];
}

/** What is broken on purpose must not frighten anybody. */
function drillLines({ drill }: StatusReport, at: Instant): readonly Line[] {
  if (drill === undefined) return [];
  const left = Date.parse(drill.expiresAt) - at;
  const when = {
    running: `over in ${formatDuration(Math.max(0, left))} at the latest`,
    overdue: `should have been over ${formatDuration(Math.max(0, -left))} ago: \`monitor drill restore\``,
    settling: "over; its traces may still be seen",
  }[drill.state];
  const tone = drill.state === "overdue" ? "bad" : "wait";
  return [[piece("drill: "), piece(drill.title, tone), piece(`  ${when}`, "dim")]];
}

/** Only what is under way: what is announced is on the page. */
function maintenanceLines({ maintenance }: StatusReport, at: Instant): readonly Line[] {
  return maintenance
    .filter(({ state }) => state === "active")
    .slice(0, MAINTENANCE_SHOWN_MAX)
    .map(({ title, regions, until }) => [
      piece("maintenance: "),
      piece(title, "wait"),
      piece(`  ${regions.join(", ")}, over in ${formatDuration(Math.max(0, Date.parse(until) - at))}`, "dim"),
    ]);
}

function regionRows({ regions, vantages, matrix }: StatusReport): readonly Line[] {
  const head = ["region", "Route 53", "users", ...vantages.map((vantage) => vantage.id)].map((text) =>
    piece(text, "dim"),
  );
  const rows = regions.map((region): Line => [
    piece(region.id),
    piece(region.health, HEALTH_TONES[region.health]),
    piece(region.userHealth, HEALTH_TONES[region.userHealth]),
    ...vantages.map((vantage) => cellPiece(matrix[region.id]?.[vantage.id])),
  ]);
  return [head, ...rows];
}

function cellPiece(cell: StatusCell | undefined): Line[number] {
  if (cell === undefined) return piece("unknown", "dim");
  if (cell.state === "up") return piece(cell.totalMs === null ? "up" : `${Math.round(cell.totalMs)} ms`, "good");
  if (cell.state === "down") return piece(cell.failure?.cause ?? "down", "bad");
  return piece(cell.state, "dim");
}

interface DnsGroup {
  readonly rows: readonly StatusReport["dns"][number][];
}

/** Vantages that see the same share a row. */
function dnsRows({ dns, vantages }: StatusReport): readonly Line[] {
  const groups = new Map<string, DnsGroup>();
  for (const row of dns) {
    const key = JSON.stringify([row.name, row.type, row.view, seenText(row), expectedText(row), row.verdict]);
    groups.set(key, { rows: [...(groups.get(key)?.rows ?? []), row] });
  }
  const head = ["DNS", "verdict", "from", "seen", "expected", "name"].map((text) => piece(text, "dim"));
  return [head, ...[...groups.values()].map((group) => dnsLine(group, vantages.length))];
}

function dnsLine({ rows }: DnsGroup, vantageCount: number): Line {
  const [first] = rows;
  if (first === undefined) return [];
  const from = rows.length === vantageCount ? `all ${vantageCount}` : rows.map((row) => row.vantage).join(" ");
  const seen = seenText(first);
  return [
    piece(first.view === "authoritative" ? "name server" : "resolver"),
    piece(first.verdict, VERDICT_TONES[first.verdict]),
    piece(from),
    piece(seen, first.verdict === "deviates" ? "bad" : "plain"),
    piece(expectedText(first)),
    piece(`${first.name}${first.type === "A" ? "" : ` ${first.type}`}`, "dim"),
  ];
}

function seenText({ answer, rcode }: StatusReport["dns"][number]): string {
  return answer.length > 0 ? answer.join(" ") : rcode === null ? "no reply" : rcode === "NOERROR" ? "nothing" : rcode;
}

function expectedText({ expected }: StatusReport["dns"][number]): string {
  return expected.length > 0 ? expected.join(" ") : "undecided";
}

function incidentLines({ incidents }: StatusReport, at: Instant): readonly Line[] {
  const open = incidents.filter((incident) => incident.closedAt === undefined);
  if (open.length === 0) return [[piece("no open incident", "dim")]];
  const rows = open
    .slice(0, INCIDENTS_SHOWN_MAX)
    .map((incident): Line => [
      piece(incident.subject, incident.causedBy === undefined ? "bad" : "wait"),
      piece(`for ${formatDuration(Math.max(0, at - Date.parse(incident.openedAt)))}`),
      piece(`${standingWords(incident)}${incident.reason}`, "dim"),
    ]);
  const more = open.length - INCIDENTS_SHOWN_MAX;
  const head: Line = [piece(open.length === 1 ? "1 open incident" : `${open.length} open incidents`, "strong")];
  return [head, ...alignRows(rows), ...(more > 0 ? [[piece(`and ${more} more`, "dim")]] : [])];
}

function standingWords({ causedBy, mutedBy }: StatusReport["incidents"][number]): string {
  return `${causedBy === undefined ? "" : "planned; "}${mutedBy === undefined ? "" : "muted; "}`;
}

const VERDICT_TONES: Readonly<Record<VerdictKind, Tone>> = {
  conforms: "good",
  converging: "wait",
  undecided: "wait",
  deviates: "bad",
};

const HEALTH_TONES: Readonly<Record<"healthy" | "unhealthy" | "unknown", Tone>> = {
  healthy: "good",
  unhealthy: "bad",
  unknown: "dim",
};
