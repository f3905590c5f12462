// The zone that DNS is held to: the one that the topology asks for, or a real one that was pulled. And which region each of its
// health checks looks at, because our vantages look at regions and not at health checks.
import type { AnswerChoice } from "../policy/answer.ts";
import type { HealthView } from "../policy/health-check.ts";
import { askedGroup } from "../policy/name-lookup.ts";
import { ttlSecondsBehind } from "../policy/reach.ts";
import type { Zone } from "../policy/record-set.ts";
import { type DnsPolicy, recordTypes, type Topology } from "./topology.ts";
import { regionOfSet, zoneOf } from "./zone.ts";

export interface JudgedZone {
  readonly zone: Zone;
  /** By health check id; a check that looks at none of our regions is not here, and its health is unknown to us. */
  readonly regionOfCheck: Readonly<Record<string, string>>;
}

export function judgedZoneOf(topology: Topology): JudgedZone {
  return topology.pulledZone ?? zoneByRegions(zoneOf(topology));
}

/** Of a zone whose health checks have the ids of the regions that they look at. */
export function zoneByRegions(zone: Zone): JudgedZone {
  return { zone, regionOfCheck: Object.fromEntries(zone.healthChecks.map(({ id }) => [id, id])) };
}

/** Health by health check id, from health by region id. */
export function checkView({ regionOfCheck }: JudgedZone, byRegion: HealthView): HealthView {
  return Object.fromEntries(
    Object.entries(regionOfCheck).map(([check, region]) => [check, byRegion[region] ?? "unknown"]),
  );
}

/** The routing at the service's name, as the zone that is judged has it. */
export function judgedRouting(topology: Topology): DnsPolicy["routing"] {
  const { pulledZone, service, dns } = topology;
  if (pulledZone === undefined) return dns.policy.routing;
  const [type = "A"] = recordTypes(topology);
  const [first] = askedGroup(pulledZone.zone, service.host, type) ?? [];
  return first?.routing.routing ?? dns.policy.routing;
}

/** The longest that a cache may hold an answer to the service's name, as the zone that is judged has it. */
export function judgedTtlSeconds(topology: Topology): number {
  const { pulledZone, service, dns } = topology;
  if (pulledZone === undefined) return dns.policy.ttlSeconds;
  return Math.max(...recordTypes(topology).map((type) => ttlSecondsBehind(pulledZone.zone, service.host, type)));
}

/** Whose answer this is; null: nobody's alone. A real zone's identifiers are anybody's, so there the addresses tell. */
export function regionOfChoice({ pulledZone, regions }: Topology, choice: AnswerChoice | null): string | null {
  if (pulledZone === undefined || choice === null) return regionOfSet(choice?.setIdentifier ?? null);
  const { values } = choice;
  const owner = regions.find(({ endpoint }) => values.every((value) => endpoint.addresses.includes(value)));
  return values.length === 0 ? null : (owner?.id ?? null);
}
