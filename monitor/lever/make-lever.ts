// From a wish to its lever, and from an undo to what is done with it: the one place that knows all kinds. Each kind is loaded
// when it is used: none needs the others' libraries, and the images have no local world.
import type { LeverWish } from "../drill/lever-wish.ts";
import { unreachable } from "../problem.ts";
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
}

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

async function planWish(wish: LeverWish, { topology, worldPort }: LeverScene, reach: Reach): Promise<LeverPlan> {
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
    default:
      return { kind: "refused", why: [`the lever ${wish.lever} is not there yet`] };
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
