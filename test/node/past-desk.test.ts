import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { PAST_AGE_MAX_MS, PAST_MAX } from "../../monitor/incident/past.ts";
import type { Incident } from "../../monitor/model/verdict.ts";
import { sqlOf } from "../../monitor/node/store.ts";
import { DAY_MS, toIso } from "../../monitor/time.ts";
import { PastDesk } from "../../monitor/wire/past-desk.ts";

const NOW = Date.UTC(2026, 10, 28, 12);

function over(closedAt: number, subject = "region:a"): Incident {
  return { id: `${toIso(closedAt - 1000)} ${subject}`, subject, openedAt: closedAt - 1000, closedAt, reason: "down" };
}

function open() {
  const sql = sqlOf(new DatabaseSync(":memory:"));
  return { sql, desk: new PastDesk(sql) };
}

test("what is over is told after a restart, each once, the latest first, and no longer than 30 days", () => {
  const { sql, desk } = open();
  desk.file([over(NOW - DAY_MS), over(NOW - 2 * DAY_MS)]);
  // The state remembers them for a day, so the same ones come with every round.
  desk.file([over(NOW), over(NOW - DAY_MS)]);
  const again = new PastDesk(sql);
  expect(again.read(NOW).map(({ closedAt }) => closedAt)).toEqual([NOW, NOW - DAY_MS, NOW - 2 * DAY_MS]);
  expect(again.read(NOW + PAST_AGE_MAX_MS - DAY_MS).map(({ closedAt }) => closedAt)).toEqual([NOW, NOW - DAY_MS]);
  expect(again.read(NOW + PAST_AGE_MAX_MS + 1)).toEqual([]);
});

test("rounds in which nothing ends write no row, also while the shelf is full of later ones", () => {
  const { sql, desk } = open();
  const all = Array.from({ length: PAST_MAX + 3 }, (_, index) => over(NOW - index));
  desk.file(all);
  const changes = () => sql.all("SELECT total_changes() AS n")[0]?.["n"];
  const before = changes();
  desk.file(all);
  expect(changes()).toBe(before);
  expect(desk.read(NOW)).toHaveLength(PAST_MAX);
  expect(desk.read(NOW).at(-1)?.closedAt).toBe(NOW - PAST_MAX + 1);
});

test("what another version wrote is read past", () => {
  const { sql, desk } = open();
  desk.file([over(NOW)]);
  sql.all("INSERT INTO past_incidents (id, closed, json) VALUES ('x', 9, '{\"version\":9}'), ('y', 9, 'no JSON')");
  expect(new PastDesk(sql).read(NOW)).toHaveLength(1);
});
