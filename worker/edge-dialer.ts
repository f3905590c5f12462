// Bare sockets in an entrypoint of their own. workerd cannot give up a connection that nobody answers: `close()` waits for
// it (workerd#2060, open), and it lives as long as the context that began it. In a Durable Object that is the object's life,
// which a silent region would thereby prolong, round by round, at our cost; here it is one call. Measured with workerd
// 1.20261023.1: the socket is gone when the call returns, while one begun in a Durable Object stays.
import { WorkerEntrypoint } from "cloudflare:workers";
import type { DialReply, DialTarget } from "../monitor/run/world.ts";
import { type EdgeSockets, type ExchangeReply, makeEdgeSockets } from "./edge-socket.ts";
import { edgeClock } from "./edge-world.ts";

export class EdgeDialer extends WorkerEntrypoint implements EdgeSockets {
  readonly #sockets = makeEdgeSockets(edgeClock());

  async dial(target: DialTarget, limitMs: number): Promise<DialReply> {
    return await this.#sockets.dial(target, limitMs);
  }

  async exchange(host: string, port: number, message: Uint8Array, limitMs: number): Promise<ExchangeReply> {
    return await this.#sockets.exchange(host, port, message, limitMs);
  }
}
