// `/status` and a zone's snapshot put together: for each region what three observers say of it.
import { parseIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { type CheckerLook, parseCheckerLook, type RegionSight, type SeenDns } from "../verify/sight.ts";
import type { Snapshot } from "../zone/snapshot.ts";
import type { StatusReport } from "./status-schema.ts";

/** `checkIds`: Route 53's id of each region's health check; a region without one is not in it. In the topology's order. */
export function sightsOf(
  topology: Topology,
  status: StatusReport,
  snapshot: Snapshot,
  checkIds: Readonly<Record<string, string>>,
): readonly RegionSight[] {
  return topology.regions.map(({ id, endpoint }): RegionSight => {
    const seen = status.regions.find((region) => region.id === id);
    const others = topology.regions.filter((region) => region.id !== id);
    return {
      region: id,
      addresses: endpoint.addresses,
      otherAddresses: Object.fromEntries(others.map((region) => [region.id, region.endpoint.addresses])),
      ours: {
        route53: seen?.health ?? "unknown",
        user: seen?.userHealth ?? "unknown",
        looks: Object.entries(status.matrix[id] ?? {}).flatMap(([vantage, { state, failure }]) =>
          state === "up" || state === "down" ? [{ vantage, cause: failure?.cause ?? null }] : [],
        ),
      },
      theirs: theirsOf(snapshot, checkIds[id] ?? null),
      dns: status.dns
        .map((row) => dnsOf(topology, row))
        .filter(({ regions, wanted }) => regions.includes(id) || wanted.includes(id))
        .map(({ wanted: _wanted, ...row }) => row),
    };
  });
}

function theirsOf(snapshot: Snapshot, id: string | null): RegionSight["theirs"] {
  const check = snapshot.healthChecks.find((one) => one.Id === id);
  if (id === null || check === undefined) return null;
  const config = check.HealthCheckConfig;
  const word = snapshot.cloudWatchStatus[id] ?? null;
  return {
    id,
    settings: {
      type: config.Type,
      host: config.FullyQualifiedDomainName ?? null,
      ipAddress: config.IPAddress ?? null,
      enableSni: config.EnableSNI ?? config.Type.startsWith("HTTPS"),
      disabled: config.Disabled ?? false,
      inverted: config.Inverted ?? false,
      failureThreshold: config.FailureThreshold ?? 3,
    },
    looks: (snapshot.observations[id] ?? []).flatMap((seen): readonly CheckerLook[] => {
      const look = parseCheckerLook(seen.Region ?? "unknown", seen.StatusReport?.Status ?? "");
      return look === null ? [] : [look];
    }),
    verdict: word === null ? null : word === 1 ? "healthy" : "unhealthy",
  };
}

function dnsOf(
  { regions }: Topology,
  { vantage, view, server, answer, expected, verdict, reason, deadline }: StatusReport["dns"][number],
): SeenDns & { readonly wanted: readonly string[] } {
  const among = (values: readonly string[]): readonly string[] =>
    regions.filter(({ endpoint }) => endpoint.addresses.some((one) => values.includes(one))).map(({ id }) => id);
  const by = deadline === undefined ? null : parseIso(deadline);
  return { vantage, view, server, regions: among(answer), wanted: among(expected), verdict, reason, deadline: by };
}
