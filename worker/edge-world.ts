// The Worker's World, put together, and the Worker's readings of time. On the edge both stand still between two pieces of
// I/O (Cloudflare docs, "Performance and timers"): only differences around an await mean something.
import type { Clock, LookingWorld } from "../monitor/run/world.ts";
import { makeClock } from "../monitor/wire/clock.ts";
import { makeEdgeDns } from "./edge-dns.ts";
import { makeEdgeNet } from "./edge-net.ts";
import { type EdgeSockets, makeCalledSockets, makeEdgeSockets } from "./edge-socket.ts";

export function edgeClock(): Clock {
  return makeClock({ now: () => Date.now(), monotonicMs: () => performance.now() });
}

/**
 * `dialer`: where bare sockets are opened; a Durable Object passes `ctx.exports.EdgeDialer`, for the reason given there.
 * Null: right here.
 */
export function makeEdgeWorld(dialer: EdgeSockets | null = null): LookingWorld {
  const clock = edgeClock();
  const sockets = dialer === null ? makeEdgeSockets(clock) : makeCalledSockets(dialer, clock);
  return { clock, net: makeEdgeNet(clock, sockets), dns: makeEdgeDns(clock, sockets) };
}
