// What a fault does to those who meet it: what a look at the health path gets, and what becomes of a user's request. The
// simulation plays this, and a plan's expectation follows from it; what really happens is measured, never read from here.
import type { FailureCause } from "../model/observation.ts";
import { unreachable } from "../problem.ts";
import type { GateFault } from "./faults.ts";
import type { LeverWish } from "./lever-wish.ts";

export interface FaultEffect {
  /** Of a look at the health path: the status line, and why a user would not be served; nulls: as before. */
  readonly status: number | null;
  readonly cause: FailureCause | null;
  /** Whether a failed look ends at once, or only when its time is up. */
  readonly ends: "at once" | "at its timeout";
  /** Of a request for the service itself, which a drained service still answers. */
  readonly traffic: "served" | "late" | "lost";
}

const SERVED: FaultEffect = { status: 200, cause: null, ends: "at once", traffic: "served" };

function failing(status: number | null, cause: FailureCause, ends: FaultEffect["ends"] = "at once"): FaultEffect {
  return { status, cause, ends, traffic: "lost" };
}

const GATE_EFFECTS: Readonly<Record<Exclude<GateFault, "open">, FaultEffect>> = {
  refuse: failing(null, "refused"),
  blackhole: failing(null, "timeout", "at its timeout"),
  reset: failing(null, "reset"),
  slow: { ...SERVED, traffic: "late" },
  stall: failing(200, "timeout", "at its timeout"),
  truncate: failing(200, "truncated"),
  garbage: failing(null, "malformed"),
  huge: failing(200, "too-large"),
  redirect: failing(302, "redirected"),
  "http-503": failing(503, "http-status"),
  "wrong-region": failing(200, "wrong-region"),
};

/** Of the region that the wish names; `SERVED` where the lever breaks no region. */
export function effectOf(wish: LeverWish): FaultEffect {
  switch (wish.lever) {
    case "gate":
      return GATE_EFFECTS[wish.fault];
    case "kubefed-replicas":
    case "karmada-replicas":
      return failing(null, "refused");
    case "service-drain":
      return { ...failing(503, "http-status"), traffic: "served" };
    case "istio-abort":
      return { ...failing(wish.httpStatus, "http-status"), traffic: "served" };
    case "dns-gate":
    case "route53-health-check":
    case "router-drain":
      return SERVED;
    default:
      return unreachable(wish);
  }
}

/** Does the fault stand `sinceMs` after it was applied? */
export function isStanding(wish: LeverWish, sinceMs: number): boolean {
  if (wish.lever !== "gate" || wish.flap === null) return true;
  return sinceMs % (wish.flap.downMs + wish.flap.upMs) < wish.flap.downMs;
}
