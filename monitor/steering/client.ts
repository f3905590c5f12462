// Where a request comes from, as far as it is known, and where the regions and vantages are that it is compared with.
import { placeOfRegion } from "../policy/aws-places.ts";
import { greatCircleKm } from "../policy/geoproximity.ts";
import type { Coordinates } from "../policy/record-set.ts";
import {
  type LocationHint,
  type PublicVantage,
  publicVantages,
  type Region,
  type Topology,
} from "../topology/topology.ts";

/** Each part is null where it is not known. */
export interface Client {
  /** Two letters, upper case. */
  readonly country: string | null;
  readonly continent: string | null;
  /** Without its country: "CA". */
  readonly subdivision: string | null;
  readonly coordinates: Coordinates | null;
  /** The data centre that took the request: "AMS". */
  readonly colo: string | null;
}

export const UNKNOWN_CLIENT: Client = {
  country: null,
  continent: null,
  subdivision: null,
  coordinates: null,
  colo: null,
};

export interface SteeredRegion {
  readonly id: string;
  readonly place: Coordinates | null;
}

export interface SteeredVantage {
  readonly id: string;
  readonly place: Coordinates;
  readonly continent: string;
}

/** What of a topology steering reads, made once. */
export interface SteeringMap {
  /** The first choice first, where nothing else decides. */
  readonly regions: readonly SteeredRegion[];
  readonly vantages: readonly SteeredVantage[];
}

export function steeringMapOf(topology: Topology): SteeringMap {
  return {
    regions: regionOrder(topology).map((region) => ({ id: region.id, place: placeOf(region) })),
    vantages: publicVantages(topology).map(steeredVantage),
  };
}

/** The steering's own order, then dns.policy's, then as they are listed. */
function regionOrder({ regions, dns, router }: Topology): readonly Region[] {
  const own = router.steering.by === "failover" ? router.steering.order : [];
  const { policy } = dns;
  const roles = policy.routing === "failover" ? [policy.primary, policy.secondary] : [];
  const ids = new Set([...own, ...roles, ...regions.map((region) => region.id)]);
  return [...ids].flatMap((id) => regions.find((region) => region.id === id) ?? []);
}

function placeOf({ coordinates, awsRegion }: Region): Coordinates | null {
  return coordinates ?? (awsRegion === null ? null : placeOfRegion(awsRegion));
}

/** About the middle of where Cloudflare places an object by the hint, and the continent; ours, because only names are published. */
const HINTS: Readonly<Record<LocationHint, readonly [latitude: number, longitude: number, continent: string]>> = {
  wnam: [37.4, -122.1, "NA"],
  enam: [39.0, -77.5, "NA"],
  sam: [-23.5, -46.6, "SA"],
  weur: [50.1, 4.4, "EU"],
  eeur: [50.1, 20.0, "EU"],
  apac: [22.3, 114.2, "AS"],
  "apac-ne": [35.7, 139.7, "AS"],
  "apac-se": [1.4, 103.8, "AS"],
  oc: [-33.9, 151.2, "OC"],
  afr: [-26.2, 28.0, "AF"],
  me: [25.2, 55.3, "AS"],
};

function steeredVantage({ id, hint, coordinates, location }: PublicVantage): SteeredVantage {
  const [latitude, longitude, continent] = HINTS[hint];
  return { id, place: coordinates ?? { latitude, longitude }, continent: location?.continent ?? continent };
}

/** The one in the client's own data centre (`colos` by vantage id), else the nearest; null where nothing is known of the client. */
export function nearestVantage(
  client: Client,
  vantages: readonly SteeredVantage[],
  colos: Readonly<Record<string, string>>,
): SteeredVantage | null {
  const { colo, coordinates, continent } = client;
  const beside = colo === null ? undefined : vantages.find(({ id }) => colos[id] === colo);
  if (beside !== undefined) return beside;
  if (coordinates === null) return vantages.find((vantage) => vantage.continent === continent) ?? null;
  let nearest: SteeredVantage | null = null;
  let nearestKm = Number.POSITIVE_INFINITY;
  for (const vantage of vantages) {
    const km = greatCircleKm(coordinates, vantage.place);
    if (km < nearestKm) [nearest, nearestKm] = [vantage, km];
  }
  return nearest;
}
