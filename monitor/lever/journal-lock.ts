// One process at a time works on a journal: the drill that runs, or one restore. The lock is SQLite's, so it is the kernel's
// own lock on a file: it goes with the process, however that ends, and no stale one is ever left to be guessed about.
import { rm } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";

export interface JournalLock {
  /** `remains` "nothing": the file goes too, because the journal is finished. */
  release(remains: "nothing" | "file"): Promise<void>;
}

/** Null: another process has it. */
export function takeJournalLock(journalPath: string): JournalLock | null {
  const path = `${journalPath}.lock`;
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
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
