// Node's storage: a SQLite file, or memory for what need not outlive the process.
import { DatabaseSync } from "node:sqlite";
import type { Store, StoreResult } from "../run/world.ts";
import { thrownWords } from "../wire/failure.ts";
import { makeSqlStore, type Sql, type SqlRow, type SqlValue } from "../wire/sql-store.ts";

export interface NodeStore extends Store {
  /** The same storage, for what stands beside the rounds. */
  readonly sql: Sql;
  close(): void;
}

export interface NodeStoreOptions {
  /** A path, or ":memory:". */
  readonly file: string;
  /** Rounds in the ring; `ROUNDS_MAX` of `wire/sql-store.ts` unless given. */
  readonly roundsMax?: number;
}

/** Another process may hold the file for the length of a commit. */
const BUSY_MS_MAX = 2000;

/** Fails where the file cannot be opened or belongs to something else. */
export function makeNodeStore(options: NodeStoreOptions): StoreResult<NodeStore> {
  let database: DatabaseSync | null = null;
  try {
    const opened = new DatabaseSync(options.file, { timeout: BUSY_MS_MAX });
    database = opened;
    refuseOthers(opened);
    opened.exec("PRAGMA journal_mode = WAL");
    const sql = sqlOf(opened);
    const store = makeSqlStore(sql, options.roundsMax);
    return { kind: "done", value: { ...store, sql, close: () => opened.close() } };
  } catch (thrown) {
    database?.close();
    return { kind: "failed", detail: thrownWords(thrown) };
  }
}

/** Ours has its `meta` from the first transaction on. Throws before anything is written. */
function refuseOthers(database: DatabaseSync): void {
  const names = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  if (names.length === 0 || names.some(({ name }) => name === "meta")) return;
  throw new Error("it is the database of something else: it has tables, and none of them is ours");
}

/** What the store needs of a `DatabaseSync`. */
export interface Connection {
  readonly isTransaction: boolean;
  exec(statement: string): void;
  prepare(statement: string): { all(...values: readonly SqlValue[]): readonly SqlRow[] };
}

export function sqlOf(database: Connection): Sql {
  let working = false;
  // One that could not be rolled back is still open: it would be read from, and refuse the next.
  const leaveOld = (): void => {
    if (!working && database.isTransaction) database.exec("ROLLBACK");
  };
  return {
    all: (statement, ...values) => {
      leaveOld();
      return database.prepare(statement).all(...values);
    },
    transaction: (work) => {
      leaveOld();
      database.exec("BEGIN IMMEDIATE");
      working = true;
      try {
        const value = work();
        database.exec("COMMIT");
        return value;
      } catch (thrown) {
        tryRollback(database);
        throw thrown;
      } finally {
        working = false;
      }
    },
  };
}

/** Why the work failed is worth more than why undoing it failed, which the next statement tries again. */
function tryRollback(database: Connection): void {
  try {
    if (database.isTransaction) database.exec("ROLLBACK");
  } catch {
    // Still open.
  }
}
