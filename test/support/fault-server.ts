// Real servers on loopback, one port for each way in which a server can fail, and a control port that says what they saw.
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, Server as TlsServer } from "node:tls";
import { Worker } from "node:worker_threads";
import { makeAuthority, makeCertificate } from "./fault-server-certificate.ts";
import { type Fault, type FaultAddresses, REPLY_FAULTS } from "../contract/fault-addresses.ts";
import { closedPort, listen, whenClosed } from "./fault-server-ports.ts";
import { ownAuthority } from "./fault-server-trust.ts";
import { REPLIES } from "./fault-server-replies.ts";

export interface FaultServer {
  readonly addresses: FaultAddresses;
  close(): Promise<void>;
}

interface Watched {
  readonly server: Server;
  readonly sockets: Set<Socket>;
  request: string;
  /** Connections with a request that is not over yet, and the most there ever were at once. */
  readonly asking: Set<Socket>;
  most: number;
}

const REQUEST_HEAD_BYTES_MAX = 16 * 1024;
/** Two fill the queue of a listener with backlog 1; the others make sure. */
const QUEUE_CONNECTIONS = 4;

export async function startFaultServer(): Promise<FaultServer> {
  const authority = ownAuthority() ?? makeAuthority("Test authority");
  const trusted = makeCertificate("localhost", authority);
  const untrusted = makeCertificate("localhost", makeAuthority("Nobody's authority"));
  const watched = new Map<string, Watched>();
  for (const fault of REPLY_FAULTS) watched.set(fault, watch(createServer(), REPLIES[fault]));
  watched.set("tls-trusted", watch(createTlsServer(trusted), REPLIES.slow));
  watched.set("tls-untrusted", watch(createTlsServer(untrusted), REPLIES.ok));
  watched.set("tls-plain", watchFirstByte(createServer(), REPLIES["http-503"]));
  watched.set("tls-reset", watchFirstByte(createServer(), REPLIES.reset));
  watched.set("tls-hangup", watchFirstByte(createServer(), REPLIES.hangup));
  const control = createHttpServer((request, response) => answerControl(watched, request.url ?? "", response));
  const refuse = await closedPort();
  const unanswered = await startUnanswered();
  const ports: Record<string, number> = { refuse: refuse.port, unanswered: unanswered.port };
  for (const [fault, { server }] of watched) ports[fault] = await listen(server);
  const controlUrl = `http://127.0.0.1:${await listen(control)}`;
  return {
    addresses: { ports: ports as Record<Fault, number>, controlUrl, authority: authority.cert },
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

function answerControl(watched: ReadonlyMap<string, Watched>, path: string, response: ServerResponse): void {
  const [, what, fault] = path.split("/");
  const entry = watched.get(fault ?? "");
  if (entry === undefined) response.writeHead(404).end();
  else if (what === "request") response.end(entry.request);
  else if (what === "most") response.end(String(entry.most));
  else void whenClosed(entry.sockets).then((text) => response.end(text));
}

function watch(server: Server, reply: (socket: Socket) => unknown): Watched {
  const watched = track(server);
  server.on(server instanceof TlsServer ? "secureConnection" : "connection", (socket: Socket) => {
    let head = "";
    const read = (chunk: Buffer): void => {
      head += chunk.toString("latin1");
      if (!head.includes("\r\n\r\n") && head.length < REQUEST_HEAD_BYTES_MAX) return;
      socket.off("data", read).resume();
      watched.request = head;
      watched.asking.add(socket);
      watched.most = Math.max(watched.most, watched.asking.size);
      socket.once("close", () => watched.asking.delete(socket));
      reply(socket);
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
  const watched: Watched = { server, sockets: new Set(), request: "", asking: new Set(), most: 0 };
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
