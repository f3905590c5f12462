// The daily reports on any SQLite, in a table beside the rounds: a day is written once and never again, and the oldest days
// make room.
import type { Sql } from "./sql-store.ts";

/** A little more than a year. */
export const REPORTS_MAX = 400;

const TABLE = "CREATE TABLE IF NOT EXISTS reports (day TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID";

/** Every method throws, like the making of it, where the storage cannot be used. */
export interface ReportShelf {
  /** The latest first. */
  days(): readonly string[];
  read(day: string): string | null;
  /** A second call for a day changes nothing and gives false. */
  keep(day: string, json: string): boolean;
}

export function makeReportShelf(sql: Sql, reportsMax: number = REPORTS_MAX): ReportShelf {
  sql.all(TABLE);
  return {
    days: () => sql.all("SELECT day FROM reports ORDER BY day DESC").map((row) => String(row["day"])),
    read: (day) => {
      const found = sql.all("SELECT json FROM reports WHERE day = ?", day)[0]?.["json"];
      return typeof found === "string" ? found : null;
    },
    keep: (day, json) =>
      sql.transaction(() => {
        if (sql.all("SELECT 1 FROM reports WHERE day = ?", day).length > 0) return false;
        sql.all("INSERT INTO reports (day, json) VALUES (?, ?)", day, json);
        sql.all("DELETE FROM reports WHERE day NOT IN (SELECT day FROM reports ORDER BY day DESC LIMIT ?)", reportsMax);
        return true;
      }),
  };
}
