// How far the drill of a journal is, asked by others without touching it: it runs, it is over, or it has left something. The
// lock tells, because a process's number may be another's by now.
import { isAlive } from "../local/world-file.ts";
import { type JournalHead, isFinished, type OpenStep, openSteps } from "./journal-entry.ts";
import { takeJournalLock } from "./journal-lock.ts";
import { readJournal } from "./journal.ts";

export type JournalStanding =
  /** `by` "restore": the drill is gone, and somebody is putting back what it left. */
  | { readonly kind: "running"; readonly head: JournalHead; readonly by: "drill" | "restore" }
  /** It broke off, and nobody works on it; `open` as `openSteps`. */
  | { readonly kind: "left"; readonly head: JournalHead; readonly open: readonly OpenStep[] }
  | { readonly kind: "over" }
  /** No journal, or none that can be read. */
  | { readonly kind: "unknown" };

export async function readStanding(path: string): Promise<JournalStanding> {
  const read = await readJournal(path);
  if (read.kind !== "journal") return { kind: "unknown" };
  const { head, entries } = read.text;
  if (isFinished(entries)) return { kind: "over" };
  const lock = takeJournalLock(path);
  if (lock === null) return { kind: "running", head, by: isAlive(head.pid) ? "drill" : "restore" };
  await lock.release("file");
  return { kind: "left", head, open: openSteps(entries) };
}
