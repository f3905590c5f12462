// The order in which the router tries the regions for one client, with a reason for each: fit ones before others, and among
// equally fit ones as the steering prefers. Every region is a candidate: when all are down, one is tried all the same.
import { assert } from "../problem.ts";
import type { Instant } from "../time.ts";
import type { Steering } from "../topology/topology.ts";
import type { Client, SteeringMap } from "./client.ts";
import { preferencesOf } from "./preference.ts";
import type { RoutingSnapshot } from "./snapshot.ts";

/**
 * The best first. `suspect`: requests failed here a moment ago. A region that somebody drained still serves better than one
 * that is down; one under maintenance (`closed`) is the very last.
 */
export const FITNESS = ["healthy", "unknown", "suspect", "drained", "unhealthy", "closed"] as const;
export type Fitness = (typeof FITNESS)[number];

export interface Candidate {
  readonly region: string;
  readonly fitness: Fitness;
  /** Of the order, not of the fitness: "612 km away". */
  readonly why: string;
}

/** Ids of regions whose breaker is open. */
export type Suspects = ReadonlySet<string>;

export const NO_SUSPECTS: Suspects = new Set();

/** All regions, each once. */
export function steer(
  client: Client,
  map: SteeringMap,
  snapshot: RoutingSnapshot,
  suspects: Suspects,
  steering: Steering,
  chance: number,
): readonly Candidate[] {
  const preferences = preferencesOf(client, map, snapshot, steering, chance);
  const ranked = map.regions.map(({ id }, index) => {
    const preference = preferences[index];
    assert(preference !== undefined, "every region has a preference");
    const fitness = fitnessOf(id, snapshot, suspects);
    return { region: id, fitness, why: preference.why, tier: FITNESS.indexOf(fitness), key: preference.key, index };
  });
  return ranked
    .toSorted((a, b) => a.tier - b.tier || (a.key === b.key ? a.index - b.index : a.key < b.key ? -1 : 1))
    .map(({ region, fitness, why }) => ({ region, fitness, why }));
}

function fitnessOf(id: string, { health, drains }: RoutingSnapshot, suspects: Suspects): Fitness {
  const drain = drains[id];
  if (drain?.kind === "maintenance") return "closed";
  const known = health[id] ?? "unknown";
  if (known === "unhealthy") return drain === undefined ? "unhealthy" : "closed";
  if (drain !== undefined) return "drained";
  return suspects.has(id) ? "suspect" : known;
}

/** All are down: what is sent anywhere is sent in the hope that our knowledge is wrong. */
export function failsOpen(candidates: readonly Candidate[]): boolean {
  const [first] = candidates;
  return first === undefined || first.fitness === "unhealthy" || first.fitness === "closed";
}

export function isFit({ fitness }: Candidate): boolean {
  return fitness === "healthy" || fitness === "unknown";
}

/**
 * Puts the region that a client holds to (null: none) first, as long as it is fit; a drained one keeps those who hold to it
 * for `drainMs`, so that sessions can end.
 */
export function holdAffinity(
  candidates: readonly Candidate[],
  held: string | null,
  { drains }: Pick<RoutingSnapshot, "drains">,
  drainMs: number,
  at: Instant,
): readonly Candidate[] {
  const own = candidates.find(({ region }) => region === held);
  if (own === undefined || own === candidates[0]) return candidates;
  const drain = drains[own.region];
  const leaving = own.fitness === "drained" && drain !== undefined && at - drain.since < drainMs;
  if (!isFit(own) && !leaving) return candidates;
  const kept: Candidate = { ...own, why: "the client holds to it" };
  return [kept, ...candidates.filter((candidate) => candidate !== own)];
}
