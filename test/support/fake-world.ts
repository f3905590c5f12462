// A world that does what a test says, on a clock that the test moves: for what a round does with replies, and with worlds
// that break. What real networks reply is shown by the contract suites.
import type { DnsReply } from "../../monitor/model/observation.ts";
import type {
  DialReply,
  DialTarget,
  DnsQuery,
  DnsServer,
  NetReply,
  NetRequest,
  Store,
  World,
} from "../../monitor/run/world.ts";

export interface Script {
  readonly fetch?: (request: NetRequest) => Promise<NetReply> | NetReply;
  readonly dial?: (target: DialTarget) => Promise<DialReply> | DialReply;
  readonly ask?: (query: DnsQuery, server: DnsServer) => Promise<DnsReply> | DnsReply;
  readonly store?: Partial<Store>;
  readonly within?: World["clock"]["within"];
}

export interface FakeWorld extends World {
  /** "fetch https://…", "dial host:port", "ask name": in the order in which they began. */
  readonly calls: readonly string[];
  readonly advance: (ms: number) => void;
}

export const OK_BODY = JSON.stringify({
  region: "us-east-1",
  hostname: "pod-1",
  podIP: "10.42.1.23",
  time: "1970-01-01T00:00:00Z",
  cluster: "aws-us-east-1",
  version: "1",
});

export function okReply(request: NetRequest): NetReply {
  const body = request.url.endsWith("/") ? OK_BODY : "ok\n";
  return { kind: "reply", status: 200, body, phases: { ttfb: 10, transfer: 1 }, totalMs: 11 };
}

export const DNS_ANSWER: DnsReply = {
  kind: "reply",
  rcode: "NOERROR",
  authoritative: true,
  addresses: ["192.0.2.10"],
  ttlSeconds: 60,
  scope: 24,
  elapsedMs: 2,
};

export function makeFakeWorld(script: Script = {}): FakeWorld {
  let now = 0;
  const calls: string[] = [];
  return {
    calls,
    advance: (ms) => {
      now += ms;
    },
    clock: {
      now: () => now,
      monotonicMs: () => now,
      sleepUntil: () => Promise.resolve(),
      within: script.within ?? ((work) => work),
    },
    net: {
      sees: ["ttfb", "transfer"],
      fetchOnce: async (request) => {
        calls.push(`fetch ${request.url}`);
        return (script.fetch ?? okReply)(request);
      },
      dial: async (target) => {
        calls.push(`dial ${target.host}:${target.port} ${target.secure}`);
        return (script.dial ?? (() => ({ kind: "open", connectMs: 5 })))(target);
      },
    },
    dns: {
      ask: async (query, server) => {
        calls.push(`ask ${query.name} ${query.type}`);
        return (script.ask ?? (() => DNS_ANSWER))(query, server);
      },
    },
    store: {
      readState: () => Promise.resolve({ kind: "done", value: null }),
      commitRound: () => Promise.resolve({ kind: "done", value: true }),
      readRounds: () => Promise.resolve({ kind: "done", value: [] }),
      ...script.store,
    },
  };
}
