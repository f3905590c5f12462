// The way through an open gate: bytes in both directions, one side's end or failure carried over to the other, so that
// what the service does is what the monitor sees.
import type { Socket } from "node:net";
import { Transform } from "node:stream";

/** `delayMs` is asked for every piece of the request, which it holds back so long; 0 passes it on at once. */
export function passThrough(client: Socket, upstream: Socket, delayMs: () => number): void {
  client.pipe(delayLine(delayMs)).pipe(upstream);
  upstream.pipe(client);
  client.on("close", () => upstream.destroy());
  // A service that is gone looks like a connection reset: the gate itself is still there to accept.
  upstream.on("error", () => client.resetAndDestroy());
  upstream.on("close", () => client.destroySoon());
}

/** Holds one piece at a time, so what it keeps is bounded by the socket's own buffer. */
function delayLine(delayMs: () => number): Transform {
  return new Transform({
    transform(piece, _encoding, done) {
      const ms = delayMs();
      if (ms > 0) setTimeout(() => done(null, piece), ms);
      else done(null, piece);
    },
  });
}
