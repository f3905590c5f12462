// What one region has of the service's name under each routing policy: one record, several where it serves several places, or
// none.
import type { CidrCollection, Routing } from "../policy/record-set.ts";
import { assert } from "../problem.ts";
import { textFingerprint } from "./fingerprint.ts";
import { placeOf } from "./place.ts";
import type { DnsPolicy, Region } from "./topology.ts";

export interface Share {
  readonly routing: Routing;
  /** Tells a region's records apart where it may have several; null: it has one. */
  readonly place: string | null;
}

/** Stands for the id of the one CIDR collection, which Route 53 gives out. */
export const COLLECTION = "topology";

/** The place of everybody whom nothing else fits. */
const DEFAULT_PLACE = "*";

export function sharesOf(policy: Exclude<DnsPolicy, { routing: "simple" }>, region: Region): readonly Share[] {
  const only = (routing: Routing): readonly Share[] => [{ routing, place: null }];
  switch (policy.routing) {
    case "failover":
      if (region.id === policy.primary) return only({ routing: "failover", role: "PRIMARY" });
      return region.id === policy.secondary ? only({ routing: "failover", role: "SECONDARY" }) : [];
    case "latency":
      assert(region.awsRegion !== null, "the rules ask every region for an awsRegion under latency routing");
      return only({ routing: "latency", awsRegion: region.awsRegion });
    case "weighted": {
      const weight = entryOf(policy.weights, region);
      return weight === undefined ? [] : only({ routing: "weighted", weight });
    }
    case "geolocation":
      return (entryOf(policy.locations, region) ?? []).map((place) => ({
        routing: { routing: "geolocation", ...placeOf(place) },
        place,
      }));
    case "geoproximity":
      return only(geoproximityOf(region, entryOf(policy.biases, region) ?? 0));
    case "multivalue":
      return only({ routing: "multivalue" });
    case "ip-based": {
      const blocks = entryOf(policy.blocks, region) ?? [];
      return [
        ...(blocks.length === 0 ? [] : [ipBased(locationName(region.id), null)]),
        ...(region.id === policy.default ? [ipBased(DEFAULT_PLACE, DEFAULT_PLACE)] : []),
      ];
    }
  }
}

/** A region may be called constructor, which every object has. */
function entryOf<T>(entries: Readonly<Record<string, T>>, { id }: Region): T | undefined {
  return Object.hasOwn(entries, id) ? entries[id] : undefined;
}

function geoproximityOf({ awsRegion, coordinates }: Region, bias: number): Routing {
  if (coordinates !== undefined)
    return { routing: "geoproximity", location: { kind: "coordinates", ...coordinates }, bias };
  assert(awsRegion !== null, "the rules ask every region for a place under geoproximity routing");
  return { routing: "geoproximity", location: { kind: "aws-region", awsRegion }, bias };
}

function ipBased(location: string, place: string | null): Share {
  return { routing: { routing: "ip-based", collectionId: COLLECTION, location }, place };
}

const LOCATION_NAME_MAX = 16;

/** A location of a CIDR collection has at most 16 letters, digits, hyphens and underscores (API Reference). */
function locationName(id: string): string {
  if (id.length <= LOCATION_NAME_MAX) return id;
  const hash = textFingerprint(id).slice(0, 4);
  return `${id.slice(0, LOCATION_NAME_MAX - hash.length - 1)}-${hash}`;
}

export function collectionsOf(policy: DnsPolicy): readonly CidrCollection[] {
  if (policy.routing !== "ip-based") return [];
  const locations = Object.entries(policy.blocks).map(([id, blocks]) => ({ name: locationName(id), blocks }));
  return [{ id: COLLECTION, locations }];
}
