// The mutes that were ordered, on any SQLite, in a table beside the rounds: quiet that somebody asked for outlives the object that
// took the order, and so does its end.
import * as z from "zod/mini";
import type { Mute } from "../model/alert.ts";
import type { Sql } from "./sql-store.ts";

/** The one that ended longest ago makes room: five times as many as can be in force. */
export const MUTES_KEPT_MAX = 100;

const TABLE =
  "CREATE TABLE IF NOT EXISTS mutes (id TEXT PRIMARY KEY, until INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID";

const MUTE: z.ZodMiniType<Mute> = z.strictObject({
  id: z.string(),
  subjects: z.array(z.string()),
  from: z.int(),
  until: z.int(),
  reason: z.string(),
  by: z.nullable(z.string()),
});

/** Every method throws, like the making of it, where the storage cannot be used. */
export interface MuteShelf {
  /** The one that ends last first. */
  read(): readonly Mute[];
  /** In place of the one with its id, where there is one. Belongs into `Sql.transaction`. */
  keep(mute: Mute): void;
}

export function makeMuteShelf(sql: Sql, keptMax: number = MUTES_KEPT_MAX): MuteShelf {
  sql.all(TABLE);
  return {
    read: () => sql.all("SELECT json FROM mutes ORDER BY until DESC, id").flatMap((row) => readMute(row["json"])),
    keep: (mute) => {
      sql.all(
        "INSERT INTO mutes (id, until, json) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET until = ?2, json = ?3",
        mute.id,
        mute.until,
        JSON.stringify(mute),
      );
      sql.all("DELETE FROM mutes WHERE id NOT IN (SELECT id FROM mutes ORDER BY until DESC, id LIMIT ?)", keptMax);
    },
  };
}

/** What another version wrote and this one cannot read mutes nothing: better too loud. */
function readMute(json: unknown): readonly Mute[] {
  try {
    const parsed = z.safeParse(MUTE, JSON.parse(String(json)));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
