// Where DNS answers went, and when they came back, place by place, at the name servers and through resolvers.
import type { DnsPath } from "../model.ts";
import type { DrillFigures } from "./figures.ts";
import { between, type PlacesFigure, placesFigure } from "./figures-places.ts";
import { eventsOf, type Moments } from "./moments.ts";
import type { DrillEventOf, DrillRecord } from "./record.ts";
import type { DrillPlan } from "./script.ts";
import { firstSeen, type Look, type Mark, settledSeen } from "./span.ts";

type DnsFigures = Pick<DrillFigures, "failover" | "cachesFailover" | "failback" | "cachesFailback" | "dns">;

export function dnsFigures(record: DrillRecord, fault: Mark, moments: Moments): DnsFigures {
  const all = eventsOf(record.events, "dns");
  return {
    failover: awayFigure(record, "authoritative", fault, moments),
    cachesFailover: awayFigure(record, "recursive", fault, moments),
    failback: backFigure(record, "authoritative", fault, moments),
    cachesFailback: backFigure(record, "recursive", fault, moments),
    dns: { asked: all.length, unanswered: all.filter(({ answer }) => answer.length === 0).length },
  };
}

/** Concerned is who was led to a faulted region before. */
function awayFigure(record: DrillRecord, view: DnsPath, fault: Mark, moments: Moments): PlacesFigure {
  return placesFigure(record.plan.vantages, (vantage) => {
    const series = seriesOf(record, vantage, view);
    if (!wasLedThere(record.plan, series, fault)) return "not concerned";
    const looks = series.map((event): Look => ({ at: event.at, sees: sideOf(record.plan, event) }));
    return settledSeen(looks, fault, moments.faultUntil);
  });
}

/** The first answer that leads there again will do: under weighted routing not every one does. */
function backFigure(record: DrillRecord, view: DnsPath, fault: Mark, { repair, end }: Moments): PlacesFigure {
  if (repair === null) return placesFigure([], () => null);
  return placesFigure(record.plan.vantages, (vantage) => {
    const series = seriesOf(record, vantage, view);
    const during = between(series, fault.latest, repair.earliest);
    const left = during.some((event) => sideOf(record.plan, event) === "after");
    if (!left || !wasLedThere(record.plan, series, fault)) return "not concerned";
    const looks = series.map((event): Look => ({ at: event.at, sees: opposite(sideOf(record.plan, event)) }));
    return firstSeen(looks, repair, end);
  });
}

export function seriesOf({ events }: DrillRecord, vantage: string, view: DnsPath): readonly DrillEventOf<"dns">[] {
  return eventsOf(events, "dns").filter((event) => event.vantage === vantage && event.view === view);
}

export function wasLedThere(plan: DrillPlan, series: readonly DrillEventOf<"dns">[], fault: Mark): boolean {
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
