import * as z from "zod/mini";
import { describe, expect, test } from "vitest";
import {
  acceptMaintenance,
  endMaintenance,
  isRemembered,
  MAINTENANCE_ORDER,
  type MaintenanceOrder,
  WINDOWS_MAX,
} from "../../../monitor/maintenance/order.ts";
import type { MaintenanceWindow } from "../../../monitor/model/planned.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, toIso } from "../../../monitor/time.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";

/** A Saturday. */
const NOW = Date.UTC(2026, 10, 28, 12);
const ORDER: MaintenanceOrder = {
  id: "m1",
  title: "new kernel",
  regions: [GCP.id, AWS.id],
  until: toIso(NOW + HOUR_MS),
  by: "anna",
};
const WINDOW: MaintenanceWindow = {
  id: "m1",
  title: "new kernel",
  regions: [AWS.id, GCP.id],
  from: NOW,
  until: NOW + HOUR_MS,
  by: "anna",
  kind: "once",
};
const RECURRING: Topology = {
  ...EXAMPLE,
  maintenance: [
    { name: "patches", weekdays: ["sat"], start: "11:30", durationMinutes: 60, timeZone: "UTC" },
    { name: "later", weekdays: ["sun"], start: "11:30", durationMinutes: 60, timeZone: "UTC" },
  ],
};

const accept = (part: Partial<MaintenanceOrder>, held: readonly MaintenanceWindow[] = [], at = NOW) =>
  acceptMaintenance(EXAMPLE, { ...ORDER, ...part }, held, at);

test("an order becomes a window that begins now, with its regions in the topology's order", () => {
  expect(accept({})).toEqual({ kind: "scheduled", window: WINDOW });
  expect(accept({ from: toIso(NOW - MINUTE_MS) })).toEqual({ kind: "scheduled", window: WINDOW });
  expect(accept({ from: toIso(NOW + 1), regions: [] })).toEqual({
    kind: "scheduled",
    window: { ...WINDOW, regions: [], from: NOW + 1 },
  });
});

test("an order for the longest time is taken by a monitor whose clock is a little behind, and stays as long as it was meant", () => {
  const longest = { until: toIso(NOW + 7 * DAY_MS) };
  for (const behindMs of [1, 40, MINUTE_MS])
    expect(accept(longest, [], NOW - behindMs)).toMatchObject({
      kind: "scheduled",
      window: { until: NOW + 7 * DAY_MS },
    });
  expect(accept(longest, [], NOW - MINUTE_MS - 1).kind).toBe("refused");
  // Both ends are given, so no clock takes part in the length.
  const given = { from: toIso(NOW + HOUR_MS), until: toIso(NOW + HOUR_MS + 7 * DAY_MS) };
  expect(accept(given, [], NOW - MINUTE_MS).kind).toBe("scheduled");
  expect(accept({ ...given, until: toIso(NOW + HOUR_MS + 7 * DAY_MS + 1) }).kind).toBe("refused");
});

test("the same order twice is one window, another of its id is refused, and windows may overlap", () => {
  expect(accept({}, [WINDOW], NOW + MINUTE_MS)).toEqual({ kind: "known", window: WINDOW });
  const planned = { ...WINDOW, from: NOW + HOUR_MS / 2 };
  const half = { from: toIso(planned.from) };
  expect(accept(half, [planned], NOW + HOUR_MS - 1)).toEqual({ kind: "known", window: planned });
  expect(accept({ title: "another" }, [WINDOW])).toEqual({ kind: "taken", window: WINDOW });
  expect(accept({ until: toIso(NOW + HOUR_MS + 1) }, [WINDOW])).toEqual({ kind: "taken", window: WINDOW });
  expect(accept({ id: "m2" }, [WINDOW]).kind).toBe("scheduled");
  const calledOff = { ...WINDOW, from: NOW + 1, until: NOW + 1 };
  expect(accept({}, [calledOff])).toEqual({ kind: "scheduled", window: WINDOW });
  expect(accept({}, [{ ...calledOff, kind: "recurring" }]).kind).toBe("taken");
});

test(`at most ${WINDOWS_MAX} are ahead; those that are over do not count`, () => {
  const many = Array.from({ length: WINDOWS_MAX }, (_, index) => ({ ...WINDOW, id: `w${index}` }));
  expect(accept({}, many).kind).toBe("full");
  expect(accept({}, many.with(0, { ...WINDOW, id: "w0", until: NOW })).kind).toBe("scheduled");
});

describe("is refused", () => {
  test.each<[string, Partial<MaintenanceOrder>, string]>([
    [
      "a region that is not there",
      { regions: [AWS.id, "mars"] },
      'regions[1]: expected one of aws-us-east-1, gcp-europe-west1, found "mars"',
    ],
    [
      "a window in the past",
      { from: toIso(NOW - 2 * HOUR_MS), until: toIso(NOW - HOUR_MS) },
      "from: expected a time in the next 366 d, and it is 2026-11-28T12:00:00.000Z, found 2026-11-28T10:00:00.000Z; until: expected a time after now, 2026-11-28T12:00:00.000Z, at most 7 d after its beginning, found 2026-11-28T11:00:00.000Z",
    ],
    [
      "an end that is its beginning",
      { from: toIso(NOW + HOUR_MS) },
      "until: expected a time after its beginning, at most 7 d after its beginning, found 2026-11-28T13:00:00.000Z",
    ],
    [
      "one that is too long",
      { until: toIso(NOW + 7 * DAY_MS + MINUTE_MS + 1) },
      "until: expected a time after now, 2026-11-28T12:00:00.000Z, at most 7 d after its beginning, found 2026-12-05T12:01:00.001Z",
    ],
    [
      "one that is too far away",
      { from: "9999-01-01T00:00:00Z", until: "9999-01-01T01:00:00Z" },
      "from: expected a time in the next 366 d, and it is 2026-11-28T12:00:00.000Z, found 9999-01-01T00:00:00Z",
    ],
  ])("%s", (_what, part, want) => {
    const answer = accept(part);
    const problems = answer.kind === "refused" ? answer.problems : [];
    expect(problems.map(({ path, message }) => `${path}: ${message}`).join("; ")).toBe(want);
  });

  test.each([
    ["no title", { title: " " }],
    ["a title of two lines", { title: "a\nb" }],
    ["an id with a colon", { id: "a:b" }],
    ["a time without a zone", { until: "2026-11-28T13:00:00" }],
    ["a key that nobody knows", { force: true }],
    ["too many regions", { regions: Array.from({ length: 101 }, (_, index) => `r${index}`) }],
  ])("a body with %s", (_what, part) => {
    expect(z.safeParse(MAINTENANCE_ORDER, ORDER).success).toBe(true);
    expect(z.safeParse(MAINTENANCE_ORDER, { ...ORDER, ...part }).success).toBe(false);
  });
});

describe("the end", () => {
  const end = (id: string, held: readonly MaintenanceWindow[], at = NOW) => endMaintenance(RECURRING, id, held, at);

  test("of one under way is now, of one ahead is its beginning, and of one that is over is what it was", () => {
    expect(end("m1", [WINDOW], NOW + 1)).toEqual({ kind: "ended", window: { ...WINDOW, until: NOW + 1 } });
    expect(end("m1", [WINDOW], NOW - 1)).toEqual({ kind: "cancelled", window: { ...WINDOW, until: NOW } });
    expect(end("m1", [WINDOW], WINDOW.until)).toEqual({ kind: "over", window: WINDOW });
    expect(end("m2", [WINDOW])).toEqual({ kind: "unknown" });
  });

  test("of what recurs is remembered until it would have ended, so that it does not come back", () => {
    const ended = end("patches.20261128T1130Z", []);
    if (ended.kind !== "ended") throw new Error(ended.kind);
    expect(ended.window).toMatchObject({ kind: "recurring", until: NOW });
    expect(isRemembered(ended.window, NOW + HOUR_MS / 2)).toBe(true);
    expect(end("patches.20261128T1130Z", [ended.window], NOW + 1).kind).toBe("over");
    const skipped = end("later.20261129T1130Z", []);
    if (skipped.kind !== "cancelled") throw new Error(skipped.kind);
    expect(isRemembered(skipped.window, skipped.window.from + HOUR_MS)).toBe(true);
    expect(isRemembered(skipped.window, skipped.window.from + DAY_MS)).toBe(false);
  });

  test("frees an id of a window that recurs for nobody", () => {
    const order = { ...ORDER, id: "later.20261129T1130Z" };
    expect(acceptMaintenance(RECURRING, order, [], NOW).kind).toBe("taken");
  });
});
