// Levers and journal in the one order that is safe: the line is on the disk, then the lever acts. The drill that runs pulls
// and lets go by these, and so does the restore of a drill that broke off.
import type { Clock } from "../run/world.ts";
import type { Journal } from "./journal.ts";
import type { JournalEntry, OpenStep } from "./journal-entry.ts";
import { failed, type LeverResult } from "./lever.ts";
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

/**
 * What failed stays open in the journal, for another try. A journal that takes no more lines, on a full disk, keeps nobody from
 * undoing: what is done and not written is only done once more.
 */
export async function letGo(
  journal: Journal,
  { step, undo }: OpenStep,
  rollback: Act,
  clock: Clock,
): Promise<LeverResult> {
  await tryAppend(journal, { kind: "restoring", at: clock.now(), step });
  const result = await rollback(undo).catch((thrown: unknown) => failed("unavailable", textOf(thrown), []));
  const kind = result.kind === "done" ? "restored" : "stuck";
  await tryAppend(journal, { kind, at: clock.now(), step, detail: result.detail });
  return result;
}

/** Whether it is on the disk. */
export async function tryAppend(journal: Journal, entry: JournalEntry): Promise<boolean> {
  return await journal.append(entry).then(
    () => true,
    () => false,
  );
}

function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
