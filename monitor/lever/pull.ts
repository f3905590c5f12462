// Levers and journal in the one order that is safe: the line is on the disk, then the lever acts. The drill that runs pulls
// and lets go by these, and so does the restore of a drill that broke off.
import type { Clock } from "../run/world.ts";
import type { Journal } from "./journal.ts";
import type { OpenStep } from "./journal-entry.ts";
import type { LeverResult } from "./lever.ts";
import type { Undo } from "./undo.ts";

export type Act = (undo: Undo) => Promise<LeverResult>;

/** `step` counts the levers of a drill from 0. After a failure the lever may have acted in part: let go of it. */
export async function pullLever(
  journal: Journal,
  { step, undo }: OpenStep,
  apply: Act,
  clock: Clock,
): Promise<LeverResult> {
  await journal.append({ kind: "applying", at: clock.now(), step, undo });
  const result = await apply(undo);
  if (result.kind === "done") await journal.append({ kind: "applied", at: clock.now(), step, detail: result.detail });
  return result;
}

/** What failed stays open in the journal, for another try. */
export async function letGo(
  journal: Journal,
  { step, undo }: OpenStep,
  rollback: Act,
  clock: Clock,
): Promise<LeverResult> {
  await journal.append({ kind: "restoring", at: clock.now(), step });
  const result = await rollback(undo);
  const kind = result.kind === "done" ? "restored" : "stuck";
  await journal.append({ kind, at: clock.now(), step, detail: result.detail });
  return result;
}
