// Which region a client would get if all were equally fit: a key for each region, the lowest first, and why. One function for
// each way of steering; none looks at health.
import { greatCircleKm } from "../policy/geoproximity.ts";
import { placeOf } from "../topology/place.ts";
import type { Steering } from "../topology/topology.ts";
import { type Client, nearestVantage, type SteeredRegion, type SteeringMap } from "./client.ts";
import type { RoutingSnapshot } from "./snapshot.ts";

export interface Preference {
  /** Infinity: the steering has no place for it, so it comes after all others that are as fit. */
  readonly key: number;
  /** Such as "612 km away". */
  readonly why: string;
}

type Of<By extends Steering["by"]> = Extract<Steering, { readonly by: By }>;

/** In the order of `map.regions`. `chance` from 0 to 1, 1 excluded, decides where the steering leaves it to chance. */
export function preferencesOf(
  client: Client,
  map: SteeringMap,
  snapshot: Pick<RoutingSnapshot, "latency" | "colos">,
  steering: Steering,
  chance: number,
): readonly Preference[] {
  switch (steering.by) {
    case "failover":
      return map.regions.map((_region, index) => ({ key: index, why: `choice ${index + 1} of ${map.regions.length}` }));
    case "weighted":
      return map.regions.map((region, index) => byWeight(region, index, steering, chance));
    case "geo":
      return map.regions.map((region) => byPlace(client, region, steering));
    case "proximity":
      return map.regions.map((region) => byDistance(client, region));
    case "latency":
      return byLatency(client, map, snapshot);
  }
}

/** Sampling without replacement (Efraimidis and Spirakis 2006): among any that are fit, each comes first by its weight. */
function byWeight({ id }: SteeredRegion, index: number, { weights }: Of<"weighted">, chance: number): Preference {
  const weight = weights[id] ?? 0;
  if (weight === 0) return { key: Infinity, why: "weight 0" };
  return { key: -Math.log(lotOf(chance, index)) / weight, why: `drawn by weight ${weight}` };
}

/** A lot of its own for each region out of one throw: over 0, at most 1 (the mixing of "mulberry32"). */
function lotOf(chance: number, index: number): number {
  const seed = (Math.floor(chance * 2 ** 32) + Math.imul(index + 1, 0x6d2b79f5)) >>> 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (((mixed ^ (mixed >>> 14)) >>> 0) + 1) / 2 ** 32;
}

/** The most specific place that holds the client, as geolocation routing has it. */
function byPlace(client: Client, { id }: SteeredRegion, { places }: Of<"geo">): Preference {
  let best: Preference = { key: Infinity, why: "none of its places holds the client" };
  for (const text of places[id] ?? []) {
    const key = placeRank(client, text);
    if (key < best.key) best = { key, why: text === "*" ? "for everywhere else" : `for ${text}` };
  }
  return best;
}

function placeRank(client: Client, text: string): number {
  if (text === "*") return 3;
  const { continent, country, subdivision } = placeOf(text);
  if (continent !== null) return continent === client.continent ? 2 : Infinity;
  if (country !== client.country) return Infinity;
  if (subdivision === null) return 1;
  return subdivision === client.subdivision ? 0 : Infinity;
}

function byDistance({ coordinates }: Client, { place }: SteeredRegion): Preference {
  if (coordinates === null) return { key: Infinity, why: "where the client is, is not known" };
  if (place === null) return { key: Infinity, why: "where it is, is not known" };
  const km = greatCircleKm(coordinates, place);
  return { key: km, why: `${Math.round(km)} km away` };
}

function byLatency(
  client: Client,
  map: SteeringMap,
  { latency, colos }: Pick<RoutingSnapshot, "latency" | "colos">,
): readonly Preference[] {
  const vantage = nearestVantage(client, map.vantages, colos);
  if (vantage === null) return map.regions.map(() => ({ key: Infinity, why: "where the client is, is not known" }));
  const row = latency[vantage.id] ?? {};
  return map.regions.map(({ id }) => {
    const ms = row[id];
    if (ms === undefined) return { key: Infinity, why: `never reached from ${vantage.id}` };
    return { key: ms, why: `${Math.round(ms)} ms from ${vantage.id}` };
  });
}
