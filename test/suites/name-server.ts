// Name servers that somebody else wrote, on loopback: a port for them, and whether they answer yet.
import { createServer } from "node:net";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { makeNodeWorld } from "../../monitor/node/world.ts";

export const NAME_SERVER_HOST = "127.0.0.1";
const ASK_MS_MAX = 500;

/** They cannot be told to choose their port, so one is borrowed and given back. */
export async function freePort(): Promise<number> {
  const borrowed = createServer();
  const port = await listenOn(borrowed, { host: NAME_SERVER_HOST, port: 0 });
  await closeListener(borrowed);
  return port;
}

/** NOERROR by UDP: it listens and has its zone. */
export async function answersAt(port: number, name: string): Promise<boolean> {
  const { clock, dns } = makeNodeWorld({ transport: "udp" });
  const query = { name, type: "A", clientSubnet: null, deadlineMs: clock.monotonicMs() + ASK_MS_MAX } as const;
  const reply = await dns.ask(query, { kind: "authoritative", host: NAME_SERVER_HOST, port });
  return reply.kind === "reply" && reply.rcode === "NOERROR";
}
