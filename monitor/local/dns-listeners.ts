// The three doors of the local DNS server: UDP and TCP on one port number, and DNS over HTTPS (plain HTTP here) on
// another. They carry bytes; what is answered is decided elsewhere. All close and reopen together, on the same ports.
import { once } from "node:events";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer, type Server, type Socket } from "node:net";
import { createAppServer } from "./app-server.ts";
import { createDohApp } from "./doh-app.ts";
import { answerFrames } from "./dns-tcp.ts";
import { closeListener, errorCode, listenAgainOn, listenOn } from "./listening.ts";

const PORT_ATTEMPTS_MAX = 20;
const TCP_CONNECTIONS_MAX = 256;

export type Transport = "udp" | "tcp" | "doh";

/** Bytes of a query to bytes of its reply; null: no reply can be made, the query is dropped. */
export type Responder = (query: Uint8Array, transport: Transport) => Uint8Array | null;

export interface DnsPorts {
  /** UDP and TCP. */
  readonly dns: number;
  readonly doh: number;
}

export interface DnsListeners {
  readonly ports: DnsPorts;
  /** Does nothing to doors that are open already. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** Opens all three on ports that the system chooses. */
export async function openDnsListeners(host: string, respond: Responder): Promise<DnsListeners> {
  const sockets = new Set<Socket>();
  const tcp = tcpServer(respond, sockets);
  const doh = dohServer(respond, sockets);
  let udp: UdpSocket | null;
  const shared = await openSharedPort(host, tcp, respond);
  udp = shared.udp;
  const ports = { dns: shared.port, doh: await listenOn(doh, { host, port: 0 }) };
  return {
    ports,
    async open() {
      if (udp !== null) return;
      await listenAgainOn(tcp, { host, port: ports.dns });
      await listenAgainOn(doh, { host, port: ports.doh });
      udp = await bindUdp({ host, port: ports.dns }, respond);
    },
    async close() {
      udp?.close();
      udp = null;
      const closed = [closeListener(tcp), closeListener(doh)];
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}

/** TCP takes a number, UDP tries to have the same; when that is taken, again with another one. */
async function openSharedPort(
  host: string,
  tcp: Server,
  respond: Responder,
): Promise<{ port: number; udp: UdpSocket }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await listenOn(tcp, { host, port: 0 });
    try {
      return { port, udp: await bindUdp({ host, port }, respond) };
    } catch (error) {
      await closeListener(tcp);
      if (attempt >= PORT_ATTEMPTS_MAX || errorCode(error) !== "EADDRINUSE") throw error;
    }
  }
}

async function bindUdp(place: { host: string; port: number }, respond: Responder): Promise<UdpSocket> {
  const socket = createSocket("udp4");
  socket.bind({ address: place.host, port: place.port });
  try {
    await once(socket, "listening");
  } catch (error) {
    socket.close();
    throw error;
  }
  socket.on("message", (query, from) => {
    const reply = respond(query, "udp");
    // A reply that cannot be sent is a reply that was lost.
    if (reply !== null) socket.send(reply, from.port, from.address, () => {});
  });
  socket.on("error", () => {});
  return socket;
}

function tcpServer(respond: Responder, sockets: Set<Socket>): Server {
  const server = createServer((socket) => answerFrames(socket, (query) => respond(query, "tcp")));
  server.maxConnections = TCP_CONNECTIONS_MAX;
  return keepSockets(server, sockets);
}

function dohServer(respond: Responder, sockets: Set<Socket>): Server {
  const server = createAppServer(createDohApp((query) => respond(query, "doh")));
  server.maxConnections = TCP_CONNECTIONS_MAX;
  return keepSockets(server, sockets);
}

function keepSockets(server: Server, sockets: Set<Socket>): Server {
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.on("error", () => {});
  return server;
}
