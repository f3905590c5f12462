// From a wish to its lever, and from an undo to what is done with it: the one place that knows all kinds. Each kind is loaded
// when it is used: none needs the others' libraries, and the images have no local world.
import type { LeverWish } from "../drill/lever-wish.ts";
import { unreachable } from "../problem.ts";
import { MINUTE_MS } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { type Lever, LEVER_PROOFS, type LeverPlan, type LeverResult, type LeverStanding } from "./lever.ts";
import type { Reach } from "./reach.ts";
import type { Spot } from "./spot.ts";
import type { Undo } from "./undo.ts";

/** What a wish is planned under. */
export interface LeverScene {
  readonly topology: Topology;
  /** Of the local world; null: the only one that runs. */
  readonly worldPort: number | null;
  /** The hosted zone where several have the topology's name; left out: the pulled one, or the one public zone of that name. */
  readonly zoneId?: string;
  /** Where the router belongs to; left out: to the local world. */
  readonly monitorUrl?: string;
  /** After it, drains that nobody ended end by themselves: the drill's expiry. */
  readonly holdMs?: number;
}

/** For a scene that does not say. */
const HOLD_MS = 15 * MINUTE_MS;

export function makeLever(wish: LeverWish, scene: LeverScene, reach: Reach): Lever {
  return {
    wish,
    proves: LEVER_PROOFS[wish.lever],
    plan: () => planWish(wish, scene, reach),
    apply: (undo) => applyUndo(undo, reach),
    verify: (undo) => verifyUndo(undo, reach),
    rollback: (undo) => rollbackUndo(undo, reach),
  };
}

async function planWish(wish: LeverWish, scene: LeverScene, reach: Reach): Promise<LeverPlan> {
  const { topology, worldPort, holdMs = HOLD_MS } = scene;
  switch (wish.lever) {
    case "gate":
    case "dns-gate":
      return (await import("./gate-lever.ts")).planGate(wish, worldPort, reach);
    case "kubefed-replicas":
      return (await import("./kubefed-lever.ts")).planKubefed(wish, topology, reach);
    case "karmada-replicas":
      return (await import("./karmada-lever.ts")).planKarmada(wish, topology, reach);
    case "istio-abort":
      return (await import("./istio-lever.ts")).planIstio(wish, topology, reach);
    case "route53-health-check": {
      const zoneId = scene.zoneId ?? topology.pulledZone?.zone.id ?? null;
      const zone =
        zoneId === null ? ({ by: "name", name: topology.dns.zone } as const) : ({ by: "id", id: zoneId } as const);
      return (await import("./route53-plan.ts")).planRoute53(wish, topology, zone, reach);
    }
    case "service-drain":
      return (await import("./service-drain-lever.ts")).planServiceDrain(wish, { topology, worldPort }, holdMs, reach);
    case "router-drain": {
      const place = { monitorUrl: scene.monitorUrl ?? null, worldPort };
      return (await import("./router-drain-lever.ts")).planRouterDrain(wish, place, holdMs, reach);
    }
    default:
      return unreachable(wish);
  }
}

/** What can be done with an undo, whatever its kind. */
interface Hand {
  apply(): Promise<LeverResult>;
  verify(): Promise<LeverStanding>;
  rollback(): Promise<LeverResult>;
}

export async function applyUndo(undo: Undo, reach: Reach): Promise<LeverResult> {
  return (await handFor(undo, reach)).apply();
}

export async function verifyUndo(undo: Undo, reach: Reach): Promise<LeverStanding> {
  return (await handFor(undo, reach)).verify();
}

export async function rollbackUndo(undo: Undo, reach: Reach): Promise<LeverResult> {
  return (await handFor(undo, reach)).rollback();
}

async function handFor(undo: Undo, reach: Reach): Promise<Hand> {
  switch (undo.lever) {
    case "gate":
    case "dns-gate": {
      const { applyGate, rollbackGate, verifyGate } = await import("./gate-lever.ts");
      return {
        apply: () => applyGate(undo, reach),
        verify: () => verifyGate(undo, reach),
        rollback: () => rollbackGate(undo, reach),
      };
    }
    case "kubefed-replicas":
      return spotHand((await import("./kubefed-spot.ts")).KUBEFED_SPOT, undo, reach);
    case "karmada-replicas":
      return spotHand((await import("./karmada-spot.ts")).KARMADA_SPOT, undo, reach);
    case "istio-abort":
      return spotHand((await import("./istio-spot.ts")).ISTIO_SPOT, undo, reach);
    case "route53-health-check": {
      const { applyRoute53, rollbackRoute53, verifyRoute53 } = await import("./route53-lever.ts");
      return {
        apply: () => applyRoute53(undo, reach),
        verify: () => verifyRoute53(undo, reach),
        rollback: () => rollbackRoute53(undo, reach),
      };
    }
    case "service-drain": {
      const hand = await import("./service-drain-lever.ts");
      return {
        apply: () => hand.applyServiceDrain(undo, reach),
        verify: () => hand.verifyServiceDrain(undo, reach),
        rollback: () => hand.rollbackServiceDrain(undo, reach),
      };
    }
    case "router-drain": {
      const hand = await import("./router-drain-lever.ts");
      return {
        apply: () => hand.applyRouterDrain(undo, reach),
        verify: () => hand.verifyRouterDrain(undo, reach),
        rollback: () => hand.rollbackRouterDrain(undo, reach),
      };
    }
    default:
      return unreachable(undo);
  }
}

async function spotHand<U extends Extract<Undo, { readonly context: string }>>(
  spot: Spot<U>,
  undo: U,
  reach: Reach,
): Promise<Hand> {
  const { moveSpot, verifySpot } = await import("./spot.ts");
  return {
    apply: () => moveSpot(spot, undo, "during", reach),
    verify: () => verifySpot(spot, undo, reach),
    rollback: () => moveSpot(spot, undo, "before", reach),
  };
}
