// What a drill wants broken, in terms that every lever understands: which lever, where, and how. A wish is plain JSON and
// names regions by id; how it is done, and undone, is the lever's business.
import { unreachable } from "../problem.ts";
import type { DnsFault, GateFault } from "./faults.ts";

/** On and off in turn, beginning with the fault. */
export interface Flap {
  readonly downMs: number;
  readonly upMs: number;
}

export type LeverWish =
  /** A region's gate in the local world. */
  | {
      readonly lever: "gate";
      readonly region: string;
      readonly fault: Exclude<GateFault, "open">;
      /** Ids of the vantages that meet the fault; empty: everybody does. */
      readonly onlyFrom: readonly string[];
      /** Null: the fault stands until it is mended. */
      readonly flap: Flap | null;
    }
  /** The DNS server of the local world. */
  | { readonly lever: "dns-gate"; readonly fault: Exclude<DnsFault, "open"> }
  /** Route 53's own check of the region, pinned unhealthy: `Disabled` and `Inverted`. */
  | { readonly lever: "route53-health-check"; readonly region: string }
  /** No replicas in the region's cluster, by an override on the host cluster. */
  | { readonly lever: "kubefed-replicas"; readonly region: string }
  | { readonly lever: "karmada-replicas"; readonly region: string }
  /** A fault in the mesh, on the health path of the region. */
  | {
      readonly lever: "istio-abort";
      readonly region: string;
      readonly httpStatus: number;
      /** 1 to 100. */
      readonly percent: number;
    }
  /** The service itself turns unready: `POST /drain`. */
  | { readonly lever: "service-drain"; readonly region: string }
  /** Our geo-router stops choosing the region. */
  | { readonly lever: "router-drain"; readonly region: string };

export type LeverKind = LeverWish["lever"];

export const LEVER_KINDS = [
  "gate",
  "dns-gate",
  "route53-health-check",
  "kubefed-replicas",
  "karmada-replicas",
  "istio-abort",
  "service-drain",
  "router-drain",
] as const satisfies readonly LeverKind[];

/** What a drill with this lever shows: only a real fault shows that somebody notices. */
export type LeverProof = "detection and DNS" | "DNS only" | "router only";

/** The region that a wish is about; null: DNS itself. */
export function regionOfWish(wish: LeverWish): string | null {
  return wish.lever === "dns-gate" ? null : wish.region;
}

/** Levers that exist on one's own machine and nowhere else. */
export function isLocalLever(lever: LeverKind): boolean {
  return lever === "gate" || lever === "dns-gate";
}

/** "gate of aws-us-east-1: refuse". */
export function formatWish(wish: LeverWish): string {
  switch (wish.lever) {
    case "gate":
      return `gate of ${wish.region}: ${wish.fault}${formatFlap(wish.flap)}${formatPlaces(wish.onlyFrom)}`;
    case "dns-gate":
      return `gate of DNS: ${wish.fault}`;
    case "route53-health-check":
      return `Route 53 health check of ${wish.region}: pinned unhealthy`;
    case "kubefed-replicas":
      return `KubeFed override for ${wish.region}: no replicas`;
    case "karmada-replicas":
      return `Karmada override for ${wish.region}: no replicas`;
    case "istio-abort":
      return `Istio fault in ${wish.region}: HTTP ${wish.httpStatus} for ${wish.percent} % of health looks`;
    case "service-drain":
      return `service in ${wish.region}: drained`;
    case "router-drain":
      return `router: ${wish.region} drained`;
    default:
      return unreachable(wish);
  }
}

function formatFlap(flap: Flap | null): string {
  return flap === null ? "" : `, ${flap.downMs / 1000} s on and ${flap.upMs / 1000} s off in turn`;
}

function formatPlaces(onlyFrom: readonly string[]): string {
  return onlyFrom.length === 0 ? "" : `, seen from ${onlyFrom.join(", ")} alone`;
}
