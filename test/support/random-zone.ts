// Random zones for the laws of the evaluator: trees of aliases up to three deep, all routing policies, all kinds of health
// checks. Drawn from one seed, so that a failing case is told by two numbers and the size shrinks.
import type { Asker } from "../../monitor/policy/answer.ts";
import {
  ENDPOINT_DEFAULTS,
  type Health,
  type HealthCheck,
  type HealthView,
} from "../../monitor/policy/health-check.ts";
import type { RecordSet, RecordTarget, Routing, Zone } from "../../monitor/policy/record-set.ts";

/** A whole number from 0 to `below` - 1. */
export type Dice = (below: number) => number;

/** Mulberry32: small, and the same everywhere. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export const ZONE_NAME = "example.com";
export const TOP = `n0.${ZONE_NAME}`;

const REGIONS = ["us-east-1", "eu-west-3", "sa-east-1", "cn-north-1", "ap-south-1"] as const;
const PLACES = [
  { continent: "NA", country: null, subdivision: null },
  { continent: "EU", country: null, subdivision: null },
  { continent: null, country: "US", subdivision: null },
  { continent: null, country: "US", subdivision: "CA" },
  { continent: null, country: "CN", subdivision: null },
  { continent: null, country: "*", subdivision: null },
] as const;
const SPOTS = [
  { latitude: 0, longitude: 0 },
  { latitude: 0, longitude: 0.5 },
  { latitude: 0, longitude: 1 },
  { latitude: 45, longitude: 90 },
  { latitude: -60, longitude: -120 },
] as const;
const LOCATIONS = ["wide", "narrow", "other", "*"] as const;
const COLLECTION = {
  id: "blocks",
  locations: [
    { name: "wide", blocks: ["10.0.0.0/8"] },
    { name: "narrow", blocks: ["10.1.0.0/16", "192.0.2.0/24"] },
    { name: "other", blocks: ["172.16.0.0/12", "10.1.2.0/24"] },
  ],
} as const;
export const POLICIES = [
  "simple",
  "failover",
  "latency",
  "weighted",
  "geolocation",
  "geoproximity",
  "multivalue",
  "ip-based",
] as const;

const LOAD_BALANCERS = ["target:lb0.elb.amazonaws.com", "target:lb1.elb.amazonaws.com"];

export interface RandomCase {
  readonly zone: Zone;
  readonly asker: Asker;
  readonly view: HealthView;
}

/** `size` from 1 to 4: levels of names, records a group, and checks grow with it. */
export function randomCase(seed: number, size: number): RandomCase {
  const dice = diceOf(seed);
  const checks = randomChecks(dice, 1 + dice(size + 1));
  const ids = [...checks.map((check) => check.id), "deleted"];
  const levels = Math.max(1, Math.min(3, size) - dice(2));
  const recordSets = Array.from({ length: levels }, (_, level) => level).flatMap((level) => {
    const names = level === 0 ? 1 : 1 + dice(2);
    return Array.from({ length: names }, (__, index) => randomGroup(dice, { level, index, levels, ids, size })).flat();
  });
  const view = Object.fromEntries(
    [...ids.filter((id) => id !== "sum"), ...LOAD_BALANCERS].map((key) => [key, randomHealth(dice)]),
  );
  return {
    zone: { id: "ZOWN", name: ZONE_NAME, recordSets, healthChecks: checks, cidrCollections: [COLLECTION] },
    asker: randomAsker(dice),
    view,
  };
}

function randomHealth(dice: Dice): Health {
  return (["healthy", "unhealthy", "unhealthy", "unknown"] as const)[dice(4)] ?? "unknown";
}

function randomChecks(dice: Dice, count: number): readonly HealthCheck[] {
  const flags = (): { disabled: boolean; inverted: boolean } => ({ disabled: dice(12) === 0, inverted: dice(8) === 0 });
  const plain = Array.from({ length: count }, (_, index): HealthCheck => ({
    ...ENDPOINT_DEFAULTS,
    id: `c${index}`,
    type: "HTTPS",
    host: "a.example.com",
    port: 443,
    path: "/",
    requestIntervalSeconds: 30,
    failureThreshold: 3,
    ...flags(),
  }));
  if (dice(2) === 0) return plain;
  const children = plain.filter(() => dice(2) === 0).map((check) => check.id);
  return [
    ...plain,
    { id: "sum", type: "CALCULATED", children, healthThreshold: dice(children.length + 2), ...flags() },
  ];
}

interface Spot {
  readonly level: number;
  readonly index: number;
  readonly levels: number;
  readonly ids: readonly string[];
  readonly size: number;
}

function randomGroup(dice: Dice, spot: Spot): readonly RecordSet[] {
  const policy = POLICIES[dice(POLICIES.length)] ?? "simple";
  const name = nameAt(spot.level, spot.index);
  const most =
    policy === "simple" ? 1 : policy === "failover" ? 2 : policy === "multivalue" && dice(4) === 0 ? 10 : spot.size;
  const count = Math.min(1 + dice(most), policy === "multivalue" ? 10 : most);
  return Array.from({ length: count }, (_, index): RecordSet => ({
    name,
    type: "A",
    setIdentifier: policy === "simple" ? null : `${spot.level}${spot.index}${"abcdefghij"[index] ?? ""}`,
    routing: randomRouting(dice, policy, index),
    target: policy === "multivalue" ? plainTarget(spot, index) : randomTarget(dice, spot, index),
    healthCheckId: dice(4) === 0 ? null : (spot.ids[dice(spot.ids.length)] ?? null),
  }));
}

function nameAt(level: number, index: number): string {
  return level === 0 ? TOP : `n${level}-${index}.${ZONE_NAME}`;
}

function plainTarget({ level, index }: Spot, record: number): RecordTarget {
  return { kind: "values", values: [`192.0.${level * 2 + index}.${record}`], ttlSeconds: 60 };
}

function randomTarget(dice: Dice, spot: Spot, record: number): RecordTarget {
  const evaluateTargetHealth = dice(3) > 0;
  if (dice(8) === 0)
    return { kind: "alias", name: `lb${dice(2)}.elb.amazonaws.com`, hostedZoneId: "ELB", evaluateTargetHealth };
  if (spot.level + 1 >= spot.levels || dice(4) === 0) return plainTarget(spot, record);
  const hostedZoneId = dice(2) === 0 ? null : "ZOWN";
  // The second name of a level is not always there: then the alias dangles.
  return { kind: "alias", name: nameAt(spot.level + 1, dice(2)), hostedZoneId, evaluateTargetHealth };
}

function randomRouting(dice: Dice, policy: Routing["routing"], index: number): Routing {
  switch (policy) {
    case "failover":
      return { routing: policy, role: index === 0 ? "PRIMARY" : "SECONDARY" };
    case "latency":
      return { routing: policy, awsRegion: REGIONS[index] ?? "us-east-1" };
    case "weighted":
      return { routing: policy, weight: dice(2) === 0 ? 0 : dice(256) };
    case "geolocation":
      return { routing: policy, ...(PLACES[dice(PLACES.length)] ?? PLACES[0]) };
    case "geoproximity": {
      const spot = SPOTS[dice(SPOTS.length)] ?? SPOTS[0];
      return { routing: policy, location: { kind: "coordinates", ...spot }, bias: dice(2) === 0 ? 0 : dice(199) - 99 };
    }
    case "ip-based":
      return { routing: policy, collectionId: COLLECTION.id, location: LOCATIONS[dice(LOCATIONS.length)] ?? "*" };
    case "simple":
    case "multivalue":
      return { routing: policy };
  }
}

/** Of known place; what is not known of an asker has tests of its own. */
function randomAsker(dice: Dice): Asker {
  const countries = [
    { continent: "NA", country: "US", subdivision: "CA" },
    { continent: "NA", country: "US", subdivision: "NY" },
    { continent: "EU", country: "BE", subdivision: "VLG" },
    { continent: "AS", country: "CN", subdivision: "11" },
  ];
  const subnets = ["10.1.2.0/24", "10.1.0.0/16", "10.9.0.0/24", "10.0.0.0/7", "203.0.113.0/24"];
  return {
    clientSubnet: subnets[dice(subnets.length)] ?? null,
    latencyOrder: dice(2) === 0 ? [] : rotated(REGIONS, dice(REGIONS.length)),
    location: countries[dice(countries.length)] ?? null,
    coordinates: { latitude: dice(120) - 60, longitude: dice(300) - 150 },
  };
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  return [...list.slice(by), ...list.slice(0, by)];
}
