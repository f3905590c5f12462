// What the router was asked to do, and how it stands.
import type { Instant } from "../time.ts";

/** Somebody's wish that the router sends no new requests to a region. */
export interface Drain {
  /** "maintenance": not even when everything else is down. */
  readonly kind: "drain" | "maintenance";
  readonly since: Instant;
  /** Then it ends by itself. */
  readonly until: Instant;
}

/** By region id. */
export type Drains = Readonly<Record<string, Drain>>;

/** What the router was asked to do, and what its isolates told lately. */
export interface RouterStanding {
  readonly drains: Drains;
  /** Isolates that told something lately. */
  readonly isolates: number;
  /** Of them, those that a region failed a moment ago, by region id; regions that failed none are absent. */
  readonly suspectedBy: Readonly<Record<string, number>>;
  /** By region id: what a reply from there claimed to be instead. */
  readonly mismatches: Readonly<Record<string, { readonly claimed: string; readonly at: Instant }>>;
  /** When a request was last sent somewhere although all regions were down; null: not lately. */
  readonly failedOpenAt: Instant | null;
  /** Since the coordinator last began. */
  readonly requests: number;
  readonly retries: number;
  /** Retries that did not help. */
  readonly vain: number;
  /** By region id: requests that it answered or was named to; absent in states from before it was counted. */
  readonly served?: Readonly<Record<string, number>>;
}
