// What private vantages sent and no round has had yet, on any SQLite, in a table beside the rounds: what was acknowledged outlives
// the process. One row a vantage, so that a batch costs one row.
import * as z from "zod/mini";
import type { HeldBatch } from "../run/batch-order.ts";
import { VANTAGE_REPORT } from "../run/state.ts";
import type { Sql } from "./sql-store.ts";

const TABLE = "CREATE TABLE IF NOT EXISTS observations (vantage TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID";

const HELD: z.ZodMiniType<{ readonly version: 1; readonly batches: readonly HeldBatch[] }> = z.strictObject({
  version: z.literal(1),
  batches: z.array(z.strictObject({ slot: z.int(), digest: z.string(), report: VANTAGE_REPORT })),
});

/** Every method throws, like the making of it, where the storage cannot be used. */
export interface BatchShelf {
  /** By vantage id. */
  read(): ReadonlyMap<string, readonly HeldBatch[]>;
  /** In the place of what the vantage had; an empty list is no row. */
  keep(vantage: string, batches: readonly HeldBatch[]): void;
}

export function makeBatchShelf(sql: Sql): BatchShelf {
  sql.all(TABLE);
  return {
    read: () =>
      new Map(
        sql
          .all("SELECT vantage, json FROM observations ORDER BY vantage")
          .map((row) => [String(row["vantage"]), readBatches(row["json"])] as const),
      ),
    keep: (vantage, batches) => {
      if (batches.length === 0) sql.all("DELETE FROM observations WHERE vantage = ?", vantage);
      else
        sql.all(
          "INSERT INTO observations (vantage, json) VALUES (?1, ?2) ON CONFLICT (vantage) DO UPDATE SET json = ?2",
          vantage,
          JSON.stringify({ version: 1, batches }),
        );
    },
  };
}

/** What another version wrote and this one cannot read is stale before anybody misses it. */
function readBatches(json: unknown): readonly HeldBatch[] {
  try {
    const parsed = z.safeParse(HELD, JSON.parse(String(json)));
    return parsed.success ? parsed.data.batches : [];
  } catch {
    return [];
  }
}
