// Every class of asker that the records of a tree tell apart: the orders of latency, the places, the blocks of addresses, the
// coordinates, each with "anyone else". Where there are too many combinations, what is not named is left unknown, which counts
// every way: then a proof still holds, and a fault may be told that no real asker has.
import { ANYONE, type Asker, type AskerLocation } from "./answer.ts";
import { placeOfRegion } from "./aws-places.ts";
import { continentOf, CONTINENTS } from "./continents.ts";
import { ipBasedWalks } from "./ip-based.ts";
import { compareText } from "./name-lookup.ts";
import { groupNames, type ProofTree } from "./prove-tree.ts";
import type { RecordSet, Routing, Zone } from "./record-set.ts";

export interface AskerClass {
  /** After "users": "nearest to us-east-1", "in BE", "anywhere". */
  readonly words: string;
  readonly asker: Asker;
}

export interface AskerClasses {
  readonly classes: readonly AskerClass[];
  /** False: one thing at a time, with everything else about the asker unknown. */
  readonly combined: boolean;
}

/** Regions of which every order is a class of its own: 3! orders; beyond, each region first and the rest in any order. */
const ORDERED_REGIONS_MAX = 3;
/** Combinations that are tried one by one. */
const CLASSES_MAX = 64;

interface Trait {
  readonly words: string;
  readonly part: Partial<Asker>;
}

/** Everybody whom the tree's records tell apart. */
export function askersOf(tree: ProofTree): AskerClasses {
  const groups = groupNames(tree).map((name) => tree.unfolded.recordSets.filter((record) => record.name === name));
  return askerClasses(tree.zone, groups);
}

/** `groups`: the record sets of each name in the tree. */
export function askerClasses(zone: Zone, groups: readonly (readonly RecordSet[])[]): AskerClasses {
  const dimensions = [
    latencyTraits(groups),
    placeTraits(groups),
    subnetTraits(zone, groups),
    nearTraits(groups),
  ].filter((traits) => traits.length > 0);
  const count = dimensions.reduce((product, traits) => product * traits.length, 1);
  if (count > CLASSES_MAX && dimensions.length > 1)
    return { classes: dimensions.flat().map((trait) => classOf([trait])), combined: false };
  const combinations = dimensions.reduce<readonly (readonly Trait[])[]>(
    (before, traits) => before.flatMap((chosen) => traits.map((trait) => [...chosen, trait])),
    [[]],
  );
  return { classes: combinations.map(classOf), combined: true };
}

function classOf(traits: readonly Trait[]): AskerClass {
  const asker: Asker = { ...ANYONE };
  for (const { part } of traits) Object.assign(asker, part);
  return { words: traits.length === 0 ? "anywhere" : traits.map(({ words }) => words).join(", "), asker };
}

function routingsOf<K extends Routing["routing"]>(
  groups: readonly (readonly RecordSet[])[],
  kind: K,
): readonly Extract<Routing, { routing: K }>[] {
  return groups
    .flat()
    .map(({ routing }) => routing)
    .filter((routing): routing is Extract<Routing, { routing: K }> => routing.routing === kind);
}

function latencyTraits(groups: readonly (readonly RecordSet[])[]): readonly Trait[] {
  const regions = distinct(routingsOf(groups, "latency").map(({ awsRegion }) => awsRegion));
  if (regions.length === 0) return [];
  if (regions.length <= ORDERED_REGIONS_MAX)
    return permutations(regions).map((latencyOrder) => ({ words: orderWords(latencyOrder), part: { latencyOrder } }));
  const first = regions.map((region): Trait => ({
    words: `nearest to ${region}`,
    part: { latencyOrder: [region, ...regions.filter((other) => other !== region)] },
  }));
  return [...first, { words: "with any order of latencies", part: { latencyOrder: [] } }];
}

function orderWords(order: readonly string[]): string {
  const [first = "", ...rest] = order;
  return rest.length < 2 ? `nearest to ${first}` : `nearest to ${first}, then ${rest[0] ?? ""}`;
}

function permutations(list: readonly string[]): readonly (readonly string[])[] {
  if (list.length <= 1) return [list];
  return list.flatMap((first) => permutations(list.filter((other) => other !== first)).map((rest) => [first, ...rest]));
}

/** Of no country, continent or subdivision that a record can name. */
const ELSEWHERE = "";

/** Each place that a record names, each as far as no narrower record takes it, and a place that none names. */
function placeTraits(groups: readonly (readonly RecordSet[])[]): readonly Trait[] {
  const scopes = routingsOf(groups, "geolocation");
  if (scopes.length === 0) return [];
  const places = scopes.flatMap(({ continent, country, subdivision }): readonly Place[] => {
    if (country === "*") return [];
    if (country === null)
      return [
        { words: `in ${continent ?? ""}`, continent: continent ?? "", country: ELSEWHERE, subdivision: ELSEWHERE },
      ];
    const around = continentOf(country.toUpperCase());
    const known = around === null ? [...CONTINENTS] : [around];
    const words = `in ${country}${subdivision === null ? "" : `-${subdivision}`}`;
    return known.map((one) => ({ words, continent: one, country, subdivision: subdivision ?? ELSEWHERE }));
  });
  // A subdivision's country may have no record of its own: then its other users are a class too.
  const countries = places
    .filter(({ subdivision }) => subdivision !== ELSEWHERE)
    .map((place): Place => ({ ...place, words: `in ${place.country}`, subdivision: ELSEWHERE }));
  const elsewhere: Place = { words: "anywhere else", continent: ELSEWHERE, country: ELSEWHERE, subdivision: ELSEWHERE };
  const all = new Map([...places, ...countries, elsewhere].map((place) => [placeKey(place), place]));
  return [...all.values()].map(({ words, ...location }) => ({ words, part: { location } }));
}

interface Place extends AskerLocation {
  readonly words: string;
  readonly subdivision: string;
}

function placeKey({ continent, country, subdivision }: Place): string {
  return [continent, country, subdivision].join(" ").toUpperCase();
}

/** Blocks that lead to the same records in every group are one class. Nobody's address is in 0.0.0.0/0 as a whole. */
function subnetTraits(zone: Zone, groups: readonly (readonly RecordSet[])[]): readonly Trait[] {
  const own = groups.filter(([first]) => first?.routing.routing === "ip-based");
  if (own.length === 0) return [];
  const named = new Set(routingsOf(own, "ip-based").map(({ collectionId }) => collectionId));
  const blocks = zone.cidrCollections
    .filter(({ id }) => named.has(id))
    .flatMap(({ locations }) => locations.flatMap((location) => location.blocks));
  const found = new Map<string, Trait>();
  for (const clientSubnet of [NO_BLOCK, ...blocks]) {
    const walks = own.map((group) =>
      ipBasedWalks(zone, group, clientSubnet).walks.map((walk) =>
        walk.map((tier) => tier.map(({ setIdentifier }) => setIdentifier)),
      ),
    );
    const key = JSON.stringify(walks);
    const words = clientSubnet === NO_BLOCK ? "of no listed network" : `in ${clientSubnet}`;
    if (!found.has(key)) found.set(key, { words, part: { clientSubnet } });
  }
  return [...found.values()];
}

const NO_BLOCK = "0.0.0.0/0";

/** Who stands beside a record, and whoever may be nearest to any. */
function nearTraits(groups: readonly (readonly RecordSet[])[]): readonly Trait[] {
  const locations = routingsOf(groups, "geoproximity").map(({ location }) => location);
  if (locations.length === 0) return [];
  const beside = locations.flatMap((location): readonly Trait[] => {
    if (location.kind === "local-zone-group") return [];
    const coordinates = location.kind === "coordinates" ? location : placeOfRegion(location.awsRegion);
    if (coordinates === null) return [];
    const { latitude, longitude } = coordinates;
    const words = location.kind === "coordinates" ? `${latitude}, ${longitude}` : location.awsRegion;
    return [{ words: `beside ${words}`, part: { coordinates: { latitude, longitude } } }];
  });
  const once = new Map(beside.map((trait) => [trait.words, trait]));
  return [...once.values(), { words: "with any distances", part: { coordinates: null } }];
}

function distinct(list: readonly string[]): readonly string[] {
  return [...new Set(list)].toSorted(compareText);
}
