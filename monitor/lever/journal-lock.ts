// One process at a time works on a journal: the drill that runs, or one restore.
import { rm } from "node:fs/promises";
import { takeProcessLock } from "../node/process-lock.ts";

const SUFFIX = ".lock";

export interface JournalLock {
  /** `remains` "nothing": the file goes too, because the journal is finished. */
  release(remains: "nothing" | "file"): Promise<void>;
}

/** Null: another process has it. */
export function takeJournalLock(journalPath: string): JournalLock | null {
  const path = `${journalPath}${SUFFIX}`;
  const attempt = takeProcessLock(path);
  if (attempt.kind !== "taken") return null;
  return {
    release: async (remains) => {
      if (remains === "nothing") await rm(path, { force: true });
      attempt.release();
    },
  };
}

/** The journal whose lock this file is; null: it is none. */
export function lockedJournal(path: string): string | null {
  return path.endsWith(SUFFIX) ? path.slice(0, -SUFFIX.length) : null;
}
