// The Worker's door to DNS: name servers by TCP, for a Worker has no UDP, and resolvers by HTTPS.
import type { DnsReply } from "../monitor/model/observation.ts";
import type { Clock, Dns, DnsQuery } from "../monitor/run/world.ts";
import { NOT_STARTED } from "../monitor/wire/deadline.ts";
import { makeAsk, readAnswer } from "../monitor/wire/dns-ask.ts";
import { runDohQuery } from "../monitor/wire/doh.ts";
import type { EdgeSockets } from "./edge-socket.ts";

export function makeEdgeDns(clock: Clock, sockets: EdgeSockets): Dns {
  return {
    ask: async (query, server) =>
      server.kind === "recursive"
        ? await runDohQuery(query, server.url, fetch, clock)
        : await runAsk(query, server, clock, sockets),
  };
}

async function runAsk(
  query: DnsQuery,
  { host, port }: { readonly host: string; readonly port: number },
  clock: Clock,
  sockets: EdgeSockets,
): Promise<DnsReply> {
  const startedMs = clock.monotonicMs();
  if (startedMs >= query.deadlineMs) return { kind: "failed", failure: NOT_STARTED };
  const ask = makeAsk(query, "authoritative", crypto.getRandomValues(new Uint16Array(1))[0] ?? 0);
  const reply = await sockets.exchange(host, port, ask.bytes, query.deadlineMs - startedMs);
  return reply.kind === "failed" ? reply : readAnswer(reply.bytes, ask.asked, clock.monotonicMs() - startedMs);
}
