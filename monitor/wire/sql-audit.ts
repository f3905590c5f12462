// What bearers of the token changed, on any SQLite, in a table beside the rounds. Who it was cannot be told: a token has no
// name. An entry is written in the transaction of the change that it tells of, or there is neither.
import { type Instant, toIso } from "../time.ts";
import type { Sql, SqlRow } from "./sql-store.ts";

/** The oldest make room. */
export const AUDIT_MAX = 500;
/** Of `detail`: what a body may hold is bounded elsewhere, and lists are read by people. */
const DETAIL_CHARACTERS_MAX = 500;

const TABLE = `CREATE TABLE IF NOT EXISTS audit
  (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL)`;

export interface AuditEntry {
  /** ISO 8601. */
  readonly at: string;
  /** What was done: "drill.start". */
  readonly action: string;
  /** To what: a drill's id, a region's. */
  readonly subject: string;
  /** In words. */
  readonly detail: string;
}

export interface AuditShelf {
  /** Throws, like the making of the shelf, where the storage cannot be used. Belongs into `Sql.transaction`. */
  note(action: string, subject: string, detail: string, at: Instant): void;
  /** The latest first. */
  read(): readonly AuditEntry[];
}

export function makeAuditShelf(sql: Sql, entriesMax: number = AUDIT_MAX): AuditShelf {
  sql.all(TABLE);
  return {
    note: (action, subject, detail, at) => {
      const kept = detail.slice(0, DETAIL_CHARACTERS_MAX);
      sql.all("INSERT INTO audit (at, action, subject, detail) VALUES (?, ?, ?, ?)", at, action, subject, kept);
      sql.all("DELETE FROM audit WHERE id NOT IN (SELECT id FROM audit ORDER BY id DESC LIMIT ?)", entriesMax);
    },
    read: () => sql.all("SELECT at, action, subject, detail FROM audit ORDER BY id DESC").map(entryOf),
  };
}

function entryOf(row: SqlRow): AuditEntry {
  return {
    at: toIso(Number(row["at"])),
    action: String(row["action"]),
    subject: String(row["subject"]),
    detail: String(row["detail"]),
  };
}
