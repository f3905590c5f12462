// Bare TCP from a Worker: a dial, and one DNS message there and back. Sockets have no deadline of their own, so every one is
// raced against ours and then closed.
import { connect } from "cloudflare:sockets";
import type { Clock, DialReply, DialTarget } from "../monitor/run/world.ts";
import type { Failure } from "../monitor/model/observation.ts";
import { deadlinePassed } from "../monitor/wire/deadline.ts";
import { failureOf } from "../monitor/wire/failure.ts";
import { tenths } from "../monitor/wire/tenths.ts";
import { encodeFrame, makeFrameDecoder } from "../monitor/wire/tcp-frame.ts";

export type ExchangeReply =
  | { readonly kind: "message"; readonly bytes: Uint8Array }
  | { readonly kind: "failed"; readonly failure: Failure };

/** What needs a bare socket; here, or in an entrypoint of its own (`edge-dialer.ts`). */
export interface EdgeSockets {
  dial(target: DialTarget, limitMs: number): Promise<DialReply>;
  exchange(host: string, port: number, message: Uint8Array, limitMs: number): Promise<ExchangeReply>;
}

export function makeEdgeSockets(clock: Clock): EdgeSockets {
  return {
    dial: async (target, limitMs) => await runDial(target, limitMs, clock),
    exchange: async (host, port, message, limitMs) => await runExchange({ host, port }, message, limitMs, clock),
  };
}

/** Beyond the limit that the callee keeps itself: for the call there and back. */
const CALL_GRACE_MS = 100;

/** Sockets that are somewhere else: the call itself may fail or hang, and neither must reach the caller. */
export function makeCalledSockets(callee: EdgeSockets, clock: Clock): EdgeSockets {
  const call = async <T>(work: Promise<T>, limitMs: number): Promise<T | { kind: "failed"; failure: Failure }> => {
    try {
      const reply = await clock.within(work, limitMs + CALL_GRACE_MS);
      if (reply === null) throw deadlinePassed();
      return reply;
    } catch (thrown) {
      return { kind: "failed", failure: failureOf(thrown) };
    }
  };
  return {
    dial: async (target, limitMs) => await call(callee.dial(target, limitMs), limitMs),
    exchange: async (host, port, message, limitMs) =>
      await call(callee.exchange(host, port, message, limitMs), limitMs),
  };
}

/** With TLS the time includes the handshake: `opened` of `secureTransport: "on"` waits for it in every version of workerd. */
async function runDial(target: DialTarget, limitMs: number, clock: Clock): Promise<DialReply> {
  const startedMs = clock.monotonicMs();
  const scheme = target.secure === "tls" ? "https" : "http";
  try {
    const openedMs = await withSocket(target, async (socket) => {
      const opened = socket.opened.then(() => clock.monotonicMs());
      return await clock.within(opened, limitMs);
    });
    if (openedMs === null) throw deadlinePassed();
    return { kind: "open", connectMs: tenths(openedMs - startedMs) };
  } catch (thrown) {
    return {
      kind: "failed",
      failure: failureOf(thrown, { scheme, ...(scheme === "http" ? { phase: "connect" } : {}) }),
    };
  }
}

async function runExchange(
  place: { readonly host: string; readonly port: number },
  message: Uint8Array,
  limitMs: number,
  clock: Clock,
): Promise<ExchangeReply> {
  try {
    const bytes = await withSocket(
      { ...place, secure: "tcp" },
      async (socket) => await clock.within(exchange(socket, message), limitMs),
    );
    if (bytes === null) throw deadlinePassed();
    return { kind: "message", bytes };
  } catch (thrown) {
    return { kind: "failed", failure: failureOf(thrown, { scheme: "http" }) };
  }
}

/** Closes without waiting: for a connection that was never answered, closing takes as long as connecting (workerd#2060). */
async function withSocket<T>({ host, port, secure }: DialTarget, work: (socket: Socket) => Promise<T>): Promise<T> {
  const hostname = host.includes(":") ? `[${host}]` : host;
  const socket = connect(
    { hostname, port },
    { secureTransport: secure === "tls" ? "on" : "off", allowHalfOpen: false },
  );
  try {
    return await work(socket);
  } finally {
    socket.opened.catch(() => undefined);
    socket.closed.catch(() => undefined);
    socket.close().catch(() => undefined);
  }
}

async function exchange(socket: Socket, message: Uint8Array): Promise<Uint8Array> {
  await socket.opened;
  await socket.writable.getWriter().write(encodeFrame(message));
  const decoder = makeFrameDecoder();
  const stream: ReadableStream<unknown> = socket.readable;
  const reader = stream.getReader();
  // Ends with the message, whose size is bounded by its frame, or with the connection.
  for (;;) {
    const { done, value } = await reader.read();
    if (done || !(value instanceof Uint8Array))
      throw new Error(decoder.pendingBytes() > 0 ? "aborted" : "socket hang up");
    const [first] = decoder.push(value);
    if (first !== undefined) return first;
  }
}
