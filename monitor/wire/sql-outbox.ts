// The outbox on any SQLite: what people are to be told, written in the transaction of the round that says so, and how each
// channel has done. A message leaves when it was delivered; one that was given up stays as a dead letter, to be seen.
import * as z from "zod/mini";
import type { OutboxEntry } from "../model/alert.ts";
import { NOTICE } from "../run/alert-state.ts";
import type { Instant } from "../time.ts";
import type { Sql, SqlRow } from "./sql-store.ts";

/** More than eight channels can be told in a day, after which messages are given up; the oldest would make room. */
export const OUTBOX_MAX = 10_000;
/** The oldest make room. */
export const DEAD_MAX = 100;

const SHOWN_MAX = 200;

/** Who was not told that something began need not hear that it is over. */
export const ORPHANED = "given up with the message before it, of the same incident";

const TABLES = [
  `CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY, key TEXT NOT NULL, channel TEXT NOT NULL, alarm TEXT,
    at INTEGER NOT NULL, attempts INTEGER NOT NULL, deadAt INTEGER, detail TEXT, notice TEXT NOT NULL)`,
  "CREATE TABLE IF NOT EXISTS channels (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID",
];

/** An entry that waits. */
export interface WaitingEntry extends OutboxEntry {
  readonly id: number;
  readonly attempts: number;
}

/** By channel. */
export type Waiting = Readonly<Record<string, { readonly count: number; readonly since: Instant }>>;

export interface DeadLetter extends WaitingEntry {
  readonly deadAt: Instant;
  readonly detail: string;
}

export interface ChannelRecord {
  /** Failed attempts in a row. */
  readonly failures: number;
  /** Until then it is left alone. */
  readonly dueAt: Instant;
  readonly lastDeliveredAt: Instant | null;
  readonly detail: string | null;
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
  readonly deadAt: Instant | null;
  /** The latest day whose report it was sent, or is to be; null: none. */
  readonly reportDay: string | null;
}

export const NEW_CHANNEL: ChannelRecord = {
  failures: 0,
  dueAt: 0,
  lastDeliveredAt: null,
  detail: null,
  delivered: 0,
  failed: 0,
  dead: 0,
  deadAt: null,
  reportDay: null,
};

const RECORD: z.ZodMiniType<ChannelRecord> = z.strictObject({
  failures: z.int(),
  dueAt: z.int(),
  lastDeliveredAt: z.nullable(z.int()),
  detail: z.nullable(z.string()),
  delivered: z.int(),
  failed: z.int(),
  dead: z.int(),
  deadAt: z.nullable(z.int()),
  reportDay: z.nullable(z.string()),
});

export function prepareOutbox(sql: Sql): void {
  for (const table of TABLES) sql.all(table);
}

/** Belongs into `Sql.transaction`. What is there already under its key is not added again. */
export function addToOutbox(sql: Sql, entries: readonly OutboxEntry[]): void {
  for (const { key, channel, alarm, at, notice } of entries) {
    if (sql.all("SELECT 1 FROM outbox WHERE key = ?", key).length > 0) continue;
    sql.all(
      "INSERT INTO outbox (key, channel, alarm, at, attempts, notice) VALUES (?, ?, ?, ?, 0, ?)",
      key,
      channel,
      alarm,
      at,
      JSON.stringify(notice),
    );
  }
  if (entries.length > 0)
    sql.all(
      "DELETE FROM outbox WHERE id NOT IN (SELECT id FROM outbox ORDER BY id DESC LIMIT ?)",
      OUTBOX_MAX + DEAD_MAX,
    );
}

/** Every method throws where the storage cannot be used; those that change something belong into `Sql.transaction`. */
export interface OutboxShelf {
  /** What a channel is to be told next; null: nothing waits. */
  next(channel: string): WaitingEntry | null;
  /** True: the message that the same incident began was given up. */
  isOrphan(entry: WaitingEntry): boolean;
  /** How much waits by channel, and since when. Reads all of the outbox. */
  waiting(): Waiting;
  /** The id of the newest message, by one row; 0: there is none. Messages are added by rounds, too, and then it grows. */
  newest(): number;
  /** The oldest first, 200 at most. */
  readWaiting(): readonly WaitingEntry[];
  /** The latest first. */
  readDead(): readonly DeadLetter[];
  add(entries: readonly OutboxEntry[]): void;
  /** It was delivered. */
  remove(id: number): void;
  retryLater(id: number): void;
  /** Where it says that an alarm began, with all that waits of the alarm for this channel. Gives how many. */
  bury(entry: WaitingEntry, detail: string, at: Instant): number;
  /** Dead letters wait again, as if they were new. Gives how many. */
  revive(at: Instant): number;
  /** What belongs to channels that are no more. */
  forget(channels: readonly string[]): void;
  readRecords(): Readonly<Record<string, ChannelRecord>>;
  keepRecord(channel: string, record: ChannelRecord): void;
}

export function makeOutboxShelf(sql: Sql): OutboxShelf {
  prepareOutbox(sql);
  forgetUnreadable(sql);
  return {
    next: (channel) => {
      const [row] = sql.all("SELECT * FROM outbox WHERE channel = ? AND deadAt IS NULL ORDER BY id LIMIT 1", channel);
      return row === undefined ? null : entryIn(row);
    },
    isOrphan: ({ id, channel, alarm }) =>
      alarm !== null &&
      sql
        .all(
          "SELECT * FROM outbox WHERE channel = ? AND alarm = ? AND id < ? AND deadAt IS NOT NULL ORDER BY id",
          channel,
          alarm,
          id,
        )
        .some((row) => isOpening(entryIn(row))),
    waiting: () =>
      Object.fromEntries(
        sql
          .all(
            "SELECT channel, COUNT(*) AS count, MIN(at) AS since FROM outbox WHERE deadAt IS NULL GROUP BY channel ORDER BY channel",
          )
          .map((row) => [String(row["channel"]), { count: Number(row["count"]), since: Number(row["since"]) }]),
      ),
    newest: () => Number(sql.all("SELECT MAX(id) AS id FROM outbox")[0]?.["id"] ?? 0),
    readWaiting: () => sql.all("SELECT * FROM outbox WHERE deadAt IS NULL ORDER BY id LIMIT ?", SHOWN_MAX).map(entryIn),
    readDead: () => sql.all("SELECT * FROM outbox WHERE deadAt IS NOT NULL ORDER BY deadAt DESC, id DESC").map(deadIn),
    add: (entries) => addToOutbox(sql, entries),
    remove: (id) => void sql.all("DELETE FROM outbox WHERE id = ?", id),
    retryLater: (id) => void sql.all("UPDATE outbox SET attempts = attempts + 1 WHERE id = ?", id),
    bury: (entry, detail, at) => bury(sql, entry, detail, at),
    revive: (at) => {
      const [row] = sql.all("SELECT COUNT(*) AS count FROM outbox WHERE deadAt IS NOT NULL");
      sql.all("UPDATE outbox SET deadAt = NULL, detail = NULL, attempts = 0, at = ? WHERE deadAt IS NOT NULL", at);
      return Number(row?.["count"] ?? 0);
    },
    forget: (channels) => {
      for (const channel of channels) {
        sql.all("DELETE FROM outbox WHERE channel = ?", channel);
        sql.all("DELETE FROM channels WHERE name = ?", channel);
      }
    },
    readRecords: () => Object.fromEntries(sql.all("SELECT name, json FROM channels ORDER BY name").flatMap(recordIn)),
    keepRecord: (channel, record) =>
      void sql.all(
        "INSERT INTO channels (name, json) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET json = ?2",
        channel,
        JSON.stringify(record),
      ),
  };
}

function bury(sql: Sql, entry: WaitingEntry, detail: string, at: Instant): number {
  const { id, channel, alarm } = entry;
  const kin = isOpening(entry)
    ? sql.all(
        "SELECT id FROM outbox WHERE channel = ? AND alarm = ? AND id > ? AND deadAt IS NULL ORDER BY id",
        channel,
        alarm,
        id,
      )
    : [];
  sql.all("UPDATE outbox SET deadAt = ?, detail = ? WHERE id = ?", at, detail, id);
  for (const row of kin)
    sql.all("UPDATE outbox SET deadAt = ?, detail = ? WHERE id = ?", at, ORPHANED, Number(row["id"]));
  sql.all(
    "DELETE FROM outbox WHERE deadAt IS NOT NULL AND id NOT IN (SELECT id FROM outbox WHERE deadAt IS NOT NULL ORDER BY deadAt DESC, id DESC LIMIT ?)",
    DEAD_MAX,
  );
  return 1 + kin.length;
}

/** A reminder that was given up keeps nobody from hearing the end. */
function isOpening({ notice }: OutboxEntry): boolean {
  return notice.kind === "incident" && notice.event === "opened";
}

function entryIn(row: SqlRow): WaitingEntry {
  const { id, key, channel, alarm, at, attempts, notice } = row;
  return {
    id: Number(id),
    key: String(key),
    channel: String(channel),
    alarm: typeof alarm === "string" ? alarm : null,
    at: Number(at),
    attempts: Number(attempts),
    notice: z.parse(NOTICE, jsonIn(notice)),
  };
}

function deadIn(row: SqlRow): DeadLetter {
  return { ...entryIn(row), deadAt: Number(row["deadAt"]), detail: String(row["detail"]) };
}

/** What another version wrote and this one cannot read is no message. */
function forgetUnreadable(sql: Sql): void {
  for (const { id, notice } of sql.all("SELECT id, notice FROM outbox ORDER BY id"))
    if (!z.safeParse(NOTICE, jsonIn(notice)).success) sql.all("DELETE FROM outbox WHERE id = ?", Number(id));
}

/** Undefined: no JSON. */
function jsonIn(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}

function recordIn(row: SqlRow): readonly (readonly [string, ChannelRecord])[] {
  const parsed = z.safeParse(RECORD, jsonIn(row["json"]));
  return parsed.success ? [[String(row["name"]), parsed.data]] : [];
}
