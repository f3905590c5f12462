// Which server a question goes to: one of the topology's, or one found through a resolver and remembered as long as its
// record lives.
import type { DnsPath, Failure } from "../model/observation.ts";
import { type Instant, MINUTE_MS, SECOND_MS } from "../time.ts";
import type { DnsSettings } from "../topology/topology.ts";
import { splitUrl } from "../topology/url.ts";
import type { DnsJob } from "./plan.ts";
import type { DnsServer, LookingWorld } from "./world.ts";

export type FoundServer =
  | { readonly kind: "server"; readonly server: DnsServer }
  | { readonly kind: "failed"; readonly failure: Failure };

/** Name servers by zone; belongs to one vantage and may be lost at any time. */
export type NameServerCache = Map<string, { readonly names: readonly string[]; readonly until: Instant }>;

/** Zones in the cache; one watched service has one. */
const CACHE_ZONES_MAX = 16;
const CACHE_AGE_MAX_MS = 60 * MINUTE_MS;
const DNS_PORT = 53;

export async function findServer(
  job: DnsJob,
  deadlineMs: number,
  cache: NameServerCache,
  world: LookingWorld,
): Promise<FoundServer> {
  const resolver = pick(job.resolvers, job.turn);
  if (job.view === "recursive") {
    return resolver === null
      ? none("the topology names no resolver")
      : { kind: "server", server: { kind: "recursive", url: resolver } };
  }
  if (job.nameServers.length > 0) return authoritative(pick(job.nameServers, job.turn) ?? "");
  const cached = cache.get(job.zone);
  if (cached !== undefined && world.clock.now() < cached.until)
    return authoritative(pick(cached.names, job.turn) ?? "");
  if (resolver === null) return none("the topology names no name server, and no resolver to find one");
  return lookUp(job, resolver, deadlineMs, cache, world);
}

async function lookUp(
  job: DnsJob,
  resolver: string,
  deadlineMs: number,
  cache: NameServerCache,
  world: LookingWorld,
): Promise<FoundServer> {
  const query = { name: job.zone, type: "NS" as const, clientSubnet: null, deadlineMs };
  const asked = nameOfResolver(resolver, job.resolvers);
  const reply = await world.dns.ask(query, { kind: "recursive", url: resolver });
  if (reply.kind === "failed")
    return none(`${asked}, asked for the name servers of ${job.zone}: ${reply.failure.detail}`);
  const name = pick(reply.addresses, job.turn);
  if (name === null) return none(`${asked} knows no name server of ${job.zone} (${reply.rcode})`);
  if (cache.size >= CACHE_ZONES_MAX) cache.clear();
  const lifeMs = Math.min((reply.ttlSeconds ?? 0) * SECOND_MS, CACHE_AGE_MAX_MS);
  cache.set(job.zone, { names: reply.addresses, until: world.clock.now() + lifeMs });
  return authoritative(name);
}

function authoritative(text: string): FoundServer {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+|[0-9a-fA-F:]+?))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined) return none(`"${text}" is no name server`);
  return {
    kind: "server",
    server: { kind: "authoritative", host, port: match?.[3] === undefined ? DNS_PORT : Number(match[3]) },
  };
}

function pick(list: readonly string[], turn: number): string | null {
  return list.length === 0 ? null : (list[turn % list.length] ?? null);
}

function none(detail: string): FoundServer {
  return { kind: "failed", failure: { cause: "name-not-resolved", detail } };
}

/** `resolvers`: all of them, as in the job. */
export function nameOfServer(server: DnsServer, resolvers: readonly string[]): string {
  if (server.kind === "recursive") return nameOfResolver(server.url, resolvers);
  return hostAndPort(server.host, server.port, DNS_PORT);
}

/** Of each server that the topology names, as observations call it; none of name servers that are looked up. */
export function serverNames({ nameServers, resolvers }: DnsSettings, view: DnsPath): readonly string[] {
  if (view === "recursive") return resolvers.map((url) => nameOfResolver(url, resolvers));
  return nameServers.flatMap((text) => {
    const found = authoritative(text);
    return found.kind === "server" ? [nameOfServer(found.server, resolvers)] : [];
  });
}

/** In the place of a server's name where none was found. */
export function unfoundServer(zone: string): string {
  return `name servers of ${zone}`;
}

/** Without the path: with some providers that is the customer's secret. Where hosts are the same their order tells them apart. */
function nameOfResolver(url: string, resolvers: readonly string[]): string {
  const placeOf = (text: string): string => {
    const parts = splitUrl(text);
    return parts === null ? "resolver" : hostAndPort(parts.host, parts.port, parts.scheme === "https" ? 443 : 80);
  };
  const same = resolvers.filter((other) => placeOf(other) === placeOf(url));
  return same.length > 1 ? `${placeOf(url)} (${same.indexOf(url) + 1})` : placeOf(url);
}

function hostAndPort(host: string, port: number, usual: number): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === usual ? name : `${name}:${port}`;
}
