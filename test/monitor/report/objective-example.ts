// A month of rounds with something for every kind of objective: one that holds, one that burns, one that is overdrawn by a drill,
// one in slices, and one of which nothing is known yet.
import type { ObjectiveBook, ObjectiveCounts } from "../../../monitor/model/counts.ts";
import { countingKey, countingOf } from "../../../monitor/objective/counting.ts";
import { addCounts, NO_SERIES } from "../../../monitor/objective/series.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../monitor/time.ts";
import type { Objective } from "../../../monitor/topology/topology.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import { AWS, GCP } from "../../support/example-topology.ts";
import { AVAILABILITY, counts, promising } from "../objective/rounds.ts";

export const PROMISING = promising(
  {},
  { name: "fast", indicator: "latency", thresholdMs: 300, target: 0.95, windowDays: 7 },
  { name: "primary", region: AWS.id, target: 0.9995, windowDays: 90 },
  { name: "slices", method: "timeslices", timeSliceTarget: 0.9, timeSliceMinutes: 5, target: 0.99, windowDays: 30 },
  { name: "young", region: GCP.id, target: 0.99 },
);

export const NOW = Date.UTC(2026, 10, 22, 12, 30);

interface Stretch {
  readonly hours: number;
  readonly each: Partial<ObjectiveCounts>;
}

/** Minute by minute, the last stretch until now. */
function past(objective: Objective, stretches: readonly Stretch[]): ObjectiveBook {
  let at = NOW - stretches.reduce((sum, { hours }) => sum + hours, 0) * HOUR_MS;
  const since = at;
  const looks = stretches.flatMap(({ hours, each }) =>
    Array.from({ length: hours * 60 }, () => {
      at += MINUTE_MS;
      return { at: at - MINUTE_MS, counts: counts(each) };
    }),
  );
  const series = addCounts(NO_SERIES, looks, objective.windowDays);
  return { [countingKey(countingOf(objective))]: { since, series, slice: null } };
}

const MONTH_HOURS = (31 * DAY_MS) / HOUR_MS;

export const BOOK: ObjectiveBook = (() => {
  const [availability = AVAILABILITY, fast = AVAILABILITY, primary = AVAILABILITY, slices = AVAILABILITY] =
    PROMISING.objectives;
  return {
    ...past(availability, [
      { hours: MONTH_HOURS - 48, each: { good: 6 } },
      { hours: 1, each: { good: 3, bad: 3 } },
      { hours: 3, each: { unknown: 6 } },
      { hours: 44, each: { good: 6 } },
    ]),
    ...past(fast, [
      { hours: 100, each: { good: 99, bad: 1 } },
      { hours: 2, each: { good: 10, bad: 90 } },
    ]),
    ...past(primary, [
      { hours: 600, each: { good: 6 } },
      { hours: 2, each: { excused: 6 } },
      { hours: 2, each: { bad: 6, planned: 6 } },
      { hours: 20, each: { good: 6 } },
    ]),
    ...past(slices, [
      { hours: MONTH_HOURS - 4, each: { good: 1 } },
      { hours: 4, each: { good: 1 } },
    ]),
  };
})();

export const STATUS = makeStatus(
  PROMISING,
  { ...EMPTY_STATE, objectives: BOOK, lastSlot: NOW, lastRoundAt: NOW, rounds: 1 },
  NOW,
);
