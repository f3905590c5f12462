import { describe, expect, test } from "vitest";
import { addCounts, NO_SERIES, stepsKept } from "../../../monitor/objective/series.ts";
import { MINUTE_MS } from "../../../monitor/time.ts";
import { objectiveBytes } from "../../../monitor/topology/objective-size.ts";
import { stateBytes } from "../../../monitor/topology/state-size.ts";
import type { Objective } from "../../../monitor/topology/topology.ts";
import { topologyText } from "../../bench/topologies.ts";
import { problemLines, topologyOf } from "../../support/topology-text.ts";
import { AVAILABILITY } from "../objective/rounds.ts";

/** Every step full of looks of every kind. */
function heaviestCount(objective: Objective, looksAMinute: number): unknown {
  const { windowDays } = objective;
  const each = Math.floor(looksAMinute / 4);
  const counts = { good: each, bad: each, unknown: each, excused: each, planned: each };
  const looks = Array.from({ length: Math.max(windowDays, 7) * 24 * 60 + 61 }, (_, minute) => ({
    at: minute * MINUTE_MS,
    counts,
  }));
  const series = addCounts(NO_SERIES, looks, windowDays);
  const slice = { from: 1_767_225_600_000, looks: counts };
  return { [`region ${"r".repeat(63)} within 60000 ms, 60 m at 0.99999`]: { since: slice.from, series, slice } };
}

describe("the bound on what is counted of an objective is above its heaviest, and not far above", () => {
  const windows = [1, 7, 30, 31, 32, 366];
  const sizes = [
    { regions: 2, vantages: 5 },
    { regions: 40, vantages: 24 },
  ];
  test.each(windows.flatMap((windowDays) => sizes.map((size) => ({ windowDays, ...size }))))(
    "$windowDays days, $regions regions × $vantages vantages",
    ({ windowDays, regions, vantages }) => {
      const objective = { ...AVAILABILITY, windowDays };
      const topology = { ...topologyOf(topologyText({ regions, vantages })), objectives: [objective] };
      const bytes = JSON.stringify(heaviestCount(objective, 6 * vantages * (regions + 1))).length;
      expect(bytes).toBeLessThanOrEqual(objectiveBytes(topology, vantages));
      expect(objectiveBytes(topology, vantages)).toBeLessThan(1.6 * bytes);
    },
  );
});

test("a year takes no more steps than a month, a week and a year of days", () => {
  expect(stepsKept(366)).toEqual({ minute: 61, fiveMinutes: 73, hour: 7 * 24 + 1, day: 367 });
  expect(stepsKept(30)).toEqual({ minute: 61, fiveMinutes: 73, hour: 30 * 24 + 1, day: 0 });
});

test("objectives are part of what must fit", () => {
  const most = topologyText({ regions: 40, vantages: 24 });
  expect(problemLines(most)).toEqual([]);
  const eight = Array.from({ length: 8 }, (_, at) => `{ name: o${at}, target: 0.999, windowDays: 31 }`);
  const promising = `${most}objectives: [${eight.join(", ")}]\n`;
  expect(problemLines(promising)).toEqual([
    expect.stringMatching(/probe\.vantages: expected at most 20 vantages, because with 40 regions more may not fit/),
  ]);
  const usual = topologyOf(
    `${topologyText({ regions: 2, vantages: 5 })}objectives: [{ name: a, target: 0.999, windowDays: 30 }]\n`,
  );
  expect(stateBytes(usual)).toBeGreaterThan(stateBytes({ ...usual, objectives: [] }));
});
