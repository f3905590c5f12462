// Whether a drill may start: what speaks against it, a sentence each, and all of it at once. Pure, over what others have
// read: the monitor's status, the journals on this machine, the levers' dry calls.
import type { DnsPath } from "../model/observation.ts";
import type { VerdictKind } from "../model/verdict.ts";
import type { Health } from "../policy/health-check.ts";
import { formatDuration, type Instant, parseIso, toIso } from "../time.ts";
import { blockedBy } from "./blocked-window.ts";
import { courseMaxMs } from "./plan.ts";
import type { DrillPlan } from "./script.ts";

/** The part of `/status` that counts here. */
export interface SteadyStatus {
  readonly generatedAt: string;
  readonly service: { readonly host: string };
  readonly regions: readonly {
    readonly id: string;
    readonly health: Health;
    readonly since: string | null;
    readonly userHealth: Health;
    readonly userSince: string | null;
  }[];
  readonly matrix: Readonly<Record<string, Readonly<Record<string, { readonly state: string }>>>>;
  readonly dns: readonly {
    readonly vantage: string;
    readonly view: DnsPath;
    readonly server: string;
    readonly ttlSeconds: number | null;
    readonly verdict: VerdictKind;
  }[];
  readonly failover: { readonly verdict: VerdictKind };
  readonly incidents: readonly { readonly subject: string; readonly closedAt?: string | undefined }[];
  readonly maintenance: readonly {
    readonly id: string;
    readonly regions: readonly string[];
    readonly from: string;
    readonly until: string;
  }[];
  readonly self: { readonly lastRoundAt: string | null };
}

export interface Situation {
  /** Null: the monitor could not be read. */
  readonly status: SteadyStatus | null;
  /** Of what the monitor watches by; null: not known. */
  readonly topologyFingerprint: string | null;
  /** Id of the drill that the monitor knows of; null: none. */
  readonly runningDrill: string | null;
  /** Ids of drills whose journal says that something still stands. */
  readonly openJournals: readonly string[];
  /** Names that were given. */
  readonly approvals: readonly string[];
  /** What the levers said to a dry call, a sentence each. */
  readonly leverRefusals: readonly string[];
}

export interface Refusal {
  readonly id: (typeof REFUSALS)[number];
  readonly message: string;
}

export const REFUSALS = [
  "local-only",
  "other-topology",
  "monitor-unread",
  "monitor-silent",
  "clocks",
  "other-service",
  "not-steady",
  "standby-not-healthy",
  "nothing-remains",
  "incident",
  "other-drill",
  "journal-open",
  "blocked-window",
  "maintenance",
  "dns-deviates",
  "ttl",
  "approval",
  "lever",
] as const;

/** Rounds after which a monitor counts as silent. */
const SILENT_ROUNDS = 3;
/** The fault is dated by this machine and what was noticed by the monitor; a status may be as old as its reading and one turn. */
const CLOCKS_APART_MS_MAX = 5000;

/** In the order of `REFUSALS`; empty: the drill may start. */
export function refusalsOf(plan: DrillPlan, situation: Situation, at: Instant): readonly Refusal[] {
  const { status } = situation;
  return [
    ...placeRefusals(plan, situation),
    ...(status === null
      ? [refusal("monitor-unread", "the monitor's status cannot be read, so nobody knows whether all is well")]
      : statusRefusals(plan, status, at)),
    ...(status === null ? [] : incidentRefusals(plan, status, at)),
    ...drillRefusals(plan, situation, at),
    ...(status === null ? [] : maintenanceRefusals(plan, status, at)),
    ...(status === null ? [] : dnsRefusals(plan, status)),
    ...consentRefusals(plan, situation),
  ];
}

function refusal(id: Refusal["id"], message: string): Refusal {
  return { id, message };
}

function refusedIf(holds: boolean, id: Refusal["id"], message: string): readonly Refusal[] {
  return holds ? [refusal(id, message)] : [];
}

function placeRefusals(plan: DrillPlan, { topologyFingerprint }: Situation): readonly Refusal[] {
  const other = topologyFingerprint !== null && topologyFingerprint !== plan.topologyFingerprint;
  return [
    ...refusedIf(
      plan.localOnly && !plan.local,
      "local-only",
      `${plan.scriptId} has no fault for a real topology: rehearse it with \`monitor up\``,
    ),
    ...refusedIf(
      other,
      "other-topology",
      "the monitor watches by another topology than this one: give the drill the same file, and its --snapshot where the monitor has one",
    ),
  ];
}

function statusRefusals(plan: DrillPlan, status: SteadyStatus, at: Instant): readonly Refusal[] {
  const silentMs = at - (instantOf(status.self.lastRoundAt) ?? -Infinity);
  const silentMaxMs = SILENT_ROUNDS * plan.cadence.roundMs + plan.steadyWindowMs;
  const staying = plan.regions.map(({ id }) => id).filter((id) => !plan.faulted.includes(id));
  return [
    ...refusedIf(
      silentMs > silentMaxMs,
      "monitor-silent",
      `the monitor's last round was ${silentMs === Infinity ? "never" : `${formatDuration(silentMs)} ago`}, expected at most ${formatDuration(silentMaxMs)}`,
    ),
    ...clockRefusals(status, at),
    ...refusedIf(
      status.service.host !== plan.service.host,
      "other-service",
      `the monitor watches ${status.service.host}, the drill is for ${plan.service.host}`,
    ),
    ...plan.regions.flatMap(({ id }) => unsteady(plan, status, id, at)),
    ...staying.flatMap((id) => strictness(plan, status, id)),
    ...refusedIf(
      staying.length === 0 && !plan.local,
      "nothing-remains",
      `no region would remain: ${plan.faulted.join(", ")} are all to be broken, which is allowed in the local world alone`,
    ),
  ];
}

function clockRefusals({ generatedAt }: SteadyStatus, at: Instant): readonly Refusal[] {
  const apartMs = Math.abs(at - (instantOf(generatedAt) ?? at));
  const apart = `the monitor's status is of ${generatedAt}, and here it is ${toIso(at)}`;
  const why = `expected clocks at most ${formatDuration(CLOCKS_APART_MS_MAX)} apart, or times that both tell could not be compared`;
  return refusedIf(apartMs > CLOCKS_APART_MS_MAX, "clocks", `${apart}: ${why}`);
}

/** Both views of a region must have been healthy for the whole window. */
function unsteady(plan: DrillPlan, status: SteadyStatus, id: string, at: Instant): readonly Refusal[] {
  const region = status.regions.find((one) => one.id === id);
  if (region === undefined) return [refusal("not-steady", `the monitor does not know the region ${id}`)];
  const views = [
    { health: region.userHealth, since: region.userSince, whose: "for users" },
    { health: region.health, since: region.since, whose: "by Route 53's rules" },
  ];
  return views.flatMap(({ health, since, whose }): readonly Refusal[] => {
    if (health !== "healthy") return [refusal("not-steady", `${id} is ${health} ${whose}, expected healthy`)];
    const forMs = at - (instantOf(since) ?? at);
    const windowMs = plan.steadyWindowMs;
    const message = `${id} is healthy ${whose} for ${formatDuration(forMs)} only, expected ${formatDuration(windowMs)}`;
    return refusedIf(forMs < windowMs, "not-steady", message);
  });
}

/** A majority will do in daily life; before a drill every place must reach the region that is to bear it all. */
function strictness(plan: DrillPlan, status: SteadyStatus, id: string): readonly Refusal[] {
  const cells = status.matrix[id] ?? {};
  const away = plan.vantages.filter((vantage) => cells[vantage]?.state !== "up");
  const message = `${id} is to bear the load and is not up from ${away.join(", ")}, expected up from every vantage`;
  return refusedIf(away.length > 0, "standby-not-healthy", message);
}

function incidentRefusals(plan: DrillPlan, status: SteadyStatus, at: Instant): readonly Refusal[] {
  return status.incidents.flatMap(({ subject, closedAt }): readonly Refusal[] => {
    if (closedAt === undefined) return [refusal("incident", `an incident is open: ${subject}`)];
    const closedMs = at - (instantOf(closedAt) ?? at);
    const message = `an incident ended ${formatDuration(closedMs)} ago: ${subject}, expected ${formatDuration(plan.steadyWindowMs)} without one`;
    return refusedIf(closedMs < plan.steadyWindowMs, "incident", message);
  });
}

function drillRefusals(plan: DrillPlan, situation: Situation, at: Instant): readonly Refusal[] {
  const { runningDrill, openJournals } = situation;
  const blocked = blockedBy(plan.blockedWindows, at, at + courseMaxMs(plan));
  const others = openJournals.filter((id) => id !== runningDrill);
  return [
    ...refusedIf(
      runningDrill !== null,
      "other-drill",
      openJournals.includes(runningDrill ?? "")
        ? `the drill ${runningDrill ?? ""} is under way; if it broke off, \`monitor drill restore\` puts back what it left`
        : `the drill ${runningDrill ?? ""} is under way, and it was not started with this state folder`,
    ),
    ...others.map((id) =>
      refusal("journal-open", `the drill ${id} left something behind: run \`monitor drill restore\` first`),
    ),
    ...refusedIf(
      blocked !== null,
      "blocked-window",
      `drills are blocked from ${blocked ?? ""}, and this one may last ${formatDuration(courseMaxMs(plan))}`,
    ),
  ];
}

/** Of any region: one that is mended can neither be broken on purpose nor bear the load. */
function maintenanceRefusals(plan: DrillPlan, { maintenance }: SteadyStatus, at: Instant): readonly Refusal[] {
  const ids = new Set(plan.regions.map(({ id }) => id));
  return maintenance
    .filter(
      ({ from, regions }) => (instantOf(from) ?? at) <= at + courseMaxMs(plan) && regions.some((id) => ids.has(id)),
    )
    .map(({ id, regions, from, until }) =>
      refusal(
        "maintenance",
        `${regions.join(", ")} ${regions.length === 1 ? "is" : "are"} in maintenance (${id}) from ${from} until ${until}, and this drill may last ${formatDuration(courseMaxMs(plan))}`,
      ),
    );
}

function dnsRefusals(plan: DrillPlan, { dns, failover }: SteadyStatus): readonly Refusal[] {
  const views = dns.filter(({ verdict }) => verdict !== "conforms");
  const long = dns.find(
    ({ view, ttlSeconds }) => view === "authoritative" && ttlSeconds !== null && ttlSeconds !== plan.ttlSeconds,
  );
  return [
    ...refusedIf(
      failover.verdict !== "conforms",
      "dns-deviates",
      `failover is ${failover.verdict}, expected that it conforms`,
    ),
    ...views.map(({ vantage, view, verdict }) =>
      refusal("dns-deviates", `DNS from ${vantage} (${view}) is ${verdict}, expected that it conforms`),
    ),
    ...refusedIf(dns.length === 0, "dns-deviates", "no answer of DNS is known, expected that it conforms"),
    ...refusedIf(
      long !== undefined,
      "ttl",
      `${long?.server ?? ""} gives a TTL of ${long?.ttlSeconds ?? 0} s, expected ${plan.ttlSeconds} s as in the topology`,
    ),
  ];
}

function consentRefusals(plan: DrillPlan, { approvals, leverRefusals }: Situation): readonly Refusal[] {
  const missing = plan.approvals.filter((name) => !approvals.includes(name));
  return [
    ...missing.map((name) => refusal("approval", `${name} has not approved: give --approve "${name}"`)),
    ...leverRefusals.map((message) => refusal("lever", message)),
  ];
}

function instantOf(text: string | null): Instant | null {
  return text === null ? null : parseIso(text);
}
