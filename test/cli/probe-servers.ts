// Servers on loopback for looks: plain, TLS with any certificate, HTTP/2, and ones that redirect. All are closed when the test
// file is over.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import type { Server, Socket } from "node:net";
import { afterAll } from "vitest";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import type { Certificate } from "../support/fault-server-certificate.ts";

export const CLAIM = {
  region: "us-east-1",
  hostname: "pod-1",
  podIP: "10.0.0.7",
  time: "2026-11-22T12:00:00Z",
  cluster: "aws-us-east-1",
  version: "1.0.0",
};

export interface ProbedServer {
  readonly port: number;
  /** What came in, the oldest first. */
  readonly requests: { readonly url: string; readonly headers: IncomingMessage["headers"] }[];
  /** Connections that were ever made. */
  connections(): number;
}

type Reply = (request: IncomingMessage, response: ServerResponse) => void;

const replyClaim: Reply = (_request, response) => {
  response.setHeader("content-type", "application/json").setHeader("x-region", CLAIM.region).end(JSON.stringify(CLAIM));
};

/** On `host`, on a port of the system's choice unless one is given. */
export async function serveHttp(reply: Reply = replyClaim, host = "127.0.0.1", port = 0): Promise<ProbedServer> {
  const requests: ProbedServer["requests"] = [];
  return await open(createServer(heard(requests, reply)), requests, host, port);
}

export async function serveTls(
  certificate: Pick<Certificate, "key" | "cert">,
  reply: Reply = replyClaim,
  options: ServerOptions = {},
): Promise<ProbedServer> {
  const requests: ProbedServer["requests"] = [];
  return await open(createHttpsServer({ ...certificate, ...options }, heard(requests, reply)), requests);
}

export async function serveHttp2(certificate: Pick<Certificate, "key" | "cert">): Promise<ProbedServer> {
  const requests: ProbedServer["requests"] = [];
  const server = createSecureServer(certificate);
  server.on("stream", (stream, headers) => {
    requests.push({ url: headers[":path"] ?? "", headers: { ...headers } });
    stream.on("error", () => undefined);
    if (headers[":path"] === "/reset") stream.close(2);
    else {
      stream.respond({ ":status": 200, "content-type": "application/json" });
      stream.end(headers[":method"] === "HEAD" ? undefined : JSON.stringify(CLAIM));
    }
  });
  return await open(server, requests);
}

function heard(requests: ProbedServer["requests"], reply: Reply): Reply {
  return (request, response) => {
    requests.push({ url: request.url ?? "", headers: request.headers });
    reply(request, response);
  };
}

async function open(
  server: Server,
  requests: ProbedServer["requests"],
  host = "127.0.0.1",
  wish = 0,
): Promise<ProbedServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  server.on("tlsClientError", () => undefined);
  const port = await listenOn(server, { host, port: wish });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await closeListener(server);
  });
  return { port, requests, connections: () => connections };
}
