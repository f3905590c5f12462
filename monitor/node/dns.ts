// Node's door to DNS: name servers by TCP, or by UDP with TCP for what was cut, and resolvers by HTTPS.
import type { DnsReply } from "../model/observation.ts";
import type { Clock, Dns, DnsQuery, DnsServer } from "../run/world.ts";
import { deadlinePassed, NOT_STARTED } from "../wire/deadline.ts";
import { makeAsk, readAnswer } from "../wire/dns-ask.ts";
import { runDohQuery } from "../wire/doh.ts";
import { failureOf } from "../wire/failure.ts";
import { type Exchange, startTcpExchange, startUdpExchange } from "./dns-exchange.ts";

export interface NodeDnsOptions {
  readonly clock: Clock;
  /** "tcp" unless given: one way less to lose a question. "udp": as resolvers ask. */
  readonly transport?: "tcp" | "udp";
}

type NameServer = Extract<DnsServer, { kind: "authoritative" }>;
type Start = (host: string, port: number, message: Uint8Array) => Exchange;

export function makeNodeDns({ clock, transport = "tcp" }: NodeDnsOptions): Dns {
  return {
    ask: async (query, server) => {
      if (server.kind === "recursive") return await runDohQuery(query, server.url, fetch, clock);
      if (transport === "tcp") return await runAsk(query, server, startTcpExchange, clock);
      const reply = await runAsk(query, server, startUdpExchange, clock);
      const cut = reply.kind === "failed" && reply.failure.cause === "truncated";
      return cut ? await runAsk(query, server, startTcpExchange, clock) : reply;
    },
  };
}

async function runAsk(query: DnsQuery, { host, port }: NameServer, start: Start, clock: Clock): Promise<DnsReply> {
  const startedMs = clock.monotonicMs();
  if (startedMs >= query.deadlineMs) return { kind: "failed", failure: NOT_STARTED };
  let exchange: Exchange | null = null;
  try {
    const ask = makeAsk(query, "authoritative", randomId());
    exchange = start(host, port, ask.bytes);
    const bytes = await clock.within(exchange.reply, query.deadlineMs - startedMs);
    if (bytes === null) throw deadlinePassed();
    return readAnswer(bytes, ask.asked, clock.monotonicMs() - startedMs);
  } catch (thrown) {
    return { kind: "failed", failure: failureOf(thrown) };
  } finally {
    exchange?.close();
  }
}

function randomId(): number {
  return crypto.getRandomValues(new Uint16Array(1))[0] ?? 0;
}
