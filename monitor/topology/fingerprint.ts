// A short name for what a topology says, so that stored state can tell that it was made under another one. It notices
// changes and withstands nobody: FNV-1a, because the core has no cryptography.
import { unpacedTopology } from "./pace.ts";
import type { Topology } from "./topology.ts";

const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/**
 * 16 hex digits over the topology as JSON with sorted keys. Its pace of the moment, how clusters are reached from here, the
 * router, maintenance, what is promised and who is told are not part of it: none of them changes what DNS should answer.
 */
export function fingerprint(topology: Topology): string {
  const { federation: _way, maintenance: _announced, alerts: _told, ...judged } = unpacedTopology(topology);
  return textFingerprint(JSON.stringify({ ...judged, router: { mode: "off" }, objectives: [] }, sortKeys));
}

/** 16 hex digits over all that decides where this vantage looks and asks: who has another of them looks at something else. */
export function looksFingerprint({ service, regions, dns, probe }: Topology, vantage: string): string {
  const looks = {
    host: service.host,
    regions: regions.map(({ id, region, endpoint }) => ({ id, region, endpoint })),
    path: dns.healthCheck.path,
    dns: { zone: dns.zone, nameServers: dns.nameServers, resolvers: dns.resolvers },
    vantage: probe.vantages.find(({ id }) => id === vantage) ?? null,
    everySeconds: probe.fileIntervalSeconds ?? probe.intervalSeconds,
    timeoutMs: probe.timeoutMs,
  };
  return textFingerprint(JSON.stringify(looks, sortKeys));
}

/** 16 hex digits: FNV-1a of 64 bits by UTF-16 units. */
export function textFingerprint(text: string): string {
  let hash = OFFSET_BASIS;
  for (let index = 0; index < text.length; index += 1)
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(index))) * PRIME);
  return hash.toString(16).padStart(16, "0");
}

/** Two files that say the same in another order are the same topology; the order of lists means something. */
function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
