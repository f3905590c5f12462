// The local world's Route 53: its own checkers feed its own view of health, and every answer comes from the evaluator
// under that view, or from the fault that is set. It shares nothing with the Worker that judges it.
import type { HealthView } from "../policy/health-check.ts";
import { SECOND_MS } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { decodeQuery, encodeReply, type Reply } from "../wire/dns-message.ts";
import { CHECKERS, runCheckers } from "./checker.ts";
import { type DnsListeners, type DnsPorts, openDnsListeners, type Transport } from "./dns-listeners.ts";
import { type Authority, authorityOf, type Door, type Query, replyTo, servfailTo } from "./dns-policy.ts";
import type { DnsFault } from "../drill/faults.ts";
import { publishedAt, startHealth, stepWatched, type WatchedHealth } from "./watched-health.ts";
import { takeTurns } from "./turns.ts";

export interface DnsServer {
  readonly ports: DnsPorts;
  /** From here on it checks and answers; before, it says SERVFAIL. A second call replaces the first. */
  serve(topology: Topology): void;
  /** Resolves when the next query meets the fault. */
  setFault(fault: DnsFault): Promise<void>;
  /** What the checkers agree on now. */
  decided(): HealthView;
  /** What has spread of it, and is used in answers unless they are stuck. */
  health(): HealthView;
  close(): Promise<void>;
}

interface Service {
  readonly authority: Authority;
  watched: WatchedHealth;
  readonly checking: AbortController;
}

export async function openDnsServer(host: string): Promise<DnsServer> {
  let service: Service | null = null;
  let fault: DnsFault = "open";
  let frozen: HealthView | null = null;
  const inTurn = takeTurns();
  const current = (): HealthView => (service === null ? {} : publishedAt(service.watched, Date.now()));
  const listeners: DnsListeners = await openDnsListeners(host, (bytes, transport) =>
    respond(bytes, transport, (query, door) => {
      if (service === null) return servfailTo(query, door);
      const playing = fault === "refuse" ? "open" : fault;
      return replyTo(query, door, service.authority, {
        fault: playing,
        health: frozen ?? current(),
        chance: Math.random(),
      });
    }),
  );
  return {
    ports: listeners.ports,
    serve(topology) {
      service?.checking.abort();
      service = startService(topology);
    },
    setFault: (next) =>
      inTurn(async () => {
        // Stuck stays at its first moment when it is set again.
        frozen = next === "stuck" ? (frozen ?? current()) : null;
        fault = next;
        await (next === "refuse" ? listeners.close() : listeners.open());
      }),
    decided: () => service?.watched.decided ?? {},
    health: current,
    async close() {
      service?.checking.abort();
      await listeners.close();
    },
  };
}

function startService(topology: Topology): Service {
  const authority = authorityOf(topology);
  const checks = authority.zone.healthChecks;
  const service: Service = { authority, watched: startHealth(checks, CHECKERS), checking: new AbortController() };
  const propagationMs = topology.dns.timing.propagationSeconds * SECOND_MS;
  void runCheckers(
    { checks, timeoutMs: topology.probe.timeoutMs },
    (look) => {
      service.watched = stepWatched(service.watched, look, propagationMs, Date.now());
    },
    service.checking.signal,
  );
  return service;
}

/** A query that cannot be read gets FORMERR when it has an id, and nothing otherwise. */
function respond(
  bytes: Uint8Array,
  transport: Transport,
  decide: (query: Query, door: Door) => Reply,
): Uint8Array | null {
  const query = decodeQuery(bytes);
  if (query.kind === "malformed") return query.id === null ? null : encodeReply(formerr(query.id));
  const reply = decide(query, transport === "doh" ? "recursive" : "authoritative");
  const message = encodeReply(reply);
  if (transport !== "udp" || message.length <= query.udpSizeMax) return message;
  return encodeReply({ ...reply, truncated: true, answers: [] });
}

function formerr(id: number): Reply {
  return {
    id,
    name: ".",
    type: "A",
    rcode: "FORMERR",
    authoritative: false,
    truncated: false,
    recursionDesired: false,
    answers: [],
    clientSubnet: null,
  };
}
