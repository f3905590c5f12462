// A lock that one process at a time holds. It is SQLite's, so it is the kernel's own lock on a file: it goes with the
// process, however that ends, and no stale one is ever left to be guessed about.
import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { thrownWords } from "../wire/failure.ts";

export type LockAttempt =
  | { readonly kind: "taken"; readonly release: () => void }
  /** Another process has it. */
  | { readonly kind: "held" }
  | { readonly kind: "failed"; readonly detail: string };

/** SQLite's result code for a lock that others have. */
const SQLITE_BUSY = 5;

/** `path` is made where it is missing, and stays. Throws where it cannot be opened. */
export function takeProcessLock(path: string): LockAttempt {
  // SQLite would make it readable for others.
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written, so nothing need be kept beside it for taking a write back.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (thrown) {
    database.close();
    if (thrown instanceof Error && "errcode" in thrown && thrown.errcode === SQLITE_BUSY) return { kind: "held" };
    return { kind: "failed", detail: thrownWords(thrown) };
  }
  return { kind: "taken", release: () => database.close() };
}
