// Node's storage: a SQLite file, or memory for what need not outlive the process.
import { DatabaseSync } from "node:sqlite";
import type { Store, StoreResult } from "../run/world.ts";
import { failureOf } from "../wire/failure.ts";
import { makeSqlStore, type Sql } from "../wire/sql-store.ts";

export interface NodeStore extends Store {
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
    opened.exec("PRAGMA journal_mode = WAL");
    const store = makeSqlStore(sqlOf(opened), options.roundsMax);
    return { kind: "done", value: { ...store, close: () => opened.close() } };
  } catch (thrown) {
    database?.close();
    return { kind: "failed", detail: failureOf(thrown).detail };
  }
}

function sqlOf(database: DatabaseSync): Sql {
  return {
    all: (statement, ...values) => database.prepare(statement).all(...values),
    transaction: (work) => {
      database.exec("BEGIN IMMEDIATE");
      try {
        const value = work();
        database.exec("COMMIT");
        return value;
      } catch (thrown) {
        if (database.isTransaction) database.exec("ROLLBACK");
        throw thrown;
      }
    },
  };
}
