// Storage v1 on any SQLite: a ring of packed rounds and the latest state, written in one transaction. Node and the Durable
// Object bring the connection; what is stored and how is decided here once.
import type { Instant } from "../time.ts";
import type { OutboxEntry } from "../model/alert.ts";
import type { Store, StoreResult } from "../run/world.ts";
import { thrownWords } from "./failure.ts";
import { addToOutbox, prepareOutbox } from "./sql-outbox.ts";

export type SqlValue = string | number | null;
export type SqlRow = Readonly<Record<string, unknown>>;

/** A synchronous connection; `transaction` undoes everything when its work throws. */
export interface Sql {
  all(statement: string, ...values: readonly SqlValue[]): readonly SqlRow[];
  transaction<T>(work: () => T): T;
}

/** A week at 30 seconds. */
export const ROUNDS_MAX = 20_160;
const SCHEMA = 1;
/** One in the steady state; a second lets a ring shrink whose bound was lowered, without a long transaction. */
const DELETIONS_MAX = 2;

const TABLES = [
  "CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
  "CREATE TABLE IF NOT EXISTS rounds (slot INTEGER PRIMARY KEY, row TEXT NOT NULL)",
  // `rounds` counts the rows of the ring here, in a row that is written anyway: counting them would read them all.
  "CREATE TABLE IF NOT EXISTS state (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL, rounds INTEGER NOT NULL)",
];

/** Makes the tables where they are missing. Throws where the storage cannot be used; the store itself never rejects. */
export function makeSqlStore(sql: Sql, roundsMax: number = ROUNDS_MAX): Store {
  sql.transaction(() => prepare(sql));
  return {
    readState: async () => attempt(() => textOf(sql.all("SELECT json FROM state WHERE id = 1")[0]?.["json"])),
    commitRound: async (slot, row, state, entries = []) =>
      attempt(() => sql.transaction(() => commit(sql, { slot, row, state, entries, roundsMax }))),
    readRounds: async (from, to) =>
      attempt(() =>
        sql
          .all("SELECT slot, row FROM rounds WHERE slot BETWEEN ? AND ? ORDER BY slot LIMIT ?", from, to, roundsMax)
          .map((found) => ({ slot: Number(found["slot"]), row: String(found["row"]) })),
      ),
  };
}

function prepare(sql: Sql): void {
  for (const table of TABLES) sql.all(table);
  prepareOutbox(sql);
  const schema = textOf(sql.all("SELECT value FROM meta WHERE key = 'schema'")[0]?.["value"]);
  if (schema === null) sql.all("INSERT INTO meta (key, value) VALUES ('schema', ?)", String(SCHEMA));
  else if (schema !== String(SCHEMA))
    throw new Error(`The storage has schema ${schema}; this version knows ${SCHEMA}.`);
}

function commit(
  sql: Sql,
  round: {
    readonly slot: Instant;
    readonly row: string;
    readonly state: string;
    readonly entries: readonly OutboxEntry[];
    readonly roundsMax: number;
  },
): boolean {
  if (sql.all("SELECT 1 FROM rounds WHERE slot = ?", round.slot).length > 0) return false;
  sql.all("INSERT INTO rounds (slot, row) VALUES (?, ?)", round.slot, round.row);
  const held = Number(sql.all("SELECT rounds FROM state WHERE id = 1")[0]?.["rounds"] ?? 0) + 1;
  const leaving = Math.min(DELETIONS_MAX, Math.max(0, held - round.roundsMax));
  if (leaving > 0) {
    sql.all("DELETE FROM rounds WHERE slot IN (SELECT slot FROM rounds ORDER BY slot LIMIT ?)", leaving);
  }
  sql.all(
    "INSERT INTO state (id, json, rounds) VALUES (1, ?1, ?2) ON CONFLICT (id) DO UPDATE SET json = ?1, rounds = ?2",
    round.state,
    held - leaving,
  );
  addToOutbox(sql, round.entries);
  return true;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

export function attempt<T>(work: () => T): StoreResult<T> {
  try {
    return { kind: "done", value: work() };
  } catch (thrown) {
    return { kind: "failed", detail: thrownWords(thrown) };
  }
}
