// What users met: requests tried and lost, how long each place was without service, and what a served request took.
import type { Instant } from "../time.ts";
import type { DrillFigures } from "./figures.ts";
import { between, type PlacesFigure, placesFigure } from "./figures-places.ts";
import type { Moments } from "./moments.ts";
import type { DrillEventOf } from "./record.ts";
import type { DrillPlan } from "./script.ts";
import type { Sights } from "./sights.ts";
import { type Look, type Mark, rankedAt, settledSeen, type Span, spanAt } from "./span.ts";

/** Before the fault, and from there to the end of the repair. */
interface Times {
  readonly before: number | null;
  readonly during: number | null;
}

export interface Traffic {
  readonly tried: number;
  readonly lost: number;
  /** Lost before the fault: then the drill did not begin in a steady state. */
  readonly lostBefore: number;
  /** From the fault to the end of the repair. */
  readonly triedDuring: number;
  readonly lostDuring: number;
  /** Of those; null: none was tried. */
  readonly lostShare: number | null;
  /** Longest time without service in one place: from the last served request to the next one; null: none was lost. */
  readonly gap: Span | null;
  /** Places whose last request was lost, in the order of the plan. */
  readonly stillLost: readonly string[];
  /** Of served requests, in the middle and of 95 %; nulls: none was served. */
  readonly medianMs: Times;
  readonly p95Ms: Times;
}

type TrafficFigures = Pick<DrillFigures, "recovery" | "routerRecovery" | "traffic" | "routerTraffic">;
type Request = DrillEventOf<"request">;

export function trafficOf(plan: DrillPlan, sights: Sights, fault: Mark, moments: Moments): TrafficFigures {
  return {
    recovery: recoveryOf(plan, sights, "dns", fault, moments),
    routerRecovery: recoveryOf(plan, sights, "router", fault, moments),
    traffic: countTraffic(plan, sights, "dns", fault, moments),
    routerTraffic: countTraffic(plan, sights, "router", fault, moments),
  };
}

/** Concerned is who lost a request while the fault stood. */
function recoveryOf(
  plan: DrillPlan,
  sights: Sights,
  via: Request["via"],
  fault: Mark,
  { faultUntil }: Moments,
): PlacesFigure {
  return placesFigure(plan.vantages, (vantage) => {
    const own = sights.requestsAt(vantage, via);
    if (between(own, fault.earliest, faultUntil).every(({ served }) => served !== null)) return "not concerned";
    const looks = own.map(({ at, served }): Look => ({ at, sees: served === null ? "before" : "after" }));
    return settledSeen(looks, fault, faultUntil);
  });
}

function countTraffic(
  plan: DrillPlan,
  sights: Sights,
  via: Request["via"],
  fault: Mark,
  { repair, end }: Moments,
): Traffic {
  const all = sights.requests.filter((event) => event.via === via);
  const before = all.filter(({ at }) => at < fault.earliest);
  const during = between(all, fault.earliest, repair === null ? end : repair.latest + 1);
  const lostDuring = lostOf(during).length;
  const { vantages } = plan;
  const gaps = vantages.flatMap((vantage) => gapsOf(sights.requestsAt(vantage, via)));
  return {
    tried: all.length,
    lost: lostOf(all).length,
    lostBefore: lostOf(before).length,
    triedDuring: during.length,
    lostDuring,
    lostShare: during.length === 0 ? null : lostDuring / during.length,
    gap: spanAt(gaps, 1),
    stillLost: vantages.filter((vantage) => sights.requestsAt(vantage, via).at(-1)?.served === null),
    medianMs: { before: rankedMs(before, 0.5), during: rankedMs(during, 0.5) },
    p95Ms: { before: rankedMs(before, 0.95), during: rankedMs(during, 0.95) },
  };
}

function lostOf(requests: readonly Request[]): readonly Request[] {
  return requests.filter(({ served }) => served === null);
}

/** One for each run of lost requests: at least from its first to its last; at most between the served ones around it. */
function gapsOf(requests: readonly Request[]): readonly Span[] {
  const gaps: Span[] = [];
  let servedAt: Instant | null = null;
  let run: readonly Instant[] = [];
  const end = (until: Instant): void => {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) return;
    gaps.push({ atLeastMs: last - first, atMostMs: until - (servedAt ?? first) });
    run = [];
  };
  for (const { at, served } of requests) {
    if (served === null) run = [...run, at];
    else {
      end(at);
      servedAt = at;
    }
  }
  end(run.at(-1) ?? 0);
  return gaps;
}

function rankedMs(requests: readonly Request[], rank: number): number | null {
  const times = requests.flatMap(({ served, totalMs }) => (served === null || totalMs === null ? [] : [totalMs]));
  return times.length === 0 ? null : rankedAt(times, rank);
}
