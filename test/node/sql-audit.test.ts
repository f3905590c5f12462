// What was changed, as it is kept: in Node here; the Durable Object runs the same statements.
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { sqlOf } from "../../monitor/node/store.ts";
import { makeAuditShelf } from "../../monitor/wire/sql-audit.ts";

test("entries come the latest first, and the oldest make room", () => {
  const shelf = makeAuditShelf(sqlOf(new DatabaseSync(":memory:")), 2);
  for (const n of [1, 2, 3]) shelf.note("drill.start", `drill-${n}`, `number ${n}`, n * 1000);
  expect(shelf.read()).toEqual([
    { at: "1970-01-01T00:00:03.000Z", action: "drill.start", subject: "drill-3", detail: "number 3" },
    { at: "1970-01-01T00:00:02.000Z", action: "drill.start", subject: "drill-2", detail: "number 2" },
  ]);
});

test("a detail is bounded", () => {
  const shelf = makeAuditShelf(sqlOf(new DatabaseSync(":memory:")));
  shelf.note("a", "b", "x".repeat(10_000), 0);
  expect(shelf.read()[0]?.detail).toHaveLength(500);
});

test("a change that is undone leaves no entry", () => {
  const sql = sqlOf(new DatabaseSync(":memory:"));
  const shelf = makeAuditShelf(sql);
  expect(() =>
    sql.transaction(() => {
      shelf.note("a", "b", "c", 0);
      throw new Error("undone");
    }),
  ).toThrow("undone");
  expect(shelf.read()).toEqual([]);
});
