// One TCP exchange, seen as bytes and as the way it ended: what an HTTP library would hide is what these tests are about.
import { connect, type Socket } from "node:net";
import type { Place } from "../../monitor/local/listening.ts";

/** How the other side ended: by FIN, by RST, not at all within the patience, or not even accepting. */
export type Ending = "end" | "reset" | "silence" | "refused";

export interface Exchange {
  readonly text: string;
  readonly bytes: number;
  readonly ending: Ending;
}

const PATIENCE_MS = 150;

/** Sends `request` and reads to the end, to `bytesMax`, or until nothing has come for `patienceMs`. */
export function exchange(
  place: Place,
  request: string,
  { patienceMs = PATIENCE_MS, bytesMax = Number.POSITIVE_INFINITY }: { patienceMs?: number; bytesMax?: number } = {},
): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket = connect({ ...place, allowHalfOpen: true }, () => socket.write(request));
    const pieces: Buffer[] = [];
    let bytes = 0;
    const settle = (ending: Ending): void => {
      socket.destroy();
      resolve({ text: Buffer.concat(pieces).toString("latin1"), bytes, ending });
    };
    socket.setTimeout(patienceMs, () => settle("silence"));
    socket.on("data", (piece: Buffer) => {
      bytes += piece.length;
      if (pieces.length < 16) pieces.push(piece);
      if (bytes > bytesMax) settle("silence");
    });
    socket.on("end", () => settle("end"));
    socket.on("error", (error: NodeJS.ErrnoException) => settle(error.code === "ECONNREFUSED" ? "refused" : "reset"));
  });
}

export const GET = (path: string): string => `GET ${path} HTTP/1.1\r\nhost: test\r\n\r\n`;

/** A connection that stays open, and what has come of it so far. */
export interface Line {
  readonly socket: Socket;
  text(): string;
  ending(): Ending | null;
}

export async function openLine(place: Place): Promise<Line> {
  const socket = connect({ ...place, allowHalfOpen: true });
  let text = "";
  let ending: Ending | null = null;
  socket.on("data", (piece: Buffer) => (text += piece.toString("latin1")));
  socket.on("end", () => (ending ??= "end"));
  socket.on("error", () => (ending ??= "reset"));
  socket.on("close", () => (ending ??= "end"));
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return { socket, text: () => text, ending: () => ending };
}
