// How long the counts of objectives may become as stored text: one number for each step of time that is kept, and each kind of
// look. An upper bound, as `state-size.ts` needs it.
import type { Draft } from "./draft.ts";
import type { Objective, Topology } from "./topology.ts";

/** `stepsKept` of `objective/series.ts` (measured: test/monitor/topology/state-size.test.ts). */
const MINUTES = 61;
const FIVE_MINUTES = 73;
const HOURLY_DAYS = { min: 7, max: 31 };
/** `COUNTERS` of `objective/series.ts`. */
const COUNTERS = 5;
/** Names of widths and counters, the slice that is open, what is counted, and a region's id in it. */
const ENTRY_BYTES = 700;
/** A drill may quicken the rounds to this. */
const QUICKEST_SECONDS = 10;

type Sized = Pick<Draft<Topology>, "regions" | "probe" | "objectives">;

/** `vantages` instead of the topology's own number of them. */
export function objectiveBytes({ regions, probe, objectives }: Sized, vantages: number): number {
  const everySeconds = Math.min(probe?.intervalSeconds ?? QUICKEST_SECONDS, QUICKEST_SECONDS);
  // In each round a vantage looks at most at each region, and at one address of nobody's.
  const looksASecond = (vantages * ((regions?.length ?? 0) + 1)) / everySeconds;
  return (objectives ?? []).reduce((sum, one) => sum + ENTRY_BYTES + COUNTERS * stepBytes(one ?? {}, looksASecond), 0);
}

function stepBytes({ windowDays = 0 }: Draft<Objective>, looksASecond: number): number {
  const daily = windowDays > HOURLY_DAYS.max;
  const hourlyDays = daily ? HOURLY_DAYS.min : Math.max(windowDays, HOURLY_DAYS.min);
  const numberBytes = (seconds: number): number => String(Math.ceil(looksASecond * seconds)).length + 1;
  return (
    MINUTES * numberBytes(60) +
    FIVE_MINUTES * numberBytes(300) +
    (hourlyDays * 24 + 1) * numberBytes(3600) +
    (daily ? windowDays + 1 : 0) * numberBytes(86_400)
  );
}
