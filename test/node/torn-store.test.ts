// Every statement of a commit breaks once, in every way: afterwards the round is there whole or not at all, and the store
// goes on.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, test } from "vitest";
import { sqlOf } from "../../monitor/node/store.ts";
import { makeReportShelf } from "../../monitor/wire/sql-reports.ts";
import { makeSqlStore } from "../../monitor/wire/sql-store.ts";
import { openTorn, TEARS, type TornConnection } from "./torn-connection.ts";

const folder = mkdtempSync(join(tmpdir(), "torn-store-test-"));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

function freshFile(): string {
  files += 1;
  return join(folder, `${files}.db`);
}

/** What another process finds in the file. */
function read(file: string, statement: string): readonly Readonly<Record<string, unknown>>[] {
  const database = new DatabaseSync(file);
  const rows = database.prepare(statement).all();
  database.close();
  return rows;
}

function slotsIn(file: string): readonly unknown[] {
  return read(file, "SELECT slot FROM rounds ORDER BY slot").map(({ slot }) => slot);
}

const ROUNDS_MAX = 3;

/** A full ring, so that a commit has all the statements that it can have. */
async function fullRing(connection: TornConnection) {
  const store = makeSqlStore(sqlOf(connection), ROUNDS_MAX);
  for (const slot of [1, 2, 3]) await store.commitRound(slot, `row ${slot}`, `state ${slot}`);
  return store;
}

async function statementsOfACommit(): Promise<readonly string[]> {
  const connection = openTorn(freshFile());
  const store = await fullRing(connection);
  connection.arm(null, TEARS[0]);
  await store.commitRound(4, "row 4", "state 4");
  connection.close();
  return connection.statements;
}

const statements = (await statementsOfACommit()).map((statement, index) => ({ n: index + 1, statement }));

test("a commit looks, inserts, counts, deletes and writes the state in one transaction", () => {
  expect(statements.map(({ statement }) => statement.split(" ")[0])).toEqual([
    "BEGIN",
    "SELECT",
    "INSERT",
    "SELECT",
    "DELETE",
    "INSERT",
    "COMMIT",
  ]);
});

describe.each(TEARS.map((tear) => ({ tear })))("a statement of a commit that breaks $tear", ({ tear }) => {
  test.each(statements)("$n: $statement", async ({ n }) => {
    const file = freshFile();
    const connection = openTorn(file);
    const store = await fullRing(connection);
    connection.arm(n, tear);
    expect(await store.commitRound(4, "row 4", "state 4")).toEqual({ kind: "failed", detail: "torn" });
    const stored = tear === "after it was done" && n === statements.length;
    const kept = stored ? [2, 3, 4] : [1, 2, 3];
    expect(await store.readState()).toEqual({ kind: "done", value: `state ${kept.at(-1)}` });
    expect(slotsIn(file)).toEqual(kept);
    expect(read(file, "SELECT json, rounds FROM state")).toMatchObject([{ json: `state ${kept.at(-1)}`, rounds: 3 }]);
    connection.arm(null, tear);
    expect(await store.commitRound(4, "row 4", "state 4")).toEqual({ kind: "done", value: !stored });
    expect(await store.commitRound(5, "row 5", "state 5")).toEqual({ kind: "done", value: true });
    expect(slotsIn(file)).toEqual([3, 4, 5]);
    expect(read(file, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    connection.close();
  });
});

describe.each(TEARS.map((tear) => ({ tear })))("a statement that keeps a report and breaks $tear", ({ tear }) => {
  test.each([1, 2, 3, 4, 5])("%i", (n) => {
    const file = freshFile();
    const connection = openTorn(file);
    const shelf = makeReportShelf(sqlOf(connection), 1);
    shelf.keep("2026-11-21", "{}");
    connection.arm(n, tear);
    expect(() => shelf.keep("2026-11-22", "{}")).toThrow("torn");
    const stored = tear === "after it was done" && n === 5;
    expect(shelf.days()).toEqual([stored ? "2026-11-22" : "2026-11-21"]);
    connection.arm(null, tear);
    expect(shelf.keep("2026-11-22", "{}")).toBe(!stored);
    expect(read(file, "SELECT day FROM reports")).toEqual([{ day: "2026-11-22" }]);
    connection.close();
  });
});

test("a file whose tables could not all be made is finished by the next start", async () => {
  for (const n of [1, 2, 3, 4, 5, 6, 7]) {
    const file = freshFile();
    const connection = openTorn(file);
    connection.arm(n, TEARS[0]);
    expect(() => makeSqlStore(sqlOf(connection))).toThrow("torn");
    connection.close();
    const again = openTorn(file);
    const store = makeSqlStore(sqlOf(again));
    expect(await store.commitRound(1, "row", "state")).toEqual({ kind: "done", value: true });
    again.close();
  }
});
