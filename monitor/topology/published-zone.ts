// The zone as it is written into Route 53: beside the service's records each region's own name, by which it is probed. In one
// of two forms: addresses at the service's name, or a tree in which that name is an alias of the regional ones.
import type { AliasTarget, RecordSet, RecordType } from "../policy/record-set.ts";
import { isWithin } from "../policy/name-lookup.ts";
import { normalName, valuesOf } from "../policy/record-set.ts";
import type { Region, Topology } from "./topology.ts";
import { splitUrl } from "./url.ts";
import { regionOfSet, type TopologyZone, zoneOf } from "./zone.ts";

export type ZoneForm = "addresses" | "tree";

export const ZONE_FORMS: readonly ZoneForm[] = ["addresses", "tree"];

export type PublishedZone =
  | { readonly kind: "zone"; readonly zone: TopologyZone }
  /** Route 53 has no such records; why, as half a sentence. */
  | { readonly kind: "impossible"; readonly why: string };

/** Regional names first, because an alias needs its target; checks that no record names are left out. */
export function publishedZone(topology: Topology, form: ZoneForm): PublishedZone {
  const zone = zoneOf(topology);
  const why = form === "tree" ? whyNoTree(topology, zone) : whyNoAddresses(zone);
  if (why !== null) return { kind: "impossible", why };
  const recordSets =
    form === "tree"
      ? [...treeLeaves(topology, zone), ...zone.recordSets.map((record) => aliased(topology, zone, record))]
      : [...regionalRecords(topology, zone), ...zone.recordSets];
  const named = new Set(recordSets.map(({ healthCheckId }) => healthCheckId));
  return {
    kind: "zone",
    zone: { ...zone, recordSets, healthChecks: zone.healthChecks.filter(({ id }) => named.has(id)) },
  };
}

/** The form that a zone's records at the service's name have; null: it has none of them. */
export function formOf(recordSets: readonly RecordSet[], topology: Topology): ZoneForm | null {
  const names = new Set(topology.regions.map(hostOf));
  const own = recordSets.filter(({ name, type }) => name === normalName(topology.service.host) && isAddressType(type));
  if (own.length === 0) return null;
  return own.some(({ target }) => target.kind === "alias" && names.has(target.name)) ? "tree" : "addresses";
}

function isAddressType(type: RecordType): boolean {
  return type === "A" || type === "AAAA";
}

function whyNoAddresses({ recordSets }: TopologyZone): string | null {
  const wide = recordSets.find((record) => record.routing.routing === "latency" && valuesOf(record).length > 1);
  return wide === undefined
    ? null
    : `a latency record holds one value, and ${wide.setIdentifier ?? ""} has ${valuesOf(wide).length} ${wide.type} addresses`;
}

function whyNoTree(topology: Topology, { name, recordSets }: TopologyZone): string | null {
  const routing = topology.dns.policy.routing;
  if (routing === "simple") return "simple routing has one record, and an alias has one target";
  if (recordSets.some((record) => record.routing.routing === "multivalue"))
    return "multivalue records can be no aliases";
  const outside = topology.regions.find((region) => !isWithin(hostOf(region), name));
  if (outside !== undefined) return `the name of ${outside.id}, ${hostOf(outside)}, is not in the zone ${name}`;
  const hosts = topology.regions.map(hostOf);
  const shared = topology.regions.find((region, index) => hosts.indexOf(hostOf(region)) !== index);
  return shared === undefined ? null : `${shared.id} has no name of its own: ${hostOf(shared)} is another region's too`;
}

/** The names by which the regions are probed, as far as they are in the zone; one that several share has all of their values. */
function regionalRecords(topology: Topology, zone: TopologyZone): readonly RecordSet[] {
  const hosts = [...new Set(topology.regions.map(hostOf))].filter((host) => isWithin(host, zone.name));
  return hosts.flatMap((host) => {
    const addresses = topology.regions
      .filter((region) => hostOf(region) === host)
      .flatMap((region) => region.endpoint.addresses);
    return byType(addresses).map(({ type, values }) => plainRecord(topology, host, type, values));
  });
}

/**
 * In a tree the regional name carries the check, which needs a routing policy to mean something: weighted, with one member.
 * A check that resolves that very name would follow itself, so such a one is at the alias.
 */
function treeLeaves(topology: Topology, zone: TopologyZone): readonly RecordSet[] {
  return regionalRecords(topology, zone).map((record): RecordSet => {
    const region = topology.regions.find((one) => hostOf(one) === record.name);
    const gated = zone.recordSets.some((shared) => shared.healthCheckId === region?.id && shared.type === record.type);
    return region !== undefined && gated && isByAddress(zone, region.id)
      ? {
          ...record,
          setIdentifier: region.id,
          routing: { routing: "weighted", weight: 1 },
          healthCheckId: region.id,
        }
      : record;
  });
}

function aliased(topology: Topology, zone: TopologyZone, record: RecordSet): RecordSet {
  const id = regionOfSet(record.setIdentifier) ?? "";
  const region = topology.regions.find((one) => one.id === id);
  const target: AliasTarget = {
    kind: "alias",
    name: region === undefined ? record.name : hostOf(region),
    hostedZoneId: null,
    evaluateTargetHealth: true,
  };
  return { ...record, target, healthCheckId: isByAddress(zone, id) ? null : record.healthCheckId };
}

function isByAddress({ healthChecks }: TopologyZone, id: string): boolean {
  return healthChecks.some((check) => check.id === id && check.ipAddress !== null);
}

function plainRecord({ dns }: Topology, name: string, type: "A" | "AAAA", values: readonly string[]): RecordSet {
  const target = { kind: "values" as const, values, ttlSeconds: dns.policy.ttlSeconds };
  return { name, type, setIdentifier: null, routing: { routing: "simple" }, target, healthCheckId: null };
}

/** Addresses by the type of record that holds them, A first. */
export function byType(
  addresses: readonly string[],
): readonly { readonly type: "A" | "AAAA"; readonly values: readonly string[] }[] {
  return (["A", "AAAA"] as const)
    .map((type) => ({ type, values: addresses.filter((address) => address.includes(":") === (type === "AAAA")) }))
    .filter(({ values }) => values.length > 0);
}

function hostOf({ endpoint }: Region): string {
  return splitUrl(endpoint.url)?.host ?? "";
}
