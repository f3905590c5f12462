// How the process takes leave of its connections: no new ones, idle ones go at once, requests in flight may finish, and
// after a bound what is left is destroyed, so that leaving never takes longer than whoever stops us will wait.
import type { Server } from "node:http";
import type { Socket } from "node:net";

export interface Farewell {
  /** Resolves with the number of connections that had to be destroyed. */
  readonly close: (timeoutMs: number) => Promise<number>;
}

/** Call it before the server listens: connections are counted from then on. */
export function makeFarewell(server: Server): Farewell {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const close = (timeoutMs: number): Promise<number> =>
    new Promise((resolve) => {
      let destroyed = 0;
      const bound = setTimeout(() => {
        destroyed = sockets.size;
        server.closeAllConnections();
      }, timeoutMs);
      server.close(() => {
        clearTimeout(bound);
        resolve(destroyed);
      });
      // Node takes a connection that has not yet said anything for one in flight; it would hold us until the bound.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
    });
  return { close };
}
