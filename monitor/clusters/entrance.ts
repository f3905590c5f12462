// Where users come into a cluster: the load balancer of the Istio gateway or of the service itself, and whether the topology's
// addresses are those that the cloud gave it.
import { listAt, textAt, type ValueMap } from "../topology/loose-value.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { nameOf } from "./pods.ts";
import { type ClusterReading, type Looks, objectsOf } from "./sight.ts";
import { entranceWishes } from "./wish.ts";

/** A Service of type LoadBalancer. */
export interface Entrance {
  /** "istio-system/istio-ingressgateway". */
  readonly service: string;
  /** Sorted; with `hostnames` both empty while the cloud has given none yet. */
  readonly addresses: readonly string[];
  /** AWS gives names, whose addresses may change. */
  readonly hostnames: readonly string[];
}

export type Discovery =
  | { readonly kind: "same"; readonly entrance: Entrance }
  | {
      readonly kind: "differs";
      readonly entrance: Entrance;
      readonly from: readonly string[];
      readonly to: readonly string[];
    }
  /** Of a name nobody has asked for addresses yet, or none came. */
  | { readonly kind: "named"; readonly entrance: Entrance }
  | { readonly kind: "pending"; readonly entrance: Entrance }
  | { readonly kind: "several"; readonly services: readonly string[] }
  | { readonly kind: "none" }
  | { readonly kind: "unread"; readonly detail: string };

export interface DiscoveredRegion {
  readonly region: Region;
  readonly discovery: Discovery;
}

/** `wanted`: the one Service that counts, "namespace/name"; null: whichever there is. By namespace and name. */
export function entrancesOf(looks: Looks, topology: Topology, wanted: string | null): readonly Entrance[] {
  return entranceWishes(topology)
    .flatMap(({ key }) => objectsOf(looks, key))
    .filter((service) => textAt(service, ["spec", "type"]) === "LoadBalancer")
    .map(entranceOf)
    .filter(({ service }) => wanted === null || service === wanted)
    .toSorted((a, b) => (a.service < b.service ? -1 : 1));
}

function entranceOf(service: ValueMap): Entrance {
  const given = listAt(service, ["status", "loadBalancer", "ingress"]);
  const all = (key: string): readonly string[] =>
    [...new Set(given.map((one) => textAt(one, [key])))].filter((text) => text !== "").toSorted();
  return {
    service: `${textAt(service, ["metadata", "namespace"])}/${nameOf(service)}`,
    addresses: all("ip"),
    hostnames: all("hostname"),
  };
}

/** What could not be read is never taken for missing. */
export function discover(
  region: Region,
  reading: ClusterReading,
  topology: Topology,
  wanted: string | null,
): DiscoveredRegion {
  if (reading.kind === "closed") return { region, discovery: { kind: "unread", detail: reading.detail } };
  for (const { key } of entranceWishes(topology)) {
    const look = reading.looks[key];
    if (look?.kind === "forbidden" || look?.kind === "failed")
      return { region, discovery: { kind: "unread", detail: look.detail } };
  }
  return { region, discovery: among(entrancesOf(reading.looks, topology, wanted), region) };
}

function among(entrances: readonly Entrance[], region: Region): Discovery {
  const [entrance, second] = entrances;
  if (entrance === undefined) return { kind: "none" };
  if (second !== undefined) return { kind: "several", services: entrances.map(({ service }) => service) };
  if (entrance.addresses.length > 0) return compared(entrance, entrance.addresses, region);
  return { kind: entrance.hostnames.length > 0 ? "named" : "pending", entrance };
}

/** `to`: the entrance's own addresses, or those of its names. */
export function compared(entrance: Entrance, to: readonly string[], { endpoint }: Region): Discovery {
  const from = endpoint.addresses;
  const isSame = from.length === to.length && from.every((address) => to.includes(address));
  return isSame ? { kind: "same", entrance } : { kind: "differs", entrance, from, to };
}
