// A TCP connection that sends exactly the bytes it is told to: half a request, nonsense, or nothing.
import { once } from "node:events";
import { connect } from "node:net";
import { onTestFinished } from "vitest";

const WAIT_MS_MAX = 10_000;

export interface RawConnection {
  readonly send: (text: string) => void;
  /** Everything received so far, as soon as it matches. */
  readonly received: (pattern: RegExp) => Promise<string>;
  /** Everything received, once the other side has closed. */
  readonly closed: () => Promise<string>;
}

export async function openConnection(port: number): Promise<RawConnection> {
  const signal = AbortSignal.timeout(WAIT_MS_MAX);
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  await once(socket, "connect", { signal });
  let text = "";
  socket.on("data", (piece) => (text += piece.toString("latin1")));
  // A reset closes too, and "close" is what is waited for.
  socket.on("error", () => {});
  return {
    send: (bytes) => void socket.write(bytes),
    received: async (pattern) => {
      while (!pattern.test(text)) await once(socket, "data", { signal });
      return text;
    },
    closed: async () => {
      if (!socket.closed) await once(socket, "close", { signal });
      return text;
    },
  };
}
