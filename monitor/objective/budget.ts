// What is left of an objective's error budget, how fast it goes, and how long it lasts: Google's SRE Workbook, "Alerting on
// SLOs", over what was measured. Time that nobody measured adds nothing to either side.
import type { ObjectiveCount, ObjectiveCounts } from "../model/counts.ts";
import { DAY_MS, HOUR_MS, type Instant, MINUTE_MS } from "../time.ts";
import type { Objective, URGENCIES } from "../topology/topology.ts";
import { NO_COUNTS } from "./looks.ts";
import { beginOf, countsIn, NO_SERIES } from "./series.ts";

export const BURN_WINDOWS = ["5m", "30m", "1h", "2h", "6h", "1d", "3d"] as const;
export type BurnWindow = (typeof BURN_WINDOWS)[number];

export const BURN_WINDOW_MS: Readonly<Record<BurnWindow, number>> = {
  "5m": 5 * MINUTE_MS,
  "30m": 30 * MINUTE_MS,
  "1h": HOUR_MS,
  "2h": 2 * HOUR_MS,
  "6h": 6 * HOUR_MS,
  "1d": DAY_MS,
  "3d": 3 * DAY_MS,
};

export type Urgency = (typeof URGENCIES)[number];

/** Both windows must burn faster: the long one so that it matters, the short one so that it still goes on. Of 30 days: 2 % in an hour, 5 % in six, 10 % in a day and in three. */
export const BURN_RULES: readonly {
  readonly urgency: Urgency;
  readonly rate: number;
  readonly long: BurnWindow;
  readonly short: BurnWindow;
}[] = [
  { urgency: "page", rate: 14.4, long: "1h", short: "5m" },
  { urgency: "page", rate: 6, long: "6h", short: "30m" },
  { urgency: "ticket", rate: 3, long: "1d", short: "2h" },
  { urgency: "ticket", rate: 1, long: "3d", short: "6h" },
];

/** 1: just what the target allows. Null: nothing was measured. */
export type BurnRates = Readonly<Record<BurnWindow, number | null>>;

export interface Budget {
  /** Where the window begins, and the first round that was counted; null: none was. */
  readonly from: Instant;
  readonly since: Instant | null;
  readonly counts: ObjectiveCounts;
  /** Good ones of those that were measured, 0 to 1. Null: nothing was measured. */
  readonly achieved: number | null;
  /** 1: untouched; 0: spent; below: overdrawn. Null: nothing was measured. */
  readonly left: number | null;
  readonly burnRates: BurnRates;
  /** The most urgent rule that is met; null: none is. */
  readonly burning: Urgency | null;
  /** When it will be spent at the earliest if it goes on as in the last hour; null: it will not, it is, or nobody knows. */
  readonly exhaustedAt: Instant | null;
}

const NOTHING: ObjectiveCount = { since: 0, series: NO_SERIES, slice: null };

/** `counted` is null where no round was counted yet; what is behind `at` is left out. */
export function budgetOf(objective: Objective, counted: ObjectiveCount | null, at: Instant): Budget {
  const windowMs = objective.windowDays * DAY_MS;
  const { series, since } = counted ?? NOTHING;
  const { width, from } = beginOf(windowMs, at);
  const counts = counted === null ? NO_COUNTS : countsIn(series, width, from, at + 1);
  const allowed = allowedShare(objective);
  const burnRates = burnRatesOf(counted ?? NOTHING, allowed, at);
  const spent = burnRate(counts, allowed);
  const left = spent === null ? null : 1 - spent;
  const knownMs = Math.min(windowMs, Math.max(0, at - since)) * measuredShare(counts);
  return {
    from,
    since: counted === null ? null : since,
    counts,
    achieved: shareOfGood(counts),
    left,
    burnRates,
    burning:
      BURN_RULES.find(({ rate, long, short }) => exceeds(burnRates, long, rate) && exceeds(burnRates, short, rate))
        ?.urgency ?? null,
    exhaustedAt: exhaustedAt(left, burnRates["1h"], knownMs, at),
  };
}

/** As decimals have it: 1 - 0.999 is not 0.001 in binary, and a budget that is just spent must not seem to have something left. */
export function allowedShare({ target }: Objective): number {
  const share = Number((1 - target).toFixed(12));
  return share > 0 ? share : 1 - target;
}

function measuredShare({ good, bad, unknown, excused }: ObjectiveCounts): number {
  const all = good + bad + unknown + excused;
  return all === 0 ? 0 : (good + bad) / all;
}

function shareOfGood({ good, bad }: ObjectiveCounts): number | null {
  return good + bad === 0 ? null : good / (good + bad);
}

/** Bad ones as a multiple of those that are allowed: the budget is spent at 1. */
export function burnRate({ good, bad }: ObjectiveCounts, allowed: number): number | null {
  return good + bad === 0 ? null : bad / ((good + bad) * allowed);
}

function burnRatesOf({ series }: ObjectiveCount, allowed: number, at: Instant): BurnRates {
  const over = (window: BurnWindow): number | null => {
    const { width, from } = beginOf(BURN_WINDOW_MS[window], at);
    return burnRate(countsIn(series, width, from, at + 1), allowed);
  };
  return {
    "5m": over("5m"),
    "30m": over("30m"),
    "1h": over("1h"),
    "2h": over("2h"),
    "6h": over("6h"),
    "1d": over("1d"),
    "3d": over("3d"),
  };
}

function exceeds(rates: BurnRates, window: BurnWindow, rate: number): boolean {
  return (rates[window] ?? 0) > rate;
}

/**
 * What is left lasts at least so long, whether the window is full (then old harm leaves it meanwhile) or not (then the budget
 * grows). At a rate of 1 or less it is never spent.
 */
function exhaustedAt(left: number | null, rate: number | null, knownMs: number, at: Instant): Instant | null {
  if (left === null || left <= 0 || rate === null || rate <= 1) return null;
  return at + Math.floor((left * knownMs) / rate);
}
