// What every lever of a drill can do: say what it would do, do it, look whether it is done, and undo it. All four may be
// repeated at any time; the last three work from an `Undo` alone, so that another process can go on from the journal.
import type { LeverKind, LeverProof, LeverWish } from "../drill/lever-wish.ts";
import type { Undo } from "./undo.ts";

export type LeverPlan =
  | {
      readonly kind: "ready";
      /** What will be done, a sentence each, in order. */
      readonly steps: readonly string[];
      /** What a person should weigh before: it may spoil the drill, or hurt more than the region. */
      readonly warnings: readonly string[];
      readonly undo: Undo;
      /** How it ends by itself when nobody undoes it; null: it does not. */
      readonly expiresBy: string | null;
    }
  /** Every reason. */
  | { readonly kind: "refused"; readonly why: readonly string[] };

/** "moved": somebody else changed it meanwhile, and is not overwritten. "unavailable": nobody answers, so nothing is known. */
export type LeverFault = "moved" | "unavailable" | "refused";

export type LeverResult =
  /** Also where it was done before. */
  | { readonly kind: "done"; readonly detail: string }
  | {
      readonly kind: "failed";
      readonly cause: LeverFault;
      readonly detail: string;
      /** What a person can do without us, in order; commands where there are any. */
      readonly byHand: readonly string[];
    };

export type LeverStanding =
  | { readonly kind: "applied" }
  | { readonly kind: "restored" }
  | { readonly kind: "other"; readonly detail: string };

export interface Lever {
  readonly wish: LeverWish;
  readonly proves: LeverProof;
  /** Reads only; whether credentials suffice is part of it. */
  plan(): Promise<LeverPlan>;
  apply(undo: Undo): Promise<LeverResult>;
  verify(undo: Undo): Promise<LeverStanding>;
  rollback(undo: Undo): Promise<LeverResult>;
}

export const LEVER_PROOFS: Readonly<Record<LeverKind, LeverProof>> = {
  gate: "detection and DNS",
  "dns-gate": "detection and DNS",
  "route53-health-check": "DNS only",
  "kubefed-replicas": "detection and DNS",
  "karmada-replicas": "detection and DNS",
  "istio-abort": "detection and DNS",
  "service-drain": "detection and DNS",
  "router-drain": "router only",
};

export function done(detail: string): LeverResult {
  return { kind: "done", detail };
}

export function failed(cause: LeverFault, detail: string, byHand: readonly string[]): LeverResult {
  return { kind: "failed", cause, detail, byHand };
}

export function refused(...why: readonly string[]): LeverPlan {
  return { kind: "refused", why };
}
