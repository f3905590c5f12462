// Real servers on loopback, one port for each way in which a server can fail, and a control port that says what they saw.
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, Server as TlsServer } from "node:tls";
import { Worker } from "node:worker_threads";
import { type Certificate, makeAuthority, makeCertificate } from "./fault-server-certificate.ts";
import {
  type Fault,
  type FaultAddresses,
  REGION_FAULTS,
  type RegionFault,
  REPLY_FAULTS,
  type TlsFault,
} from "../contract/fault-addresses.ts";
import { closedPort, listen, whenClosed } from "./fault-server-ports.ts";
import { ownAuthority } from "./fault-server-trust.ts";
import { REGION_REPLIES } from "./fault-server-region.ts";
import { REPLIES } from "./fault-server-replies.ts";

export interface FaultServer {
  readonly addresses: FaultAddresses;
  /** How many requests that server has read. */
  requests(fault: Fault | RegionFault): number;
  close(): Promise<void>;
}

interface Watched {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  /** The latest request's head, and how many there were. */
  request: string;
  requests: number;
}

const REQUEST_HEAD_BYTES_MAX = 16 * 1024;
/** Two fill the queue of a listener with backlog 1; the others make sure. */
const QUEUE_CONNECTIONS = 4;

export async function startFaultServer(): Promise<FaultServer> {
  const authority = ownAuthority() ?? makeAuthority("Test authority");
  const watched = new Map<string, Watched>();
  for (const fault of REPLY_FAULTS) watched.set(fault, watch(createServer(), REPLIES[fault]));
  for (const fault of REGION_FAULTS) watched.set(fault, watch(createServer(), REGION_REPLIES[fault]));
  for (const [fault, server] of tlsServers(authority)) watched.set(fault, server);
  const control = createHttpServer((request, response) => answerControl(watched, request.url ?? "", response));
  const refuse = await closedPort();
  const unanswered = await startUnanswered();
  const ports: Record<string, number> = { refuse: refuse.port, unanswered: unanswered.port };
  for (const [fault, { server }] of watched) ports[fault] = await listen(server);
  const controlUrl = `http://127.0.0.1:${await listen(control)}`;
  return {
    addresses: { ports: ports as FaultAddresses["ports"], controlUrl, authority: authority.cert },
    requests: (fault) => watched.get(fault)?.requests ?? 0,
    close: async () => {
      refuse.close();
      await unanswered.close();
      control.closeAllConnections();
      control.close();
      for (const { server, sockets } of watched.values()) {
        server.close();
        for (const socket of sockets) socket.destroy();
      }
    },
  };
}

function tlsServers(authority: Certificate): readonly (readonly [TlsFault, Watched])[] {
  const trusted = makeCertificate("localhost", authority);
  const untrusted = makeCertificate("localhost", makeAuthority("Nobody's authority"));
  const expired = makeCertificate("localhost", authority, "210101000000Z");
  const service = REGION_REPLIES["region-open"];
  return [
    ["tls-trusted", watch(createTlsServer(trusted), REPLIES.slow)],
    ["tls-1.2", watch(createTlsServer({ ...trusted, maxVersion: "TLSv1.2" }), service)],
    ["tls-untrusted", watch(createTlsServer(untrusted), service)],
    ["tls-expired", watch(createTlsServer(expired), service)],
    ["tls-wrong-name", watch(createTlsServer(makeCertificate("elsewhere.example", authority)), service)],
    ["tls-plain", watchFirstByte(createServer(), REPLIES["http-503"])],
    ["tls-reset", watchFirstByte(createServer(), REPLIES.reset)],
    ["tls-hangup", watchFirstByte(createServer(), REPLIES.hangup)],
  ];
}

function answerControl(watched: ReadonlyMap<string, Watched>, path: string, response: ServerResponse): void {
  const [, what, fault] = path.split("/");
  const entry = watched.get(fault ?? "");
  if (entry === undefined) response.writeHead(404).end();
  else if (what === "request") response.end(entry.request);
  else void whenClosed(entry.sockets).then((text) => response.end(text));
}

function watch(server: Server, reply: (socket: Socket, path: string) => unknown): Watched {
  const watched = track(server);
  server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) => {
    let head = "";
    const read = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n") && head.length < REQUEST_HEAD_BYTES_MAX) return;
      socket.off("data", read).resume();
      watched.request = head;
      watched.requests += 1;
      reply(socket, head.split(" ", 2)[1] ?? "");
    };
    socket.on("data", read).on("error", () => undefined);
  });
  return watched;
}

function watchFirstByte(server: Server, reply: (socket: Socket) => unknown): Watched {
  server.on("connection", (socket) => socket.once("data", () => reply(socket)));
  return track(server);
}

function track(server: Server): Watched {
  const watched: Watched = { server, sockets: new Set(), request: "", requests: 0 };
  server.on("connection", (socket) => {
    watched.sockets.add(socket);
    socket.once("close", () => watched.sockets.delete(socket)).on("error", () => undefined);
  });
  return watched;
}

async function startUnanswered(): Promise<{ readonly port: number; close(): Promise<unknown> }> {
  const thread = new Worker(new URL("./fault-server-unanswered.ts", import.meta.url));
  const port = await new Promise<number>((resolve) => thread.once("message", resolve));
  const fillers = Array.from({ length: QUEUE_CONNECTIONS }, () =>
    connect(port, "127.0.0.1").on("error", () => undefined),
  );
  await Promise.any(fillers.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
  return {
    port,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      return await thread.terminate();
    },
  };
}
