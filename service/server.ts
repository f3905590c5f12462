// The app behind a socket: limits for slow clients, and the region also on the replies that Node gives without asking the
// app (a malformed request, headers that never end), because those too must say which region sent them.
import { createServer, type IncomingMessage, type Server, ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { getRequestListener } from "@hono/node-server";
import type { Hono } from "hono";

const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
/** How often Node looks for requests that are over one of the two limits above. */
const TIMEOUT_CHECK_MS = 2_000;
/**
 * Longer than load balancers keep an idle connection (600 s at Google, 60 s at AWS), so that they close it and not we:
 * otherwise a request can meet a connection that is closing, and users see a 502.
 */
const KEEP_ALIVE_TIMEOUT_MS = 620_000;

export function makeServer(app: Hono, region: string): Server {
  const options = {
    ServerResponse: regionResponse(region),
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  };
  // A name for the requests of HTTP/1.0, which need not name a host.
  const listener = getRequestListener(app.fetch, { hostname: "localhost" });
  const server = createServer(options, (request, reply) => void listener(request, reply));
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => refuse(error.code, socket, region));
  return server;
}

function regionResponse(region: string): typeof ServerResponse<IncomingMessage> {
  return class extends ServerResponse {
    constructor(...given: ConstructorParameters<typeof ServerResponse<IncomingMessage>>) {
      super(...given);
      this.setHeader("x-region", region);
    }
  };
}

const REFUSALS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  HPE_HEADER_OVERFLOW: 431,
};

function refuse(code: string | undefined, socket: Duplex, region: string): void {
  if (code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = REFUSALS[code ?? ""] ?? 400;
  const body = JSON.stringify({ error: STATUS_CODES[status]?.toLowerCase() });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `x-region: ${region}`,
    "cache-control: no-store",
    "content-type: application/json",
    `content-length: ${body.length}`,
    "connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
}
