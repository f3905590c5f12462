// The drills that the monitor was told of, on any SQLite, in a table beside the rounds. The latest one is the lock: while it
// is not over, no other begins.
import * as z from "zod/mini";
import type { DrillNotice } from "../model/planned.ts";
import { DRILL_NOTICE } from "../run/state.ts";
import type { Sql } from "./sql-store.ts";

/** The oldest make room. */
export const DRILLS_MAX = 200;

const TABLE =
  "CREATE TABLE IF NOT EXISTS drills (id TEXT PRIMARY KEY, startedAt INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID";

/** Every method throws, like the making of it, where the storage cannot be used. */
export interface DrillShelf {
  /** The latest first. */
  read(): readonly DrillNotice[];
  /** In place of the one with its id, where there is one. Belongs into `Sql.transaction`. */
  keep(drill: DrillNotice): void;
}

export function makeDrillShelf(sql: Sql, drillsMax: number = DRILLS_MAX): DrillShelf {
  sql.all(TABLE);
  return {
    read: () =>
      sql.all("SELECT json FROM drills ORDER BY startedAt DESC, id DESC").flatMap((row) => readDrill(row["json"])),
    keep: (drill) => {
      const json = JSON.stringify(drill);
      sql.all(
        "INSERT INTO drills (id, startedAt, json) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET startedAt = ?2, json = ?3",
        drill.id,
        drill.startedAt,
        json,
      );
      sql.all("DELETE FROM drills WHERE id NOT IN (SELECT id FROM drills ORDER BY startedAt DESC LIMIT ?)", drillsMax);
    },
  };
}

/** What another version wrote and this one cannot read is no drill. */
function readDrill(json: unknown): readonly DrillNotice[] {
  try {
    const parsed = z.safeParse(DRILL_NOTICE, JSON.parse(String(json)));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
