import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import type { MaintenanceWindow } from "../../monitor/model/planned.ts";
import { sqlOf } from "../../monitor/node/store.ts";
import { DAY_MS, HOUR_MS, toIso } from "../../monitor/time.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { MaintenanceDesk } from "../../monitor/wire/maintenance-desk.ts";
import { makeAuditShelf } from "../../monitor/wire/sql-audit.ts";
import { makeMaintenanceShelf } from "../../monitor/wire/sql-maintenance.ts";
import { EXAMPLE } from "../support/example-topology.ts";

/** A Saturday. */
const NOW = Date.UTC(2026, 10, 28, 12);
const WEEKLY: Topology = {
  ...EXAMPLE,
  maintenance: [{ name: "patches", weekdays: ["sat"], start: "11:30", durationMinutes: 60, timeZone: "UTC" }],
};
const ORDER = { id: "m1", title: "new kernel", regions: [], until: toIso(NOW + HOUR_MS), by: "anna" };

function open(sql = sqlOf(new DatabaseSync(":memory:"))) {
  const audit = makeAuditShelf(sql);
  return { sql, audit, desk: new MaintenanceDesk(sql, audit) };
}

test("a window outlives the desk that took it, and its end does", () => {
  const { sql, audit, desk } = open();
  expect(desk.schedule(EXAMPLE, ORDER, NOW).kind).toBe("scheduled");
  expect(desk.schedule(EXAMPLE, ORDER, NOW + 1).kind).toBe("known");
  expect(new MaintenanceDesk(sql, audit).standing(NOW).map(({ id }) => id)).toEqual(["m1"]);
  expect(desk.end(EXAMPLE, "m1", NOW + 5).kind).toBe("ended");
  expect(desk.end(EXAMPLE, "m1", NOW + 6).kind).toBe("over");
  expect(new MaintenanceDesk(sql, audit).read(EXAMPLE, NOW + 6)).toMatchObject([{ id: "m1", until: NOW + 5 }]);
  expect(audit.read().map(({ action, subject, detail }) => [action, subject, detail])).toEqual([
    ["maintenance.end", "m1", `${toIso(NOW)} to ${toIso(NOW + 5)} by anna: new kernel: all regions`],
    ["maintenance.schedule", "m1", `${toIso(NOW)} to ${toIso(NOW + HOUR_MS)} by anna: new kernel: all regions`],
  ]);
});

test("to call a window off twice is one change", () => {
  const { audit, desk } = open();
  desk.schedule(EXAMPLE, { ...ORDER, from: toIso(NOW + HOUR_MS / 2) }, NOW);
  expect([desk.end(EXAMPLE, "m1", NOW).kind, desk.end(EXAMPLE, "m1", NOW + 1).kind]).toEqual([
    "cancelled",
    "cancelled",
  ]);
  expect(audit.read().map(({ action }) => action)).toEqual(["maintenance.cancel", "maintenance.schedule"]);
});

test("what recurs is listed, and what was ended early does not come back after a restart", () => {
  const { sql, audit, desk } = open();
  const id = "patches.20261128T1130Z";
  expect(desk.read(WEEKLY, NOW).map((one) => one.id)).toEqual([id, "patches.20261205T1130Z"]);
  expect(desk.end(WEEKLY, id, NOW).kind).toBe("ended");
  const again = new MaintenanceDesk(sql, audit);
  expect(again.read(WEEKLY, NOW + 1)).toMatchObject([{ id, until: NOW }, { id: "patches.20261205T1130Z" }]);
  expect(again.standing(NOW + DAY_MS)).toEqual([]);
});

test("what is refused is neither kept nor noted", () => {
  const { audit, desk } = open();
  expect(desk.schedule(EXAMPLE, { ...ORDER, until: toIso(NOW) }, NOW).kind).toBe("refused");
  expect(desk.end(EXAMPLE, "m1", NOW).kind).toBe("unknown");
  expect([desk.read(EXAMPLE, NOW), audit.read()]).toEqual([[], []]);
});

test("an order far ahead is listed though the days before it are not shown", () => {
  const { desk } = open();
  const from = toIso(NOW + 30 * DAY_MS);
  desk.schedule(EXAMPLE, { ...ORDER, from, until: toIso(NOW + 30 * DAY_MS + HOUR_MS) }, NOW);
  expect(desk.read(EXAMPLE, NOW).map(({ id }) => id)).toEqual(["m1"]);
});

describe("the shelf", () => {
  const window = (id: string, until: number): MaintenanceWindow => ({
    id,
    title: "t",
    regions: [],
    from: 0,
    until,
    by: null,
    kind: "once",
  });

  test("makes room of the one that ended longest ago", () => {
    const shelf = makeMaintenanceShelf(open().sql, 2);
    for (const [id, until] of [
      ["a", 5],
      ["b", 3],
      ["c", 4],
    ] as const)
      shelf.keep(window(id, until));
    expect(shelf.read().map(({ id }) => id)).toEqual(["a", "c"]);
  });

  test("makes room of those that were called off before any that is still to come, but for what would come back", () => {
    const shelf = makeMaintenanceShelf(open().sql, 2);
    shelf.keep(window("tomorrow", 5));
    shelf.keep({ ...window("skipped", 8), from: 8, kind: "recurring" });
    shelf.keep({ ...window("called off", 9), from: 9 });
    expect(shelf.read().map(({ id }) => id)).toEqual(["skipped", "tomorrow"]);
  });

  test("reads past what another version wrote", () => {
    const { sql } = open();
    const shelf = makeMaintenanceShelf(sql);
    shelf.keep(window("a", 5));
    sql.all("INSERT INTO maintenance (id, until, json) VALUES ('x', 9, '{\"version\":9}'), ('y', 9, 'no JSON')");
    expect(shelf.read().map(({ id }) => id)).toEqual(["a"]);
  });
});
