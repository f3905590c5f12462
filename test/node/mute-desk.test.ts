import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { sqlOf } from "../../monitor/node/store.ts";
import { DAY_MS, HOUR_MS, toIso } from "../../monitor/time.ts";
import { MuteDesk } from "../../monitor/wire/mute-desk.ts";
import { makeAuditShelf } from "../../monitor/wire/sql-audit.ts";
import { makeMuteShelf } from "../../monitor/wire/sql-mutes.ts";
import { EXAMPLE } from "../support/example-topology.ts";

const NOW = Date.UTC(2026, 10, 28, 12);
const ORDER = { id: "q1", subjects: ["dns:*"], until: toIso(NOW + HOUR_MS), reason: "known", by: "anna" };

function open(sql = sqlOf(new DatabaseSync(":memory:"))) {
  const audit = makeAuditShelf(sql);
  return { sql, audit, desk: new MuteDesk(sql, audit) };
}

test("a mute outlives the desk that took it, and its end does", () => {
  const { sql, audit, desk } = open();
  expect(desk.start(EXAMPLE, ORDER, NOW).kind).toBe("muted");
  expect(desk.start(EXAMPLE, ORDER, NOW + 1).kind).toBe("known");
  expect(new MuteDesk(sql, audit).standing(NOW).map(({ id }) => id)).toEqual(["q1"]);
  expect(desk.end("q1", NOW + 5).kind).toBe("ended");
  expect(desk.end("q1", NOW + 6).kind).toBe("over");
  const again = new MuteDesk(sql, audit);
  expect([again.standing(NOW + 6), again.read(NOW + 6)]).toMatchObject([[], [{ id: "q1", until: NOW + 5 }]]);
  expect(again.read(NOW + 5 + DAY_MS)).toEqual([]);
  expect(audit.read().map(({ action, subject, detail }) => [action, subject, detail])).toEqual([
    ["mute.end", "q1", `until ${toIso(NOW + 5)} by anna: known: dns:*`],
    ["mute.start", "q1", `until ${toIso(NOW + HOUR_MS)} by anna: known: dns:*`],
  ]);
});

test("it is over by itself", () => {
  const { desk } = open();
  desk.start(EXAMPLE, ORDER, NOW);
  expect([desk.standing(NOW + HOUR_MS - 1).length, desk.standing(NOW + HOUR_MS).length]).toEqual([1, 0]);
});

test("what is refused is neither kept nor noted", () => {
  const { audit, desk } = open();
  expect(desk.start(EXAMPLE, { ...ORDER, subjects: ["region:mars"] }, NOW).kind).toBe("refused");
  expect(desk.end("q1", NOW).kind).toBe("unknown");
  expect([desk.read(NOW), audit.read()]).toEqual([[], []]);
});

test("the shelf makes room of the one that ended longest ago, and reads past what another version wrote", () => {
  const { sql } = open();
  const shelf = makeMuteShelf(sql, 2);
  const mute = { subjects: ["*"], from: 0, reason: "r", by: null };
  for (const [id, until] of [
    ["a", 5],
    ["b", 3],
    ["c", 4],
  ] as const)
    shelf.keep({ ...mute, id, until });
  sql.all("INSERT INTO mutes (id, until, json) VALUES ('x', 9, '{\"version\":9}'), ('y', 9, 'no JSON')");
  expect(shelf.read().map(({ id }) => id)).toEqual(["a", "c"]);
});
