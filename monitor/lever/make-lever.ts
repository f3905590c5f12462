// From a wish to its lever, and from an undo to what is done with it: the one place that knows all kinds.
import type { LeverWish } from "../drill/lever-wish.ts";
import { type Lever, LEVER_PROOFS, type LeverPlan, type LeverResult, type LeverStanding, refused } from "./lever.ts";
import { applyGate, planGate, rollbackGate, verifyGate } from "./gate-lever.ts";
import type { Reach } from "./reach.ts";
import type { Undo } from "./undo.ts";

/** What a wish is planned under. */
export interface LeverScene {
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

function planWish(wish: LeverWish, scene: LeverScene, reach: Reach): Promise<LeverPlan> {
  switch (wish.lever) {
    case "gate":
    case "dns-gate":
      return planGate(wish, scene.worldPort, reach);
    default:
      return Promise.resolve(refused(`the lever ${wish.lever} is not there yet`));
  }
}

export function applyUndo(undo: Undo, reach: Reach): Promise<LeverResult> {
  return applyGate(undo, reach);
}

export function verifyUndo(undo: Undo, reach: Reach): Promise<LeverStanding> {
  return verifyGate(undo, reach);
}

export function rollbackUndo(undo: Undo, reach: Reach): Promise<LeverResult> {
  return rollbackGate(undo, reach);
}
