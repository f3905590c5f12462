// One process at a time works on a journal: the drill that runs, or one restore. The lock is SQLite's, so it is the kernel's
// own lock on a file: it goes with the process, however that ends, and no stale one is ever left to be guessed about.
import { closeSync, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";

const SUFFIX = ".lock";

export interface JournalLock {
  /** `remains` "nothing": the file goes too, because the journal is finished. */
  release(remains: "nothing" | "file"): Promise<void>;
}

/** Null: another process has it. */
export function takeJournalLock(journalPath: string): JournalLock | null {
  const path = `${journalPath}${SUFFIX}`;
  // SQLite would make it readable for others.
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written, so nothing need be kept beside it for taking a write back.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch {
    database.close();
    return null;
  }
  return {
    release: async (remains) => {
      if (remains === "nothing") await rm(path, { force: true });
      database.close();
    },
  };
}

/** The journal whose lock this file is; null: it is none. */
export function lockedJournal(path: string): string | null {
  return path.endsWith(SUFFIX) ? path.slice(0, -SUFFIX.length) : null;
}
