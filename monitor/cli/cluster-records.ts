// What Route 53 must hold for one region, in words that a person can type into its console: the record sets and the health
// check are those that the judge expects.
import type { RecordSet } from "../policy/record-set.ts";
import { byType } from "../topology/published-zone.ts";
import type { Region, Topology } from "../topology/topology.ts";
import { splitUrl } from "../topology/url.ts";
import { regionOfSet, zoneOf } from "../topology/zone.ts";

/** Of the region's own name; empty where it is watched by an address. */
export function ownNameTexts({ dns }: Topology, { endpoint }: Region): readonly string[] {
  const host = splitUrl(endpoint.url)?.host ?? "";
  if (endpoint.addresses.includes(host) || host === "") return [];
  return byType(endpoint.addresses).map(
    ({ type, values }) => `${type} ${host} ${values.join(" ")}, TTL ${dns.policy.ttlSeconds}`,
  );
}

/** The region's share of the service's name; empty where the policy gives it none. Of a region that has left too. */
export function sharedRecordTexts(topology: Topology, region: Region): readonly string[] {
  const others = topology.regions.filter(({ id }) => id !== region.id);
  const sets = zoneOf({ ...topology, regions: [...others, region] }).recordSets;
  const own = byType(region.endpoint.addresses);
  return topology.dns.policy.routing === "simple"
    ? own.map(({ type, values }) => `${values.join(" ")} among the values of ${type} ${topology.service.host}`)
    : sets.filter(({ setIdentifier }) => regionOfSet(setIdentifier) === region.id).map(recordText);
}

function recordText({ name, type, setIdentifier, routing, target, healthCheckId }: RecordSet): string {
  const values = target.kind === "values" ? `${target.values.join(" ")}, TTL ${target.ttlSeconds}` : "an alias";
  const how =
    routing.routing === "latency"
      ? `latency ${routing.awsRegion}`
      : routing.routing === "failover"
        ? `failover ${routing.role}`
        : routing.routing === "weighted"
          ? `weight ${routing.weight}`
          : routing.routing;
  const check = healthCheckId === null ? "" : ", with its health check";
  return `${type} ${name} ${values}, ${how}, set identifier ${setIdentifier ?? ""}${check}`;
}

/** "HTTPS sae1.demo.example.com:443/healthz, every 30 s, 3 in a row". */
export function healthCheckText(topology: Topology, region: Region): string {
  const others = topology.regions.filter(({ id }) => id !== region.id);
  const check = zoneOf({ ...topology, regions: [...others, region] }).healthChecks.find(({ id }) => id === region.id);
  if (check === undefined) return region.id;
  const { type, host, ipAddress, port, path, requestIntervalSeconds, failureThreshold } = check;
  const where = ipAddress === null ? "" : ` at ${ipAddress}`;
  return `${type} ${host ?? ""}:${port}${path ?? ""}${where}, every ${requestIntervalSeconds} s, ${failureThreshold} in a row`;
}
