// The incidents that are over, on any SQLite, a row each in a table beside the rounds: the state forgets them after a day, so that
// it stays small.
import * as z from "zod/mini";
import { INCIDENT_SCHEMA } from "../incident/incident-schema.ts";
import { PAST_MAX } from "../incident/past.ts";
import type { Incident } from "../model/verdict.ts";
import type { Sql } from "./sql-store.ts";

const TABLE =
  "CREATE TABLE IF NOT EXISTS past_incidents (id TEXT PRIMARY KEY, closed INTEGER NOT NULL, json TEXT NOT NULL) WITHOUT ROWID";

/** Every method throws, like the making of it, where the storage cannot be used. */
export interface PastShelf {
  /** The one that closed last first. */
  read(): readonly Incident[];
  /** One that is kept already stays as it is. The oldest make room. Belongs into `Sql.transaction`. */
  keep(incidents: readonly Incident[]): void;
}

export function makePastShelf(sql: Sql, keptMax: number = PAST_MAX): PastShelf {
  sql.all(TABLE);
  return {
    read: () =>
      sql.all("SELECT json FROM past_incidents ORDER BY closed DESC, id").flatMap((row) => readIncident(row["json"])),
    keep: (incidents) => {
      for (const incident of incidents)
        sql.all(
          "INSERT INTO past_incidents (id, closed, json) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
          incident.id,
          incident.closedAt ?? 0,
          JSON.stringify(incident),
        );
      sql.all(
        "DELETE FROM past_incidents WHERE id NOT IN (SELECT id FROM past_incidents ORDER BY closed DESC, id LIMIT ?)",
        keptMax,
      );
    },
  };
}

/** What another version wrote and this one cannot read is not told. */
function readIncident(json: unknown): readonly Incident[] {
  try {
    const parsed = z.safeParse(INCIDENT_SCHEMA, JSON.parse(String(json)));
    return parsed.success ? [parsed.data] : [];
  } catch {
    return [];
  }
}
