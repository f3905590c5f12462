// Buckets on any SQLite, in a table beside the rounds. A long text is kept in parts, because Cloudflare allows 2 MB a value;
// a usual one is one row.
import type { BucketShelf, KeptWidth } from "../run/world.ts";
import { attempt, type Sql } from "./sql-store.ts";

/** A month, and the month's first day as a whole. */
export const HOURS_MAX = 32 * 24;
/** A little more than a year. */
export const DAYS_MAX = 400;
/** Of at most three bytes each. */
const PART_CHARACTERS_MAX = 600_000;

const KEPT_MAX: Readonly<Record<KeptWidth, number>> = { hour: HOURS_MAX, day: DAYS_MAX };

const TABLE = `CREATE TABLE IF NOT EXISTS buckets (
  width TEXT NOT NULL, start INTEGER NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (width, start, part)
) WITHOUT ROWID`;

export interface BucketLimits {
  readonly keptMax: Readonly<Record<KeptWidth, number>>;
  readonly partCharactersMax: number;
}

/** Makes the table where it is missing, and throws where the storage cannot be used; the shelf itself never rejects. */
export function makeBucketShelf(
  sql: Sql,
  { keptMax, partCharactersMax }: BucketLimits = { keptMax: KEPT_MAX, partCharactersMax: PART_CHARACTERS_MAX },
): BucketShelf {
  sql.all(TABLE);
  return {
    keptBuckets: async (width, from, to) =>
      attempt(() =>
        sql
          .all(
            "SELECT start FROM buckets WHERE width = ? AND start >= ? AND start < ? AND part = 0 ORDER BY start",
            width,
            from,
            to,
          )
          .map(({ start }) => Number(start)),
      ),
    readBucket: async (width, from) =>
      attempt(() => {
        const parts = sql.all("SELECT text FROM buckets WHERE width = ? AND start = ? ORDER BY part", width, from);
        return parts.length === 0 ? null : parts.map(({ text }) => String(text)).join("");
      }),
    keepBucket: async (width, from, text) =>
      attempt(() =>
        sql.transaction(() => {
          sql.all("DELETE FROM buckets WHERE width = ? AND start = ?", width, from);
          for (const [part, piece] of partsOf(text, partCharactersMax).entries()) {
            sql.all("INSERT INTO buckets (width, start, part, text) VALUES (?, ?, ?, ?)", width, from, part, piece);
          }
          sql.all(LEAVE, width, keptMax[width]);
          return null;
        }),
      ),
  };
}

const LEAVE = `DELETE FROM buckets WHERE width = ?1 AND start NOT IN (
  SELECT start FROM buckets WHERE width = ?1 AND part = 0 ORDER BY start DESC LIMIT ?2
)`;

/** No character of two code units is torn: half of one is no text that SQLite could keep. */
function partsOf(text: string, charactersMax: number): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at += parts.at(-1)?.length ?? 0) {
    const piece = text.slice(at, at + charactersMax);
    parts.push(at + charactersMax < text.length && /[\uD800-\uDBFF]$/.test(piece) ? piece.slice(0, -1) : piece);
  }
  return parts;
}
