// The maintenance windows that were ordered, on any SQLite, in a table beside the rounds: an announcement outlives the object
// that took it.
import * as z from "zod/mini";
import { isCalledOff } from "../maintenance/order.ts";
import type { MaintenanceWindow } from "../model/planned.ts";
import type { Sql } from "./sql-store.ts";

/**
 * The one that ended longest ago makes room. More than can be ahead, so none of those ever does: 50 that were ordered, and of 20 that
 * recur nine each within the days in which they can be called off.
 */
export const MAINTENANCE_KEPT_MAX = 250;

const TABLE =
  "CREATE TABLE IF NOT EXISTS maintenance (id TEXT PRIMARY KEY, until INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID";

const WINDOW: z.ZodMiniType<MaintenanceWindow> = z.strictObject({
  id: z.string(),
  title: z.string(),
  regions: z.array(z.string()),
  from: z.int(),
  until: z.int(),
  by: z.nullable(z.string()),
  kind: z.enum(["once", "recurring"]),
});

/** Every method throws, like the making of it, where the storage cannot be used. */
export interface MaintenanceShelf {
  /** The one that ends last first, and those that will never begin behind all. */
  read(): readonly MaintenanceWindow[];
  /** In place of the one with its id, where there is one. Belongs into `Sql.transaction`. */
  keep(window: MaintenanceWindow): void;
}

export function makeMaintenanceShelf(sql: Sql, keptMax: number = MAINTENANCE_KEPT_MAX): MaintenanceShelf {
  sql.all(TABLE);
  return {
    read: () =>
      sql.all("SELECT json FROM maintenance ORDER BY until DESC, id").flatMap((row) => readWindow(row["json"])),
    keep: (window) => {
      sql.all(
        "INSERT INTO maintenance (id, until, json) VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET until = ?2, json = ?3",
        window.id,
        isCalledOff(window) ? 0 : window.until,
        JSON.stringify(window),
      );
      sql.all(
        "DELETE FROM maintenance WHERE id NOT IN (SELECT id FROM maintenance ORDER BY until DESC, id LIMIT ?)",
        keptMax,
      );
    },
  };
}

/** What another version wrote and this one cannot read is no window. */
function readWindow(json: unknown): readonly MaintenanceWindow[] {
  try {
    const parsed = z.safeParse(WINDOW, JSON.parse(String(json)));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
