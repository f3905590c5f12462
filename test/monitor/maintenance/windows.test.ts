import { describe, expect, test } from "vitest";
import { activeWindows, occurrencesOf, regionsUnder, windowsBetween } from "../../../monitor/maintenance/windows.ts";
import type { MaintenanceWindow } from "../../../monitor/model/planned.ts";
import { DAY_MS, HOUR_MS, parseIso, toIso } from "../../../monitor/time.ts";
import type { RecurringMaintenance, Topology } from "../../../monitor/topology/topology.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";

const at = (iso: string): number => parseIso(iso) ?? 0;

const NIGHTLY: RecurringMaintenance = {
  name: "patches",
  regions: [AWS.id],
  weekdays: ["sun"],
  start: "02:30",
  durationMinutes: 120,
  timeZone: "Europe/Brussels",
};

const spans = (windows: readonly MaintenanceWindow[]): readonly string[] =>
  windows.map(({ id, from, until }) => `${id} ${toIso(from).slice(0, 16)} ${toIso(until).slice(0, 16)}`);

describe("what recurs", () => {
  test("comes every week at the wall's time, and lasts as long where clocks change", () => {
    expect(spans(occurrencesOf(NIGHTLY, at("2026-03-20T00:00:00Z"), at("2026-04-06T00:00:00Z")))).toEqual([
      "patches.20260322T0130Z 2026-03-22T01:30 2026-03-22T03:30",
      // 02:30 is skipped there that night.
      "patches.20260329T0130Z 2026-03-29T01:30 2026-03-29T03:30",
      "patches.20260405T0030Z 2026-04-05T00:30 2026-04-05T02:30",
    ]);
    expect(spans(occurrencesOf(NIGHTLY, at("2026-10-24T00:00:00Z"), at("2026-11-02T00:00:00Z")))).toEqual([
      // 02:30 comes twice that night: it is the first one, and two hours on the wall say 03:30.
      "patches.20261025T0030Z 2026-10-25T00:30 2026-10-25T02:30",
      "patches.20261101T0130Z 2026-11-01T01:30 2026-11-01T03:30",
    ]);
  });

  test("is in force from its first instant, and not at its last", () => {
    const topology: Topology = { ...EXAMPLE, maintenance: [NIGHTLY] };
    const ids = (iso: string) => activeWindows(topology, [], at(iso)).map(({ id }) => id);
    expect(ids("2026-11-01T01:29:59.999Z")).toEqual([]);
    expect(ids("2026-11-01T01:30:00Z")).toEqual(["patches.20261101T0130Z"]);
    expect(ids("2026-11-01T03:29:59.999Z")).toEqual(["patches.20261101T0130Z"]);
    expect(ids("2026-11-01T03:30:00Z")).toEqual([]);
  });

  test("is found wherever the wall is, also across midnight", () => {
    const rule = { ...NIGHTLY, start: "23:30", durationMinutes: 1440, timeZone: "Pacific/Kiritimati" };
    expect(spans(occurrencesOf(rule, at("2026-11-02T09:29:00Z"), at("2026-11-02T09:29:01Z")))).toEqual([
      "patches.20261101T0930Z 2026-11-01T09:30 2026-11-02T09:30",
    ]);
  });

  test("gives way to what was ordered under its id: so it ends early, or does not begin", () => {
    const topology: Topology = { ...EXAMPLE, maintenance: [NIGHTLY] };
    const [window] = occurrencesOf(NIGHTLY, at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z"));
    if (window === undefined) throw new Error("there is one");
    const cut = { ...window, until: window.from + HOUR_MS };
    const skipped = { ...window, until: window.from };
    const all = (ordered: readonly MaintenanceWindow[]) =>
      spans(windowsBetween(topology, ordered, at("2026-11-01T00:00:00Z"), at("2026-11-02T00:00:00Z")));
    expect(all([cut])).toEqual(["patches.20261101T0130Z 2026-11-01T01:30 2026-11-01T02:30"]);
    expect(all([skipped])).toEqual([]);
  });
});

test("of windows that overlap, a region is in the one that holds longest", () => {
  const base = { title: "t", by: null, kind: "once" as const, from: 0 };
  const windows: readonly MaintenanceWindow[] = [
    { ...base, id: "short", regions: [AWS.id, GCP.id], until: HOUR_MS },
    { ...base, id: "long", regions: [AWS.id], until: DAY_MS },
  ];
  const under = regionsUnder(EXAMPLE, windows);
  expect([...under].map(([region, { id }]) => [region, id])).toEqual([
    [AWS.id, "long"],
    [GCP.id, "short"],
  ]);
  expect([...regionsUnder(EXAMPLE, [{ ...base, id: "all", regions: [], until: 1 }]).keys()]).toEqual([AWS.id, GCP.id]);
  expect(regionsUnder(EXAMPLE, [{ ...base, id: "gone", regions: ["gone"], until: 1 }]).size).toBe(0);
  expect(under.get("constructor")).toBeUndefined();
});
