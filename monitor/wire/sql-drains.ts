// Which regions are drained, on any SQLite, in a table beside the rounds: a drain outlives the object that took the order.
import * as z from "zod/mini";
import type { Drain, Drains } from "../model/steering.ts";
import { DRAIN } from "../run/state.ts";
import type { Sql } from "./sql-store.ts";

const TABLE = "CREATE TABLE IF NOT EXISTS drains (region TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID";

/** Every method throws, like the making of it, where the storage cannot be used. */
export interface DrainShelf {
  read(): Drains;
  /** Null: there is none any more. Belongs into `Sql.transaction`. At most one for each region of the topology, whoever asks sees to that. */
  keep(region: string, drain: Drain | null): void;
}

export function makeDrainShelf(sql: Sql): DrainShelf {
  sql.all(TABLE);
  return {
    read: () => Object.fromEntries(sql.all("SELECT region, json FROM drains ORDER BY region").flatMap(readDrain)),
    keep: (region, drain) => {
      if (drain === null) sql.all("DELETE FROM drains WHERE region = ?", region);
      else
        sql.all(
          "INSERT INTO drains (region, json) VALUES (?1, ?2) ON CONFLICT (region) DO UPDATE SET json = ?2",
          region,
          JSON.stringify(drain),
        );
    },
  };
}

/** What another version wrote and this one cannot read is no drain. */
function readDrain(row: Readonly<Record<string, unknown>>): readonly (readonly [string, Drain])[] {
  try {
    const parsed = z.safeParse(DRAIN, JSON.parse(String(row["json"])));
    return parsed.success ? [[String(row["region"]), parsed.data]] : [];
  } catch {
    return [];
  }
}
