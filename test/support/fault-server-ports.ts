// Ports on loopback that the system chooses, one where nobody listens, and the news that all connections are gone.
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

const CLOSED_WAIT_MS = 2000;

/** By events, not by looking again and again. */
export async function whenClosed(sockets: ReadonlySet<Socket>): Promise<string> {
  const deadline = new Promise<string>((resolve) => setTimeout(resolve, CLOSED_WAIT_MS, "open").unref());
  const closed = Promise.all([...sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve))));
  return await Promise.race([deadline, closed.then(() => "closed")]);
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** The port of a connection's near end: in use, so that nobody else gets it, and yet nobody listens there. */
export async function closedPort(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer();
  const far = await listen(server);
  const socket = connect(far, "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  return {
    port: socket.localPort ?? 0,
    close: () => {
      socket.destroy();
      server.close();
    },
  };
}
