// Asks for one URL over and over on kept connections, in a process of its own. Bare sockets, because an HTTP client would cost
// more than the Worker that it asks, and would hide the difference.
import { connect, type Socket } from "node:net";
import { answerOrders } from "./orders.ts";
import { quantile } from "./statistics.ts";

export interface LoadOrder {
  readonly url: string;
  /** Instead of the URL's own. */
  readonly host?: string;
  readonly count: number;
  readonly connections: number;
}

export interface LoadResult {
  readonly elapsedMs: number;
  /** From the last byte of a request to the last byte of its reply. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const HEAD_END = Buffer.from("\r\n\r\n");
const CHUNKS_END = Buffer.from("\r\n0\r\n\r\n");

answerOrders((order) => run(order as LoadOrder));

async function run({ url, host, count, connections }: LoadOrder): Promise<LoadResult> {
  const { hostname, port, pathname, search } = new URL(url);
  const request = `GET ${pathname}${search} HTTP/1.1\r\nhost: ${host ?? `${hostname}:${port}`}\r\n\r\n`;
  const waitsMs: number[] = [];
  const startedMs = performance.now();
  let left = count;
  const next = (): boolean => left-- > 0;
  await Promise.all(
    Array.from({ length: connections }, () =>
      askOn(connect({ host: hostname, port: Number(port) }), request, next, waitsMs),
    ),
  );
  const elapsedMs = performance.now() - startedMs;
  return { elapsedMs, p50Ms: quantile(waitsMs, 0.5), p99Ms: quantile(waitsMs, 0.99) };
}

/** Until `next` says no. */
function askOn(socket: Socket, request: string, next: () => boolean, waitsMs: number[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let pending: Buffer = Buffer.alloc(0);
    let sentMs = 0;
    const goOn = (): void => {
      if (next()) {
        sentMs = performance.now();
        socket.write(request);
      } else socket.destroy();
    };
    socket
      .setNoDelay(true)
      .on("connect", goOn)
      .on("error", reject)
      .on("close", () => resolve());
    socket.on("data", (piece) => {
      pending = pending.length === 0 ? piece : Buffer.concat([pending, piece]);
      if (!isWhole(pending)) return;
      if (!pending.subarray(0, 12).toString("latin1").endsWith(" 200")) reject(new Error(pending.toString("utf8")));
      pending = Buffer.alloc(0);
      waitsMs.push(performance.now() - sentMs);
      goOn();
    });
  });
}

/** One reply at a time is under way, so a whole reply ends the buffer. */
function isWhole(reply: Buffer): boolean {
  const headEnd = reply.indexOf(HEAD_END);
  if (headEnd < 0) return false;
  const length = /^content-length: (\d+)\r?$/im.exec(reply.subarray(0, headEnd + 2).toString("latin1"))?.[1];
  if (length === undefined) return reply.subarray(-CHUNKS_END.length).equals(CHUNKS_END);
  return reply.length >= headEnd + HEAD_END.length + Number(length);
}
