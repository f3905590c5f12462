// Where DNS answers went, and when they came back, place by place, at the name servers and through resolvers.
import type { DnsPath } from "../model/observation.ts";
import type { DrillFigures } from "./figures.ts";
import { between, type PlacesFigure, placesFigure } from "./figures-places.ts";
import type { Moments } from "./moments.ts";
import type { DrillEventOf } from "./record.ts";
import type { DrillPlan } from "./script.ts";
import type { Sights } from "./sights.ts";
import { firstSeen, type Look, type Mark, settledSeen } from "./span.ts";

type DnsFigures = Pick<DrillFigures, "failover" | "cachesFailover" | "failback" | "cachesFailback" | "dns">;

export function dnsFigures(plan: DrillPlan, sights: Sights, fault: Mark, moments: Moments): DnsFigures {
  const { answers } = sights;
  return {
    failover: awayFigure(plan, sights, "authoritative", fault, moments),
    cachesFailover: awayFigure(plan, sights, "recursive", fault, moments),
    failback: backFigure(plan, sights, "authoritative", fault, moments),
    cachesFailback: backFigure(plan, sights, "recursive", fault, moments),
    dns: { asked: answers.length, unanswered: answers.filter(({ answer }) => answer.length === 0).length },
  };
}

/** Concerned is who was led to a faulted region before. */
function awayFigure(plan: DrillPlan, sights: Sights, view: DnsPath, fault: Mark, moments: Moments): PlacesFigure {
  return placesFigure(plan.vantages, (vantage) => {
    const series = sights.answersAt(vantage, view);
    if (!wasLedThere(plan, series, fault)) return "not concerned";
    const looks = series.map((event): Look => ({ at: event.at, sees: sideOf(plan, event) }));
    return settledSeen(looks, fault, moments.faultUntil);
  });
}

/** The first answer that leads there again will do: under weighted routing not every one does. */
function backFigure(
  plan: DrillPlan,
  sights: Sights,
  view: DnsPath,
  fault: Mark,
  { repair, end }: Moments,
): PlacesFigure {
  if (repair === null) return placesFigure([], () => null);
  return placesFigure(plan.vantages, (vantage) => {
    const series = sights.answersAt(vantage, view);
    const during = between(series, fault.latest, repair.earliest);
    const left = during.some((event) => sideOf(plan, event) === "after");
    if (!left || !wasLedThere(plan, series, fault)) return "not concerned";
    const looks = series.map((event): Look => ({ at: event.at, sees: opposite(sideOf(plan, event)) }));
    return firstSeen(looks, repair, end);
  });
}

function wasLedThere(plan: DrillPlan, series: readonly DrillEventOf<"dns">[], fault: Mark): boolean {
  return series.some((event) => event.at < fault.earliest && sideOf(plan, event) === "before");
}

/** "before": leads to a faulted region. "after": leads to others alone. "neither": is no answer. */
export function sideOf(plan: DrillPlan, { answer }: DrillEventOf<"dns">): Look["sees"] {
  if (answer.length === 0) return "neither";
  const faulted = plan.regions.filter(({ id }) => plan.faulted.includes(id));
  const leadsThere = faulted.some(({ addresses }) => addresses.some((address) => answer.includes(address)));
  return leadsThere ? "before" : "after";
}

function opposite(side: Look["sees"]): Look["sees"] {
  if (side === "neither") return side;
  return side === "before" ? "after" : "before";
}
