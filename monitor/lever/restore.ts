// Undoes what a drill left, from its journal alone: the latest lever first, each by what it wrote before it acted. Twice is
// the same as once. What cannot be undone keeps the journal open and says what to do by hand; the others are undone all the same.
import type { LeverKind } from "../drill/lever-wish.ts";
import type { Clock } from "../run/world.ts";
import { type Journal, openJournal } from "./journal.ts";
import type { LeverResult } from "./lever.ts";
import { rollbackUndo } from "./make-lever.ts";
import { type Act, letGo, tryAppend } from "./pull.ts";
import type { Reach } from "./reach.ts";

export interface RestoredStep {
  readonly step: number;
  readonly lever: LeverKind;
  readonly result: LeverResult;
}

export type Restored =
  /** In the order of undoing; empty: nothing was left to undo. */
  | { readonly kind: "finished"; readonly drill: string; readonly steps: readonly RestoredStep[] }
  /** Something is left, or it could not be written that nothing is; the journal stays. */
  | { readonly kind: "stuck"; readonly drill: string; readonly steps: readonly RestoredStep[] }
  /** The drill itself still runs, or another restore does; its process, where it is known. */
  | { readonly kind: "busy"; readonly pid: number | null }
  | { readonly kind: "unreadable"; readonly detail: string };

export type Settled =
  | { readonly kind: "settled"; readonly drill: string; readonly reason: string }
  | Extract<Restored, { readonly kind: "busy" | "unreadable" }>;

export async function restoreJournal(path: string, reach: Reach): Promise<Restored> {
  const opened = await openJournal(path);
  if (opened.kind === "empty") return { kind: "finished", drill: "", steps: [] };
  if (opened.kind !== "open") return opened;
  const { journal } = opened;
  try {
    return await letGoOfAll(journal, (undo) => rollbackUndo(undo, reach), reach.clock);
  } finally {
    await journal.release();
  }
}

/**
 * What a person has put right, or takes the blame for, where no lever can: every step that is left counts as restored from now
 * on. Nothing else is touched.
 */
export async function settleByHand(path: string, reason: string, clock: Clock): Promise<Settled> {
  const opened = await openJournal(path);
  if (opened.kind === "empty") return { kind: "settled", drill: "", reason };
  if (opened.kind !== "open") return opened;
  const { journal } = opened;
  const at = clock.now();
  for (const { step } of journal.openSteps())
    await journal.append({ kind: "restored", at, step, detail: `by hand: ${reason}` });
  if (!journal.isFinished()) await journal.append({ kind: "closed", at });
  await journal.release();
  return { kind: "settled", drill: journal.head.drill, reason };
}

/** Of a journal that is open; nothing is left of it then. */
export async function letGoOfAll(journal: Journal, rollback: Act, clock: Clock): Promise<Restored> {
  const steps = await letGoOfSteps(journal, rollback, clock);
  return await closeJournal(journal, steps, clock);
}

/** The journal stays open, for a drill that has more to do before it is over. In the order of undoing. */
export async function letGoOfSteps(journal: Journal, rollback: Act, clock: Clock): Promise<readonly RestoredStep[]> {
  const steps: RestoredStep[] = [];
  for (const open of journal.openSteps()) {
    const result = await letGo(journal, open, rollback, clock);
    steps.push({ step: open.step, lever: open.undo.lever, result });
  }
  return steps;
}

/** `steps`: what was let go of, or was tried to be. */
export async function closeJournal(
  journal: Journal,
  steps: readonly RestoredStep[],
  clock: Clock,
): Promise<Extract<Restored, { readonly kind: "finished" | "stuck" }>> {
  const isDone = journal.openSteps().length === 0;
  const isClosed = isDone && (journal.isFinished() || (await tryAppend(journal, { kind: "closed", at: clock.now() })));
  return { kind: isClosed ? "finished" : "stuck", drill: journal.head.drill, steps };
}
