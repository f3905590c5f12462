// A hosted zone as `monitor zone pull` writes it, in which the service of the example topology is routed otherwise than the
// topology asks for: the European region is primary. One check looks by address and one by name.
import type { Topology } from "../../monitor/topology/topology.ts";
import { parsePulledZone } from "../../monitor/zone/pulled-zone.ts";
import { AWS, EXAMPLE, GCP } from "./example-topology.ts";

const NAME = `${EXAMPLE.service.host}.`;
const WATCHED = { Port: 443, Type: "HTTPS", ResourcePath: "/healthz", RequestInterval: 10, FailureThreshold: 3 };

export const SNAPSHOT_VALUE = {
  schemaVersion: 1,
  kind: "route53-snapshot",
  pulledAt: "2026-11-22T12:00:00.000Z",
  hostedZone: { Id: "Z0123456789EXAMPLE", Name: "multicloud.example.com." },
  resourceRecordSets: [
    {
      Name: NAME,
      Type: "A",
      SetIdentifier: "1",
      Failover: "PRIMARY",
      TTL: 60,
      ResourceRecords: [{ Value: GCP.endpoint.addresses[0] ?? "" }],
      HealthCheckId: "hc-gcp",
    },
    {
      Name: NAME,
      Type: "A",
      SetIdentifier: "2",
      Failover: "SECONDARY",
      TTL: 60,
      ResourceRecords: [{ Value: AWS.endpoint.addresses[0] ?? "" }],
      HealthCheckId: "hc-aws",
    },
    { Name: "other.multicloud.example.com.", Type: "A", TTL: 60, ResourceRecords: [{ Value: "203.0.113.1" }] },
  ],
  healthChecks: [
    { Id: "hc-gcp", HealthCheckConfig: { ...WATCHED, IPAddress: GCP.endpoint.addresses[0] ?? "" } },
    {
      Id: "hc-aws",
      HealthCheckConfig: { ...WATCHED, FullyQualifiedDomainName: AWS.endpoint.url.replace("https://", "") },
    },
    { Id: "hc-other", HealthCheckConfig: { ...WATCHED, IPAddress: "203.0.113.1" } },
  ],
};

/** The example topology with the zone of a snapshot in the place of its own. */
export function pulled(value: object = SNAPSHOT_VALUE, topology: Topology = EXAMPLE): Topology {
  const parsed = parsePulledZone(JSON.stringify(value), topology);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("; "));
  return { ...topology, pulledZone: parsed.value };
}

/** The snapshot with other settings for all of its health checks. */
export function withChecks(part: object): object {
  const healthChecks = SNAPSHOT_VALUE.healthChecks.map(({ Id, HealthCheckConfig }) => ({
    Id,
    HealthCheckConfig: { ...HealthCheckConfig, ...part },
  }));
  return { ...SNAPSHOT_VALUE, healthChecks };
}
