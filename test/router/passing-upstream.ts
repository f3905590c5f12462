// An upstream whose next answer is the test's to give, piece by piece: so a test sees one piece arrive before the next one
// exists, and needs no stopwatch to know that nothing was held back.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { until } from "../support/until.ts";

export type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;
export type Greeting = (socket: WebSocket, request: IncomingMessage) => unknown;

export interface PassingUpstream {
  readonly port: number;
  play(answer: Answer): void;
  /** What it says to WebSockets; null: it refuses them. */
  greet(greeting: Greeting | null): void;
  close(): Promise<void>;
}

/** More than any test sends. */
const HEADER_BYTES_MAX = 128 * 1024;
const FRAME_BYTES_MAX = 16 * 1024 * 1024;

export async function startPassingUpstream(): Promise<PassingUpstream> {
  let answer: Answer = (_request, response) => response.end();
  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX }, (request, response) => {
    response.on("error", () => undefined);
    answer(request, response);
  });
  // A client that sends "Expect: 100-continue" waits for that before it sends its body.
  server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    response.writeContinue();
    answer(request, response);
  });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  const greetings = acceptWebSockets(server);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    play: (next) => {
      answer = next;
    },
    greet: greetings.greet,
    close: async () => {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function acceptWebSockets(server: Server): Pick<PassingUpstream, "greet"> {
  let greeting: Greeting | null = null;
  const acceptor = new WebSocketServer({
    noServer: true,
    maxPayload: FRAME_BYTES_MAX,
    perMessageDeflate: true,
    // The last one, so that a client's own first choice is no proof of anything.
    handleProtocols: (protocols) => [...protocols].at(-1) ?? false,
  });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const greet = greeting;
    if (greet === null) socket.end("HTTP/1.1 403 Not You\r\nx-why: because\r\ncontent-length: 2\r\n\r\nno");
    else acceptor.handleUpgrade(request, socket, head, (accepted) => greet(accepted, request));
  });
  return {
    greet: (next) => {
      greeting = next;
    },
  };
}

/** The pieces of a body, as they arrive. */
export interface Pieces {
  readonly text: () => string;
  readonly bytes: () => number;
  readonly ended: () => "open" | "whole" | "broken";
  /** Until exactly this has arrived. */
  hold(text: string): Promise<void>;
}

export function piecesOf(stream: IncomingMessage): Pieces {
  let text = "";
  let bytes = 0;
  let ended: ReturnType<Pieces["ended"]> = "open";
  stream.on("data", (piece: Buffer) => {
    bytes += piece.length;
    // Enough of it to compare; large bodies are counted.
    if (text.length < 4096) text += piece.toString("latin1");
  });
  stream.on("end", () => (ended = "whole"));
  stream.on("close", () => (ended = ended === "open" ? "broken" : ended));
  stream.on("error", () => (ended = "broken"));
  return {
    text: () => text,
    bytes: () => bytes,
    ended: () => ended,
    hold: async (wanted) => {
      await until(
        `"${wanted}" arrives`,
        () => text === wanted || (ended === "broken" && Promise.reject(new Error(`broken after "${text}"`))),
      );
    },
  };
}
