// What is made of looks: opinions of vantages, their health book, and what Route 53's own checkers said.
import type { Opinion } from "../policy/health-check.ts";
import type { Instant } from "../time.ts";

/** What one vantage holds of one region: an opinion by Route 53's rules and one by ours. */
export interface VantageHealth {
  readonly colo: string;
  readonly route53: Opinion;
  readonly user: Opinion;
  readonly lastAt: Instant;
  /** The latest look that cast a vote of each kind; null: none did. An opinion is as fresh as its latest vote. */
  readonly route53At: Instant | null;
  readonly userAt: Instant | null;
}

/** Opinions of all vantages on one region, and since when they stand as they do. */
export interface RegionHealth {
  /** By vantage id. */
  readonly vantages: Readonly<Record<string, VantageHealth>>;
  /** The latest instant at which what the vantages see, taken together, changed by Route 53's rules; null before the first look. */
  readonly changedAt: Instant | null;
  /** Since when `route53View` and `userView` have their present values; null while unknown. */
  readonly route53Since: Instant | null;
  readonly userSince: Instant | null;
}

/** By region id. */
export type HealthBook = Readonly<Record<string, RegionHealth>>;

/** What Route 53's own checkers said of one health check, each of its latest look: no vote of ours. */
export interface CheckerCount {
  readonly healthy: number;
  readonly total: number;
  /** When we read it. */
  readonly at: Instant;
}
