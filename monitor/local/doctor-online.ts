// The part of `monitor doctor` that leaves this machine, and so runs only when asked for: whether names resolve, and whether
// the zone's name servers can be reached by TCP and by UDP, which firewalls like to forbid.
import { lookup } from "node:dns/promises";
import { makeNodeDns } from "../node/dns.ts";
import type { Clock, DnsServer } from "../run/world.ts";
import type { Topology } from "../topology/topology.ts";
import { splitServer, splitUrl } from "../topology/url.ts";
import { type DoctorGroup, type DoctorRow, missing, present, skipped } from "./doctor-row.ts";
import { errorText } from "./listening.ts";

const LIMIT_MS = 5000;
const SERVERS_MAX = 8;
const DNS_PORT = 53;

const ABOUT = {
  names: { group: "Route 53", name: "name resolution", neededFor: "monitor check and monitor probe" },
  tcp: { group: "Route 53", name: "name servers by TCP", neededFor: "asking the zone's own servers" },
  udp: { group: "Route 53", name: "name servers by UDP", neededFor: "asking as resolvers ask" },
} as const satisfies Record<string, { group: DoctorGroup; name: string; neededFor: string }>;

export function skipOnline(why: string, fix: string | null): readonly DoctorRow[] {
  return Object.values(ABOUT).map((about) => skipped(about, why, fix));
}

export async function examineOnline(topology: Topology, clock: Clock): Promise<readonly DoctorRow[]> {
  const [names, servers] = await Promise.all([namesRow(topology, clock), examineServers(topology, clock)]);
  return [names, ...servers];
}

/** Any answer will do: the way there is what is looked at. */
export async function examineServers(topology: Topology, clock: Clock): Promise<readonly DoctorRow[]> {
  const servers = await findServers(topology, clock);
  if (typeof servers === "string") {
    const fix = "allow HTTPS to the topology's resolvers, or name the servers under dns.nameServers";
    return [ABOUT.tcp, ABOUT.udp].map((about) => missing(about, servers, fix));
  }
  return await Promise.all([serversRow("tcp", topology, servers, clock), serversRow("udp", topology, servers, clock)]);
}

async function namesRow(topology: Topology, clock: Clock): Promise<DoctorRow> {
  const hosts = topology.regions.flatMap((region) => splitUrl(region.endpoint.url)?.host ?? []);
  const found = await Promise.all(
    [...new Set([topology.service.host, ...hosts])].map(async (host) => ({
      host,
      problem: await resolveProblem(host, clock),
    })),
  );
  const bad = found.filter(({ problem }) => problem !== null);
  if (bad.length === 0) return present(ABOUT.names, found.map(({ host }) => host).join(", "));
  const seen = bad.map(({ host, problem }) => `${host}: ${problem}`).join("; ");
  return missing(ABOUT.names, seen, "create these records, or look at this machine's resolver");
}

async function resolveProblem(host: string, clock: Clock): Promise<string | null> {
  try {
    return (await clock.within(lookup(host), LIMIT_MS)) === null ? "no answer in time" : null;
  } catch (thrown) {
    return errorText(thrown);
  }
}

/** A string is what is wrong. */
async function findServers({ dns }: Topology, clock: Clock): Promise<readonly string[] | string> {
  if (dns.nameServers.length > 0) return dns.nameServers.slice(0, SERVERS_MAX);
  const [url] = dns.resolvers;
  if (url === undefined) return "the topology names no name server, and no resolver to find one";
  const query = { name: dns.zone, type: "NS" as const, clientSubnet: null, deadlineMs: clock.monotonicMs() + LIMIT_MS };
  const reply = await makeNodeDns({ clock }).ask(query, { kind: "recursive", url });
  if (reply.kind === "failed") return `${url}: ${reply.failure.detail}`;
  return reply.addresses.length === 0
    ? `${url} knows no name server of ${dns.zone} (${reply.rcode})`
    : reply.addresses.slice(0, SERVERS_MAX);
}

async function serversRow(
  transport: "tcp" | "udp",
  { service }: Topology,
  servers: readonly string[],
  clock: Clock,
): Promise<DoctorRow> {
  const dns = makeNodeDns({ clock, transport });
  const asked = await Promise.all(
    servers.map(async (name) => {
      const query = {
        name: service.host,
        type: "A" as const,
        clientSubnet: null,
        deadlineMs: clock.monotonicMs() + LIMIT_MS,
      };
      const server = serverOf(name);
      if (server === null) return `${name}: no name server`;
      const reply = await dns.ask(query, server);
      return reply.kind === "failed" ? `${name}: ${reply.failure.detail}` : null;
    }),
  );
  const bad = asked.filter((problem) => problem !== null);
  const about = ABOUT[transport];
  return bad.length === 0
    ? present(about, servers.join(", "))
    : missing(about, bad.join("; "), `allow ${transport.toUpperCase()} to port 53 in this network's firewall`);
}

function serverOf(name: string): DnsServer | null {
  const parts = splitServer(name.replace(/\.$/, ""));
  return parts === null ? null : { kind: "authoritative", host: parts.host, port: parts.port ?? DNS_PORT };
}
