// What a round makes of what its vantages saw: the next state, and the row that is kept. Pure, so that a round can be
// replayed from its reports.
import { pruneHealth, stepHealth } from "../health/book.ts";
import { stampViews } from "../health/views.ts";
import { stepIncidents } from "../incident/book.ts";
import { drillVerdicts } from "../incident/planned.ts";
import type { OutboxEntry } from "../model/alert.ts";
import { excuseVerdicts } from "../maintenance/excuse.ts";
import { activeWindows, regionsUnder } from "../maintenance/windows.ts";
import type { DnsObservation, Observation, VantageOutcome, VantageReport } from "../model/observation.ts";
import type { HealthBook } from "../model/health.ts";
import type { IncidentChange } from "../model/verdict.ts";
import type { MonitorState, VantageState } from "../model/state.ts";
import { stepObjectives } from "../objective/book.ts";
import type { RoundSlot } from "../objective/gap.ts";
import { intentOf } from "../objective/intent.ts";
import { judgeIdentity } from "../steering/standing.ts";
import { DAY_MS, type Instant, SECOND_MS, slotAt } from "../time.ts";
import { fingerprint } from "../topology/fingerprint.ts";
import { judgedTtlSeconds } from "../topology/judged-zone.ts";
import { privateVantages, type Topology } from "../topology/topology.ts";
import { zoneOf } from "../topology/zone.ts";
import type { HistoryRound, SeenAnswer } from "../verify/history.ts";
import { NO_TIMING, stepTiming } from "../verify/timing.ts";
import { freshnessFor, standingOf } from "../verify/standing.ts";
import { stepTrail } from "../verify/trail.ts";
import { NO_ALERTS, stepAlerts } from "./alert-step.ts";
import { judgeDns, judgeSubjects } from "./judge.ts";
import { doubtVantages, everyReport, plainOutcomes, reportsOf, vantageOf } from "./outcome.ts";
import { makeRow, type RoundRow } from "./row.ts";

export interface RoundFold {
  readonly state: MonitorState;
  readonly row: RoundRow;
  readonly changes: readonly IncidentChange[];
  /** As they were believed. */
  readonly outcomes: readonly VantageOutcome[];
  /** What people are to be told of it. */
  readonly entries: readonly OutboxEntry[];
}

/** `at` is when the last report came; `slot` names the round. Who will not look as often as the health check asks for says so. */
export function foldRound(
  topology: Topology,
  standingBefore: MonitorState,
  reported: readonly VantageOutcome[],
  slot: Instant,
  at: Instant,
  looksForOpinion = topology.dns.healthCheck.failureThreshold,
): RoundFold {
  const { maintenance: ordered = [], mutes = [], ...before } = standingBefore;
  const outcomes = doubtVantages(plainOutcomes(reported, topology));
  const policy = stepPolicy(topology, before, at);
  const health = stepAllHealth(topology, before.health, outcomes, looksForOpinion, at);
  const seen: MonitorState = {
    ...before,
    policy,
    health,
    cells: stepCells(topology, before, outcomes),
    vantages: stepVantages(topology, before, outcomes, at),
  };
  const standing = standingOf(topology, health, at);
  const dns = judgeDns(topology, standing, seen, outcomes, at);
  const drill = before.drill ?? null;
  const found = [
    ...judgeSubjects(topology, standing, { ...seen, dns }, outcomes, at),
    ...judgeIdentity(topology, before.router ?? null),
    ...drillVerdicts(drill, at),
  ];
  const active = activeWindows(topology, ordered, at);
  const verdicts = excuseVerdicts(topology, found, active, { dns, health }, standing);
  const { book: incidents, changes } = stepIncidents(before.incidents, verdicts, at, drill);
  const missedSlots = slotsMissed(topology, before, slot);
  const history = historyRoundOf(policy.fingerprint, outcomes, slot, at);
  const judged: MonitorState = {
    ...seen,
    dns,
    verdicts,
    incidents,
    lastSlot: slot,
    lastRoundAt: at,
    rounds: before.rounds + 1,
    missedSlots: before.missedSlots + missedSlots,
    timing: stepTiming(before.timing ?? NO_TIMING, topology, history),
    trail: stepTrail(topology, { state: { ...before, verdicts }, standing, answers: history.answers }, at),
  };
  const under = [...regionsUnder(topology, active).keys()];
  const row = makeRow(topology, judged, outcomes, under, missedSlots, at);
  const slots = { slot, missedSlots, lastSlot: before.lastSlot };
  const counted: MonitorState = { ...judged, ...countObjectives(topology, before, row, slots) };
  const told =
    topology.alerts.length === 0 ? null : stepAlerts(topology, before.alerts ?? NO_ALERTS, counted, at, mutes);
  const state: MonitorState = { ...counted, ...(told === null ? {} : { alerts: told.book }) };
  return { state, row, changes, outcomes, entries: told?.entries ?? [] };
}

/** Absent while nothing is promised. */
function countObjectives(
  topology: Topology,
  { objectives = {}, drill }: MonitorState,
  row: RoundRow,
  slots: RoundSlot,
): Pick<MonitorState, "objectives"> {
  if (topology.objectives.length === 0) return {};
  const intent = intentOf(topology, drill ?? null, row.maintenance ?? [], row.at);
  return { objectives: stepObjectives(objectives, topology, row, slots, intent) };
}

/** What later replays will read of this round. */
function historyRoundOf(policy: string, outcomes: readonly VantageOutcome[], slot: Instant, at: Instant): HistoryRound {
  const reports = reportsOf(outcomes);
  const answers = reports.flatMap(({ dns }) => dns.map(seenAnswer));
  return { slot, at, policy, observations: reports.flatMap(({ observations }) => observations), answers };
}

function seenAnswer({ name, type, vantage, view, reply }: DnsObservation): SeenAnswer {
  const addresses = reply.kind === "reply" && reply.addresses.length > 0 ? reply.addresses : null;
  return { name, type, vantage, view, addresses };
}

function stepPolicy(topology: Topology, before: MonitorState, at: Instant): MonitorState["policy"] {
  const now = fingerprint(topology);
  if (before.policy.fingerprint === now) return before.policy;
  const ttlSeconds = judgedTtlSeconds(topology);
  const first = before.policy.fingerprint === "";
  return { fingerprint: now, changedAt: first ? null : at, ttlSeconds, ttlSecondsBefore: before.policy.ttlSeconds };
}

function stepAllHealth(
  topology: Topology,
  book: HealthBook,
  outcomes: readonly VantageOutcome[],
  failureThreshold: number,
  at: Instant,
): HealthBook {
  const checks = new Map(zoneOf(topology).healthChecks.map((check) => [check.id, { ...check, failureThreshold }]));
  const vantages = new Set(topology.probe.vantages.map((vantage) => vantage.id));
  const kept = pruneHealth(book, new Set(checks.keys()), vantages);
  let next = kept;
  const inside = new Set(privateVantages(topology).map(({ id }) => id));
  for (const report of everyReport(outcomes)) {
    const standpoint = inside.has(report.vantage) ? "inside" : "outside";
    for (const seen of report.observations) {
      const check = checks.get(seen.region);
      if (check !== undefined) next = stepHealth(next, seen, report.colo, check, standpoint);
    }
  }
  return stampViews(kept, next, freshnessFor(topology), at);
}

function stepCells(
  topology: Topology,
  before: MonitorState,
  outcomes: readonly VantageOutcome[],
): MonitorState["cells"] {
  const latest = reportsOf(outcomes).flatMap((report) => report.observations);
  const row = (region: string): Readonly<Record<string, Observation>> => {
    const known = topology.probe.vantages.flatMap(({ id }) => {
      const seen = latest.find((one) => one.region === region && one.vantage === id) ?? before.cells[region]?.[id];
      return seen === undefined ? [] : [[id, seen] as const];
    });
    return Object.fromEntries(known);
  };
  return Object.fromEntries(topology.regions.map(({ id }) => [id, row(id)]));
}

function stepVantages(
  topology: Topology,
  before: MonitorState,
  outcomes: readonly VantageOutcome[],
  at: Instant,
): MonitorState["vantages"] {
  const vantageState = (id: string): VantageState => {
    const was = before.vantages[id];
    const outcome = outcomes.find((one) => vantageOf(one) === id);
    if (outcome?.kind === "reported") {
      const { report, sent } = outcome;
      if (sent === undefined) return { colo: report.colo, lastAt: at, missed: null };
      return { colo: report.colo, lastAt: lookedAt(report, sent.slot, at), missed: null, slot: sent.slot };
    }
    const missed = outcome?.detail ?? "it was not asked";
    const slot = was?.slot === undefined ? {} : { slot: was.slot };
    return { colo: was?.colo ?? "", lastAt: was?.lastAt ?? null, missed, ...slot };
  };
  return Object.fromEntries(topology.probe.vantages.map(({ id }) => [id, vantageState(id)]));
}

/** When somebody who is not waited for began the last of its looks. */
function lookedAt({ observations, dns }: VantageReport, slot: Instant, at: Instant): Instant {
  return Math.min(at, Math.max(slot, ...[...observations, ...dns].map((seen) => seen.at)));
}

/** A clock that was decades behind must not count them; no report reaches further back than this. */
const GAP_MS_MAX = 7 * DAY_MS;

/** Slots of the grid between the last round and this one; none before the first. Where a drill has quickened the grid, its old part counts as it was. */
function slotsMissed({ probe }: Topology, { lastSlot, drill }: MonitorState, slot: Instant): number {
  if (lastSlot === null) return 0;
  const everyMs = probe.intervalSeconds * SECOND_MS;
  const usualMs = (probe.fileIntervalSeconds ?? probe.intervalSeconds) * SECOND_MS;
  const quickFrom = drill === undefined || usualMs === everyMs ? lastSlot : slotAt(drill.startedAt, everyMs);
  const usual = Math.max(0, Math.floor((Math.min(quickFrom, slot) - lastSlot) / usualMs));
  const gapMs = Math.min(slot - Math.max(lastSlot, quickFrom), GAP_MS_MAX);
  return Math.min(usual, Math.floor(GAP_MS_MAX / usualMs)) + Math.max(0, Math.round(gapMs / everyMs) - 1);
}
