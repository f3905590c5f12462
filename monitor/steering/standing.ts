// What all isolates of the router together told lately: counts, open breakers, and replies that claimed another region. What an
// isolate told is kept until it tells again or falls silent, so that one with little traffic is heard as well.
import { mergeRecords, sumOf } from "../grouping.ts";
import type { Verdict } from "../model/verdict.ts";
import type { RouterStanding } from "../model/steering.ts";
import { type Instant, SECOND_MS } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { RouterHints } from "./hints.ts";
import { liveDrains } from "./drain.ts";
import type { Drains } from "../model/steering.ts";

/** Isolates that are remembered; the longest silent one makes room. */
export const ISOLATES_MAX = 500;
/** What is this old is not said any more; in rounds, because what is found out is judged there. */
const LATELY_ROUNDS = 10;
const LATELY_MS_MIN = 20 * SECOND_MS;
const LATELY_MS_MAX = 300 * SECOND_MS;

interface Told {
  readonly isolate: string;
  readonly at: Instant;
  readonly suspects: readonly string[];
}

export interface RouterBook {
  /** The latest to tell is the last. */
  readonly isolates: readonly Told[];
  readonly mismatches: RouterStanding["mismatches"];
  readonly failedOpenAt: Instant | null;
  /** Since the book was opened. */
  readonly requests: number;
  readonly retries: number;
  readonly vain: number;
  /** By region id. */
  readonly served: Readonly<Record<string, number>>;
}

export const EMPTY_BOOK: RouterBook = {
  isolates: [],
  mismatches: {},
  failedOpenAt: null,
  requests: 0,
  retries: 0,
  vain: 0,
  served: {},
};

export function stepRouterBook(book: RouterBook, hints: RouterHints, at: Instant): RouterBook {
  const { isolate, suspects, mismatches } = hints;
  const others = book.isolates.filter((one) => one.isolate !== isolate);
  const seen = Object.entries(mismatches).map(([region, claimed]) => [region, { claimed, at }] as const);
  return {
    isolates: [...others, { isolate, at, suspects }].slice(-ISOLATES_MAX),
    mismatches: { ...book.mismatches, ...Object.fromEntries(seen) },
    failedOpenAt: hints.failedOpen > 0 ? at : book.failedOpenAt,
    requests: book.requests + hints.requests,
    retries: book.retries + hints.retries,
    vain: book.vain + hints.vain,
    served: mergeRecords([book.served, hints.served ?? {}], (counts) => sumOf(counts, (count) => count)),
  };
}

/** `drains` are those in force. */
export function standingOfRouter(topology: Topology, book: RouterBook, drains: Drains, at: Instant): RouterStanding {
  const latelyMs = latelyFor(topology);
  const lately = (told: { readonly at: Instant }): boolean => at - told.at <= latelyMs;
  const isolates = book.isolates.filter(lately);
  const suspectedBy = topology.regions.map(
    ({ id }) => [id, isolates.filter((one) => one.suspects.includes(id)).length] as const,
  );
  const { failedOpenAt, requests, retries, vain, served } = book;
  return {
    drains: liveDrains(drains, at),
    isolates: isolates.length,
    suspectedBy: Object.fromEntries(suspectedBy.filter(([, count]) => count > 0)),
    mismatches: Object.fromEntries(Object.entries(book.mismatches).filter(([, mismatch]) => lately(mismatch))),
    failedOpenAt: failedOpenAt !== null && lately({ at: failedOpenAt }) ? failedOpenAt : null,
    requests,
    retries,
    vain,
    served: Object.fromEntries(topology.regions.map(({ id }) => [id, served[id] ?? 0])),
  };
}

function latelyFor({ probe }: Topology): number {
  return Math.min(LATELY_MS_MAX, Math.max(LATELY_MS_MIN, LATELY_ROUNDS * probe.intervalSeconds * SECOND_MS));
}

/** A subject "router:<region>" for each region whose replies claimed another one, in the topology's order; what is right is no subject. */
export function judgeIdentity(topology: Topology, standing: RouterStanding | null): readonly Verdict[] {
  return topology.regions.flatMap(({ id, region }): readonly Verdict[] => {
    const mismatch = standing?.mismatches[id];
    if (mismatch === undefined) return [];
    const reason = `replies to routed requests claim region "${mismatch.claimed}", expected "${region}"`;
    return [{ subject: `router:${id}`, verdict: "deviates", reason }];
  });
}
