// One drill as a value for its readers: made of the record, the referee's judgement and the simulation, and of nothing that
// a face would have to work out itself.
import { effectOf } from "../drill/fault-effect.ts";
import type { DrillFigures } from "../drill/figures.ts";
import type { PlacesFigure } from "../drill/figures-places.ts";
import { formatWish } from "../drill/lever-wish.ts";
import { momentsOf } from "../drill/moments.ts";
import type { DrillRecord } from "../drill/record.ts";
import type { Judgement } from "../drill/referee.ts";
import { type Sights, sightsOf } from "../drill/sights.ts";
import { isLikeSimulated, type Simulation, TIMED_FIGURES, type TimedFigure, timedFigure } from "../drill/simulation.ts";
import { courseOf, judgeSoFar } from "../drill/under-way.ts";
import { type Instant, toIso } from "../time.ts";
import { drillLanes, recordLengthMs } from "./drill-lanes.ts";
import { BOUND_OF, type DrillFigureRow, type DrillPlaceRow, type DrillReport } from "./drill-report-schema.ts";

/** Notes of one drill that are shown. */
const NOTES_MAX = 100;

/** Of a drill that runs in process `pid`. */
export function makeReportSoFar(record: DrillRecord, pid: number): DrillReport {
  const { stage, since, next, nextBy } = courseOf(record);
  const underWay = { pid, stage, since: toIso(since), next, nextBy: isoOrNull(nextBy) };
  const report = makeDrillReport(record, judgeSoFar(record), null);
  const figures = report.figures.map((row): DrillFigureRow => {
    const isOpen = report.repairAt === null && row.name === "failback" && row.result === "not needed";
    return isOpen ? { ...row, result: "open" } : row;
  });
  return { ...report, figures, underWay };
}

/** `simulation`: the one that the judgement was made with. */
export function makeDrillReport(record: DrillRecord, judgement: Judgement, simulation: Simulation | null): DrillReport {
  const { plan } = record;
  const sights = sightsOf(record.events);
  const { fault, repair } = momentsOf(record, sights);
  const { figures } = judgement;
  return {
    schemaVersion: 1,
    id: record.id,
    drill: plan.scriptId,
    title: plan.title,
    description: plan.description,
    simulated: record.simulated,
    local: plan.local,
    service: plan.service,
    topologyFingerprint: plan.topologyFingerprint,
    startedAt: toIso(record.startedAt),
    endedAt: isoOrNull(record.endedAt),
    outcome: judgement.outcome,
    reasons: judgement.reasons.map(({ weight, text }) => ({ weight, text })),
    faults: plan.faults.map(formatWish),
    expect: { ...plan.expect, notices: [...plan.expect.notices] },
    faultAt: isoOrNull(fault?.earliest ?? null),
    repairAt: isoOrNull(repair?.earliest ?? null),
    figures:
      figures === null
        ? []
        : TIMED_FIGURES.filter((name) => isShown(name, record)).map((name) =>
            rowOf(name, figures, judgement, simulation),
          ),
    lostShare: shareRow(judgement, plan.bounds.lostShareMax, simulation),
    places: figures === null ? [] : plan.vantages.map((vantage) => placeRow(vantage, sights, figures)),
    traffic: trafficRow(figures?.traffic),
    routerTraffic: figures === null || figures.routerTraffic.tried === 0 ? null : trafficRow(figures.routerTraffic),
    dns: { asked: figures?.dns.asked ?? 0, unanswered: figures?.dns.unanswered ?? 0 },
    notices: (figures?.notices ?? []).map(({ subject, after, times }) => ({ subject, after, times })),
    notes: record.events
      .flatMap((event) => (event.kind === "note" ? [{ at: toIso(event.at), text: event.text }] : []))
      .slice(0, NOTES_MAX),
    trials: simulation?.trials ?? null,
    timeline: {
      lengthMs: recordLengthMs(record),
      faultMs: fault === null ? null : fault.earliest - record.startedAt,
      repairMs: repair === null ? null : repair.earliest - record.startedAt,
      lanes: [...drillLanes(record)],
    },
  };
}

/** A fault that breaks no region has no detection, and who is not to recover no recovery: a figure of them would mislead. */
function isShown(name: TimedFigure, { plan }: DrillRecord): boolean {
  const breaks = plan.faults.some((wish) => effectOf(wish).cause !== null);
  switch (name) {
    case "detection":
    case "route53Detection":
      return breaks;
    case "recovery":
      return plan.expect.users === "recover";
    case "failover":
    case "cachesFailover":
    case "failback":
    case "cachesFailback":
      return plan.expect.answers === "move";
    case "gap":
      return true;
  }
}

function rowOf(
  name: TimedFigure,
  figures: DrillFigures,
  { bounds }: Judgement,
  simulation: Simulation | null,
): DrillFigureRow {
  const measured = timedFigure(figures, name);
  const places = placesOf(name, figures);
  const bound = bounds.find((row) => row.name === BOUND_OF[name]);
  const simulated = simulation?.figures[name] ?? null;
  return {
    name,
    measured,
    p50: places?.p50 ?? null,
    p95: places?.p95 ?? null,
    places: places?.places.length ?? null,
    boundMs: bound?.bound ?? null,
    result: bound?.result ?? "not bound",
    simulated: simulated?.interval ?? null,
    likeSimulated: measured === null || simulated === null ? null : isLikeSimulated(measured, simulated),
  };
}

function placesOf(name: TimedFigure, figures: DrillFigures): PlacesFigure | null {
  switch (name) {
    case "failover":
    case "cachesFailover":
    case "recovery":
    case "failback":
    case "cachesFailback":
      return figures[name];
    case "detection":
    case "route53Detection":
    case "gap":
      return null;
  }
}

function shareRow(
  { figures, bounds }: Judgement,
  bound: number | null,
  simulation: Simulation | null,
): DrillReport["lostShare"] {
  const row = bounds.find(({ name }) => name === "lost share");
  return {
    measured: figures?.traffic.lostShare ?? null,
    bound,
    result: row === undefined || row.result === "not needed" ? "not bound" : row.result,
    simulated: simulation?.lostShare ?? null,
  };
}

function placeRow(vantage: string, sights: Sights, figures: DrillFigures): DrillPlaceRow {
  const own = sights.requestsAt(vantage, "dns");
  const at = ({ places }: PlacesFigure): DrillPlaceRow["failover"] => {
    const found = places.find((one) => one.vantage === vantage);
    return found === undefined ? "not concerned" : found.span;
  };
  return {
    vantage,
    failover: at(figures.failover),
    cachesFailover: at(figures.cachesFailover),
    recovery: at(figures.recovery),
    failback: at(figures.failback),
    cachesFailback: at(figures.cachesFailback),
    tried: own.length,
    lost: own.filter(({ served }) => served === null).length,
  };
}

function trafficRow(traffic: DrillFigures["traffic"] | undefined): DrillReport["traffic"] {
  return {
    tried: traffic?.tried ?? 0,
    lost: traffic?.lost ?? 0,
    triedDuring: traffic?.triedDuring ?? 0,
    lostDuring: traffic?.lostDuring ?? 0,
    lostShare: traffic?.lostShare ?? null,
    medianMs: traffic?.medianMs ?? { before: null, during: null },
    p95Ms: traffic?.p95Ms ?? { before: null, during: null },
  };
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : toIso(at);
}
