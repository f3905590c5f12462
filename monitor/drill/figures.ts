// The figures of a drill, made of its events and of nothing else; none of them depends on when the drill took place.
import { dnsFigures } from "./figures-dns.ts";
import { type Notice, noticesOf } from "./figures-notices.ts";
import { type Traffic, trafficOf } from "./figures-traffic.ts";
import type { PlacesFigure } from "./figures-places.ts";
import type { Moments } from "./moments.ts";
import type { DrillPlan } from "./script.ts";
import type { Sights } from "./sights.ts";
import { firstSeen, type Look, type Mark, type Span, spanAt } from "./span.ts";

export interface DrillFigures {
  /** Fault to unhealthy, as users see it, of the slowest faulted region; null: never. */
  readonly detection: Span | null;
  /** The same by Route 53's rules over our vantages. */
  readonly route53Detection: Span | null;
  /** Fault to answers that lead elsewhere: at the name servers, and through resolvers. */
  readonly failover: PlacesFigure;
  readonly cachesFailover: PlacesFigure;
  /** Fault to users served again, for good: by the name, and through the router. */
  readonly recovery: PlacesFigure;
  readonly routerRecovery: PlacesFigure;
  /** Repair to answers that lead back. */
  readonly failback: PlacesFigure;
  readonly cachesFailback: PlacesFigure;
  readonly traffic: Traffic;
  readonly routerTraffic: Traffic;
  /** Questions to DNS of our own, and how many of the answers led neither here nor there: no answer at all. */
  readonly dns: { readonly asked: number; readonly unanswered: number };
  /** What the monitor called deviating, by subject; the order is that of their first instant. */
  readonly notices: readonly Notice[];
}

/** Null before any lever acted: then there is nothing to count from. */
export function figuresOf(plan: DrillPlan, sights: Sights, moments: Moments): DrillFigures | null {
  const { fault } = moments;
  if (fault === null) return null;
  return {
    detection: detectionOf(plan, sights, "users", fault, moments),
    route53Detection: detectionOf(plan, sights, "route53", fault, moments),
    ...dnsFigures(plan, sights, fault, moments),
    ...trafficOf(plan, sights, fault, moments),
    notices: noticesOf(sights, fault, moments),
  };
}

function detectionOf(
  plan: DrillPlan,
  sights: Sights,
  view: "users" | "route53",
  fault: Mark,
  moments: Moments,
): Span | null {
  const looks = sights.health.filter((event) => event.view === view);
  const spans = plan.faulted.map((region) =>
    firstSeen(
      looks
        .filter((event) => event.region === region)
        .map(({ at, health }): Look => ({ at, sees: health === "unhealthy" ? "after" : "before" })),
      fault,
      moments.faultUntil,
    ),
  );
  return spanAt(spans, 1);
}
