// In which order a group's records are considered for one asker, before anybody looks at health. An order may be partial
// (ties), and several orders may be possible when it is not known where the asker is: then each is one walk.
import { assert, unreachable } from "../problem.ts";
import type { Asker } from "./answer.ts";
import { CHINA_REGION } from "./constants.ts";
import { geolocationWalks } from "./geolocation.ts";
import { distanceRange } from "./geoproximity.ts";
import { ipBasedWalks } from "./ip-based.ts";
import type { RecordSet, Routing, Zone } from "./record-set.ts";

/** A record is preferred to another for sure when its `worst` is below the other's `best`. */
export interface Ranked {
  readonly record: RecordSet;
  readonly best: number;
  readonly worst: number;
}

/** The records that can answer one place, the most preferred first; empty: this place gets no answer. */
export type Walk = readonly Ranked[];

export interface Ranking {
  readonly policy: Routing["routing"] | "mixed";
  readonly walks: readonly Walk[];
  /** What is not known of the asker and leaves more than one record legal; null: nothing. */
  readonly note: string | null;
}

/** Group: the record sets of one name and type, at least one. */
export function rankingOf(zone: Zone, group: readonly RecordSet[], asker: Asker): Ranking {
  const [first] = group;
  assert(first !== undefined, "a ranking needs a record");
  const policy = first.routing.routing;
  if (group.some((record) => record.routing.routing !== policy))
    return { policy: "mixed", walks: [tied(group)], note: "records of several policies, which the API refuses" };
  switch (policy) {
    case "simple":
    case "multivalue":
      return { policy, walks: [tied(group)], note: null };
    case "failover":
      return { policy, walks: [tiers(group, failoverTier)], note: null };
    case "weighted":
      return { policy, walks: [weightedWalk(group)], note: null };
    case "latency":
      return { policy, ...latencyRanking(group, asker) };
    case "geoproximity":
      return { policy, ...geoproximityRanking(group, asker) };
    case "geolocation":
      return {
        policy,
        walks: geolocationWalks(group, asker.location).map((walk) => inTurn(walk)),
        note: asker.location === null ? "the asker's place is not known" : null,
      };
    case "ip-based": {
      const { walks, known } = ipBasedWalks(zone, group, asker.clientSubnet);
      return {
        policy,
        walks: walks.map((walk) => inTurn(walk)),
        note: known ? null : "the asker's subnet is not known",
      };
    }
    default:
      return unreachable(policy);
  }
}

function tied(records: readonly RecordSet[]): Walk {
  return tiers(records, () => 0);
}

/** One list a tier; records of a tier are tied. */
function inTurn(groups: readonly (readonly RecordSet[])[]): Walk {
  return groups.flatMap((records, tier) => records.map((record) => ({ record, best: tier, worst: tier })));
}

function tiers(records: readonly RecordSet[], tierOf: (record: RecordSet) => number): Walk {
  return byPreference(
    records.map((record) => {
      const tier = tierOf(record);
      return { record, best: tier, worst: tier };
    }),
  );
}

function byPreference(walk: Walk): Walk {
  return walk.toSorted((a, b) => a.best - b.best || Number(a.worst > b.worst) - Number(a.worst < b.worst));
}

function failoverTier({ routing }: RecordSet): number {
  return routing.routing === "failover" && routing.role === "PRIMARY" ? 0 : 1;
}

/** Weight zero waits until all others are ill, unless all are zero (API: Weight; Developer Guide, "How … chooses records"). */
function weightedWalk(group: readonly RecordSet[]): Walk {
  const allZero = group.every((record) => weightOf(record) === 0);
  return tiers(group, (record) => (allZero || weightOf(record) > 0 ? 0 : 1));
}

export function weightOf({ routing }: RecordSet): number {
  return routing.routing === "weighted" ? routing.weight : 0;
}

/** Route 53's latency table is not published: without a calibrated order every record is as good as the next. */
function latencyRanking(group: readonly RecordSet[], asker: Asker): Pick<Ranking, "walks" | "note"> {
  const inChina = asker.location?.country.toUpperCase() === "CN";
  const calibrated = group.every((record) => asker.latencyOrder.includes(regionOf(record)));
  const place = (record: RecordSet): number => {
    if (inChina && regionOf(record) === CHINA_REGION) return -1;
    return calibrated ? asker.latencyOrder.indexOf(regionOf(record)) : 0;
  };
  return { walks: [tiers(group, place)], note: calibrated ? null : "latency order not calibrated" };
}

function regionOf({ routing }: RecordSet): string {
  return routing.routing === "latency" ? routing.awsRegion : "";
}

/** Every record is the nearest to somebody: to who stands beside it. */
function geoproximityRanking(group: readonly RecordSet[], asker: Asker): Pick<Ranking, "walks" | "note"> {
  const { coordinates } = asker;
  if (coordinates === null) return { walks: [tied(group)], note: "the asker's coordinates are not known" };
  const walk = group.map((record): Ranked => {
    const { routing } = record;
    assert(routing.routing === "geoproximity", "the group is of one policy");
    return { record, ...distanceRange(coordinates, routing.location, routing.bias) };
  });
  return { walks: [byPreference(walk)], note: null };
}
