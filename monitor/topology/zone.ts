// The hosted zone that a topology asks for: its record sets and health checks, in Route 53's words. Judge, local DNS
// server and (later) renderers all read the policy from here, so that it is decided in one place.
import { ENDPOINT_DEFAULTS, type EndpointCheck } from "../policy/health-check.ts";
import type { AddressType, RecordSet, Zone } from "../policy/record-set.ts";
import { normalName } from "../policy/record-set.ts";
import { assert } from "../problem.ts";
import { collectionsOf, sharesOf } from "./region-share.ts";
import { type Region, recordTypes, type Topology } from "./topology.ts";
import { splitUrl } from "./url.ts";

/** What a topology can ask for: checks of endpoints only. */
export interface TopologyZone extends Zone {
  readonly healthChecks: readonly EndpointCheck[];
}

/** The id of a health check is the id of the region that it looks at. */
export function zoneOf(topology: Topology): TopologyZone {
  return {
    id: null,
    name: normalName(topology.dns.zone),
    recordSets: recordTypes(topology).flatMap((type) => recordSetsOf(topology, type)),
    healthChecks: topology.regions.map((region) => healthCheckOf(topology, region)),
    cidrCollections: collectionsOf(topology.dns.policy),
  };
}

function recordSetsOf(topology: Topology, type: AddressType): readonly RecordSet[] {
  const name = normalName(topology.service.host);
  const { policy } = topology.dns;
  if (policy.routing === "simple") {
    const values = topology.regions.flatMap((region) => addressesOf(region, type));
    const target = { kind: "values" as const, values, ttlSeconds: policy.ttlSeconds };
    return [{ name, type, setIdentifier: null, routing: { routing: "simple" }, target, healthCheckId: null }];
  }
  return topology.regions
    .filter((region) => addressesOf(region, type).length > 0)
    .flatMap((region) =>
      sharesOf(policy, region).map(({ routing, place }): RecordSet => {
        const target = { kind: "values" as const, values: addressesOf(region, type), ttlSeconds: policy.ttlSeconds };
        const setIdentifier = place === null ? region.id : `${region.id}${PLACE_MARK}${place}`;
        return { name, type, setIdentifier, routing, target, healthCheckId: region.dnsHealthCheck ? region.id : null };
      }),
    );
}

/** No region id has it. */
const PLACE_MARK = "/";

/** The region whose record this is; null: nobody's, under simple routing. */
export function regionOfSet(setIdentifier: string | null): string | null {
  return setIdentifier?.split(PLACE_MARK)[0] ?? null;
}

function addressesOf(region: Region, type: AddressType): readonly string[] {
  return region.endpoint.addresses.filter((address) => address.includes(":") === (type === "AAAA"));
}

function healthCheckOf(topology: Topology, region: Region): EndpointCheck {
  const { path, intervalSeconds, failureThreshold } = topology.dns.healthCheck;
  const url = splitUrl(region.endpoint.url);
  assert(url !== null, "the schema checks the endpoint's URL");
  return {
    ...ENDPOINT_DEFAULTS,
    id: region.id,
    type: url.scheme === "https" ? "HTTPS" : "HTTP",
    ipAddress: checkedAddress(region),
    host: url.host,
    port: url.port,
    path,
    requestIntervalSeconds: intervalSeconds,
    failureThreshold,
  };
}

/**
 * A check by address looks at the very value that DNS answers, and its host name is no more than Host and server name. Null
 * where several IPv4 addresses stand for the region: then the name is resolved, IPv4 only, and one of them looked at.
 */
function checkedAddress({ endpoint }: Region): string | null {
  const ipv4 = endpoint.addresses.filter((address) => !address.includes(":"));
  return ipv4.length > 1 ? null : (ipv4[0] ?? endpoint.addresses[0] ?? null);
}
