// One DNS message there and one back, by TCP or by UDP; what the bytes mean is decided elsewhere.
import { createSocket } from "node:dgram";
import { connect, isIPv6 } from "node:net";
import { encodeFrame, makeFrameDecoder } from "../wire/tcp-frame.ts";

export interface Exchange {
  /** The first message that comes back; rejects with the socket's error. */
  readonly reply: Promise<Uint8Array>;
  /** Ends it at any time; afterwards the reply no longer matters. */
  close(): void;
}

export function startTcpExchange(host: string, port: number, message: Uint8Array): Exchange {
  const socket = connect({ host, port });
  const decoder = makeFrameDecoder();
  const reply = new Promise<Uint8Array>((resolve, reject) => {
    socket.on("data", (chunk) => {
      const [first] = decoder.push(chunk);
      if (first !== undefined) resolve(first);
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(decoder.pendingBytes() > 0 ? "aborted" : "socket hang up")));
  });
  socket.write(encodeFrame(message));
  return { reply, close: () => socket.destroy() };
}

/** A connected socket: datagrams from anywhere else do not come in. */
export function startUdpExchange(host: string, port: number, message: Uint8Array): Exchange {
  const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
  let open = true;
  const reply = new Promise<Uint8Array>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("message", resolve);
    socket.connect(port, host, () => {
      if (open) socket.send(message);
    });
  });
  return {
    reply,
    close: () => {
      open = false;
      socket.close();
    },
  };
}
