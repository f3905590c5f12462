// The contract of bucket shelves on Node's SQLite, and what a broken statement leaves: the old bucket or the new one, whole.
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { sqlOf } from "../../monitor/node/store.ts";
import { makeBucketShelf } from "../../monitor/wire/sql-buckets.ts";
import { bucketContract } from "../contract/buckets.ts";
import { openTorn, TEARS } from "./torn-connection.ts";

bucketContract(async (work) => {
  const database = new DatabaseSync(":memory:");
  await work((limits) => makeBucketShelf(sqlOf(database), limits));
  database.close();
});

const LIMITS = { keptMax: { hour: 1, day: 1 }, partCharactersMax: 10 };
/** BEGIN, the old one, two parts, the one that leaves, COMMIT. */
const STATEMENTS = [1, 2, 3, 4, 5, 6];

describe.each(TEARS.map((tear) => ({ tear })))("a statement that keeps a bucket and breaks $tear", ({ tear }) => {
  test.each(STATEMENTS)("%i", async (n) => {
    const connection = openTorn(":memory:");
    const shelf = makeBucketShelf(sqlOf(connection), LIMITS);
    await shelf.keepBucket("hour", 1, "what was there");
    connection.arm(n, tear);
    expect(await shelf.keepBucket("hour", 2, "what comes now")).toEqual({ kind: "failed", detail: "torn" });
    const stored = tear === "after it was done" && n === STATEMENTS.length;
    const kept = stored ? { start: 2, text: "what comes now" } : { start: 1, text: "what was there" };
    expect(await shelf.keptBuckets("hour", 0, 9)).toEqual({ kind: "done", value: [kept.start] });
    expect(await shelf.readBucket("hour", kept.start)).toEqual({ kind: "done", value: kept.text });
    connection.arm(null, tear);
    await shelf.keepBucket("hour", 2, "what comes now");
    expect(await shelf.keptBuckets("hour", 0, 9)).toEqual({ kind: "done", value: [2] });
    connection.close();
  });
});
