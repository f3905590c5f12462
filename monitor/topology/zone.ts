// The hosted zone that a topology asks for: its record sets and health checks, in Route 53's words. Judge, local DNS
// server and (later) renderers all read the policy from here, so that it is decided in one place.
import type { HealthCheck } from "../policy/health-check.ts";
import type { RecordSet, RecordType, Routing, Zone } from "../policy/record-set.ts";
import { normalName } from "../policy/record-set.ts";
import { assert } from "../problem.ts";
import { type Region, recordTypes, type Topology } from "./topology.ts";
import { splitUrl } from "./url.ts";

/** The id of a health check is the id of the region that it looks at. */
export function zoneOf(topology: Topology): Zone {
  return {
    name: normalName(topology.dns.zone),
    recordSets: recordTypes(topology).flatMap((type) => recordSetsOf(topology, type)),
    healthChecks: topology.regions.map((region) => healthCheckOf(topology, region)),
  };
}

function recordSetsOf(topology: Topology, type: RecordType): readonly RecordSet[] {
  const name = normalName(topology.service.host);
  const { policy } = topology.dns;
  if (policy.routing === "simple") {
    const values = topology.regions.flatMap((region) => addressesOf(region, type));
    const target = { kind: "values" as const, values, ttlSeconds: policy.ttlSeconds };
    return [{ name, type, setIdentifier: null, routing: { routing: "simple" }, target, healthCheckId: null }];
  }
  return topology.regions
    .filter((region) => addressesOf(region, type).length > 0)
    .flatMap((region): RecordSet[] => {
      const routing = routingOf(topology, region);
      if (routing === null) return [];
      const target = { kind: "values" as const, values: addressesOf(region, type), ttlSeconds: policy.ttlSeconds };
      return [
        {
          name,
          type,
          setIdentifier: region.id,
          routing,
          target,
          healthCheckId: region.dnsHealthCheck ? region.id : null,
        },
      ];
    });
}

/** Null: the region has no record, being neither primary nor secondary. */
function routingOf(topology: Topology, region: Region): Routing | null {
  const { policy } = topology.dns;
  if (policy.routing === "failover") {
    if (region.id === policy.primary) return { routing: "failover", role: "PRIMARY" };
    return region.id === policy.secondary ? { routing: "failover", role: "SECONDARY" } : null;
  }
  assert(region.awsRegion !== null, "the schema asks every region for an awsRegion under latency routing");
  return { routing: "latency", awsRegion: region.awsRegion };
}

function addressesOf(region: Region, type: RecordType): readonly string[] {
  return region.endpoint.addresses.filter((address) => address.includes(":") === (type === "AAAA"));
}

function healthCheckOf(topology: Topology, region: Region): HealthCheck {
  const { path, intervalSeconds, failureThreshold } = topology.dns.healthCheck;
  const url = splitUrl(region.endpoint.url);
  assert(url !== null, "the schema checks the endpoint's URL");
  return {
    id: region.id,
    type: url.scheme === "https" ? "HTTPS" : "HTTP",
    host: url.host,
    port: url.port,
    path,
    requestIntervalSeconds: intervalSeconds,
    failureThreshold,
    disabled: false,
    inverted: false,
  };
}
