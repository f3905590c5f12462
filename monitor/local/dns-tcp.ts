// DNS over TCP, the server's end: several queries may come on one connection, each gets its reply in order.
import type { Socket } from "node:net";
import { encodeFrame, makeFrameDecoder } from "../wire/tcp-frame.ts";

/** RFC 7766 section 6.2.3 asks for a few seconds. */
const IDLE_MS = 10_000;
/** Queries on one connection; then it is closed. */
const QUERIES_MAX = 1000;

/** `respond` gives null for what cannot be answered: then the connection is closed. */
export function answerFrames(socket: Socket, respond: (query: Uint8Array) => Uint8Array | null): void {
  const decoder = makeFrameDecoder();
  let queries = 0;
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk: Buffer) => {
    for (const query of decoder.push(chunk)) {
      queries += 1;
      const reply = queries > QUERIES_MAX ? null : respond(query);
      if (reply === null) {
        socket.end();
        return;
      }
      socket.write(encodeFrame(reply));
    }
  });
}
