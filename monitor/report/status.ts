// The value behind `/status` and the status page: the latest state, made readable. Every cell carries its age, and what
// was not measured is `unknown`, never up.
import type { ChannelStanding, Mute } from "../model/alert.ts";
import { activeMutes, muteOf } from "../incident/mutes.ts";
import { activeWindows, regionsUnder } from "../maintenance/windows.ts";
import type { Observation } from "../model/observation.ts";
import type { DnsWatch, Incident, Verdict } from "../model/verdict.ts";
import type { DrillNotice } from "../model/planned.ts";
import type { MonitorState } from "../model/state.ts";
import { type Instant, toIso } from "../time.ts";
import type { Topology, Vantage } from "../topology/topology.ts";
import { freshnessFor, type Standing, standingOf } from "../verify/standing.ts";
import { maintenanceRows } from "./status-maintenance.ts";
import { objectiveRows } from "./objective-rows.ts";
import { routerRow } from "./status-router.ts";
import { overallVerdict, worstVerdict } from "../verify/verdict.ts";
import { timelineRow } from "./timeline.ts";
import type { StatusCell, StatusReport } from "./status-schema.ts";

export function makeStatus(topology: Topology, state: MonitorState, at: Instant): StatusReport {
  const standing = standingOf(topology, state.health, at);
  const mutes = activeMutes(state.mutes ?? [], at);
  return {
    schemaVersion: 1,
    generatedAt: toIso(at),
    verdict: verdictNow(topology, state, at),
    simulated: topology.local || Object.values(state.vantages).some((vantage) => vantage.colo.startsWith("local-")),
    service: { name: topology.service.name, host: topology.service.host },
    regions: regionRows(topology, state, standing, at),
    vantages: topology.probe.vantages.map((vantage) => vantageRow(vantage, state)),
    matrix: matrixOf(topology, state, at),
    dns: Object.values(state.dns).map(dnsRow),
    failover: failoverRow(standing),
    verdicts: state.verdicts.map((verdict) => verdictRow(verdict, mutes)),
    incidents: [...state.incidents.open.toReversed(), ...state.incidents.closed].map((one) => incidentRow(one, mutes)),
    ...timelineRow(topology, state, at),
    ...(state.drill === undefined ? {} : { drill: drillRow(state.drill, at) }),
    ...(state.checkers === undefined ? {} : { route53: checkerRows(standing, state.checkers) }),
    ...routerRow(topology, state.router),
    ...(state.channels === undefined ? {} : { alerts: { channels: state.channels.map(channelRow) } }),
    ...(topology.objectives.length === 0 ? {} : { objectives: objectiveRows(topology, state.objectives ?? {}, at) }),
    maintenance: maintenanceRows(topology, state, at),
    ...(mutes.length === 0 ? {} : { mutes: mutes.map(muteRow) }),
    self: { lastRoundAt: isoOrNull(state.lastRoundAt), rounds: state.rounds, missedSlots: state.missedSlots },
  };
}

/** What is too old for an opinion is too old for a verdict. */
function verdictNow(topology: Topology, state: MonitorState, at: Instant): StatusReport["verdict"] {
  const worst = overallVerdict(state.verdicts);
  const silentMs = at - (state.lastRoundAt ?? at);
  return silentMs > freshnessFor(topology).ageMaxMs ? worstVerdict([worst, "undecided"]) : worst;
}

function regionRows(topology: Topology, state: MonitorState, standing: Standing, at: Instant): StatusReport["regions"] {
  const under = regionsUnder(topology, activeWindows(topology, state.maintenance ?? [], at));
  return topology.regions.map(({ id, region }) => {
    const held = state.health[id];
    const window = under.get(id);
    const health = standing.route53[id] ?? "unknown";
    const userHealth = standing.user[id] ?? "unknown";
    const looks = Object.values(held?.vantages ?? {}).map((vantage) => vantage.lastAt);
    return {
      id,
      region,
      health,
      since: health === "unknown" ? null : isoOrNull(held?.route53Since ?? null),
      userHealth,
      userSince: userHealth === "unknown" ? null : isoOrNull(held?.userSince ?? null),
      lastAt: isoOrNull(looks.length === 0 ? null : Math.max(...looks)),
      ...(window === undefined ? {} : { maintenance: window.id }),
    };
  });
}

function vantageRow({ id, hint }: Vantage, state: MonitorState): StatusReport["vantages"][number] {
  const vantage = state.vantages[id];
  const missed = vantage?.missed ?? null;
  return {
    id,
    colo: vantage?.colo ?? null,
    lastAt: isoOrNull(vantage?.lastAt ?? null),
    ...(missed === null ? {} : { missed }),
    ...(hint === null ? { private: true } : {}),
  };
}

function matrixOf(topology: Topology, state: MonitorState, at: Instant): StatusReport["matrix"] {
  const row = (region: string): Record<string, StatusCell> =>
    Object.fromEntries(
      topology.probe.vantages.map(({ id }) => [
        id,
        cellOf(state.cells[region]?.[id], state.vantages[id]?.missed ?? null, at),
      ]),
    );
  return Object.fromEntries(topology.regions.map(({ id }) => [id, row(id)]));
}

function cellOf(seen: Observation | undefined, missed: string | null, at: Instant): StatusCell {
  if (seen === undefined)
    return { state: missed === null ? "unknown" : "missed", at: null, ageMs: null, totalMs: null, phases: {} };
  const { failure } = seen;
  return {
    state: missed === null ? stateOf(seen) : "missed",
    at: toIso(seen.at),
    ageMs: Math.max(0, at - seen.at),
    totalMs: seen.totalMs,
    phases: { ...seen.phases },
    ...(failure === null ? {} : { failure: { cause: failure.cause, detail: failure.detail } }),
  };
}

function stateOf({ failure }: Observation): StatusCell["state"] {
  if (failure === null) return "up";
  return ["not-started", "blocked", "internal"].includes(failure.cause) ? "unknown" : "down";
}

function dnsRow({ seen, expected, reason, verdict, deadline }: DnsWatch): StatusReport["dns"][number] {
  const { name, type, vantage, view, server, reply } = seen;
  const answered = reply.kind === "reply";
  return {
    name,
    type,
    vantage,
    view,
    server,
    at: toIso(seen.at),
    answer: answered ? [...reply.addresses] : [],
    rcode: answered ? reply.rcode : null,
    ttlSeconds: answered ? reply.ttlSeconds : null,
    expected: [...expected],
    reason,
    verdict,
    ...(deadline === null ? {} : { deadline: toIso(deadline) }),
  };
}

function failoverRow({ failover }: Standing): StatusReport["failover"] {
  const { routing, active, activeByVantage, failOpen, verdict } = failover;
  return {
    routing,
    active,
    ...(activeByVantage === undefined ? {} : { activeByVantage: { ...activeByVantage } }),
    failOpen,
    verdict: verdict.verdict,
    reason: verdict.reason,
  };
}

/** In the order of ids; those of health checks that are no longer judged by are left out. */
function checkerRows(
  { judged }: Standing,
  checkers: NonNullable<MonitorState["checkers"]>,
): NonNullable<StatusReport["route53"]> {
  return judged.zone.healthChecks
    .map(({ id }) => id)
    .toSorted()
    .flatMap((id) => {
      const seen = checkers[id];
      if (seen === undefined) return [];
      const { healthy, total, at } = seen;
      return [
        { healthCheck: id, region: judged.regionOfCheck[id] ?? null, checkers: { healthy, total }, at: toIso(at) },
      ];
    });
}

function verdictRow(
  { subject, verdict, reason, deadline, excusedBy }: Verdict,
  mutes: readonly Mute[],
): StatusReport["verdicts"][number] {
  return {
    subject,
    verdict,
    reason,
    ...(deadline === undefined ? {} : { deadline: toIso(deadline) }),
    ...(excusedBy === undefined ? {} : { excusedBy }),
    ...mutedBy(subject, mutes),
  };
}

function drillRow(drill: DrillNotice, at: Instant): NonNullable<StatusReport["drill"]> {
  const { id, title, regions, causes, startedAt, expiresAt, endedAt, probeEverySeconds } = drill;
  const running = at <= expiresAt ? "running" : "overdue";
  return {
    id,
    title,
    state: endedAt === null ? running : "settling",
    regions: [...regions],
    causes: [...causes],
    startedAt: toIso(startedAt),
    expiresAt: toIso(expiresAt),
    endedAt: isoOrNull(endedAt),
    probeEverySeconds,
  };
}

function channelRow(channel: ChannelStanding): NonNullable<StatusReport["alerts"]>["channels"][number] {
  const { name, kind, lastDeliveredAt, failures, waiting, waitingSince, delivered, failed, dead } = channel;
  const since = { lastDeliveredAt: isoOrNull(lastDeliveredAt), waitingSince: isoOrNull(waitingSince) };
  return { name, kind, ...since, failing: failures > 0, waiting, delivered, failed, dead };
}

function incidentRow(
  { id, subject, openedAt, closedAt, reason, causedBy }: Incident,
  mutes: readonly Mute[],
): StatusReport["incidents"][number] {
  return {
    id,
    subject,
    openedAt: toIso(openedAt),
    ...(closedAt === null ? {} : { closedAt: toIso(closedAt) }),
    reason,
    ...(causedBy === undefined ? {} : { causedBy }),
    ...(closedAt === null ? mutedBy(subject, mutes) : {}),
  };
}

/** Of those that are over, also when the state has forgotten them. */
export function pastRows(incidents: readonly Incident[]): StatusReport["incidents"] {
  return incidents.map((one) => incidentRow(one, []));
}

function mutedBy(subject: string, mutes: readonly Mute[]): { readonly mutedBy?: string } {
  const mute = muteOf(mutes, subject);
  return mute === null ? {} : { mutedBy: mute.id };
}

function muteRow({ id, subjects, from, until, reason, by }: Mute): NonNullable<StatusReport["mutes"]>[number] {
  return { id, subjects: [...subjects], from: toIso(from), until: toIso(until), reason, by };
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : toIso(at);
}
