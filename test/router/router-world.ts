// A router in front of two upstreams that tell what reached them: the production bundle in workerd, and nothing in between.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { inject } from "vitest";
import { type ServedWorker, serveWorker } from "../support/workerd-serve.ts";

export const TOKEN = "a-token-of-24-characters";
export const HOST = "demo.localhost";
const REPLY_MS_MAX = 5000;

export interface Arrival {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Upstream {
  readonly port: number;
  /** The oldest first. */
  readonly arrivals: Arrival[];
  /** What it does instead of answering 200. */
  play(answer: ((response: ServerResponse, request: IncomingMessage) => void) | null): void;
  close(): Promise<void>;
  /** On the same port again. */
  open(): Promise<void>;
}

/** Says on every reply that it is `region`. */
export async function startUpstream(region: string): Promise<Upstream> {
  const arrivals: Arrival[] = [];
  let played: Parameters<Upstream["play"]>[0] = null;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece: Buffer) => (body += piece.toString()));
    request.on("error", () => undefined);
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      arrivals.push({ method, target: url, headers: headers as Record<string, string>, body });
      response.setHeader("x-region", region);
      if (played === null) response.end(claimOf(region));
      else played(response, request);
    });
  });
  const port = await listen(server, 0);
  return {
    port,
    arrivals,
    play: (answer) => {
      played = answer;
    },
    close: () => shut(server),
    open: async () => void (await listen(server, port)),
  };
}

/** As the service answers, so that probes find nothing to complain about. */
function claimOf(region: string): string {
  return JSON.stringify({ region, hostname: "pod-1", podIP: "10.0.0.1", time: new Date().toISOString() });
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function shut(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

export interface RouterWorld {
  readonly worker: ServedWorker;
  readonly east: Upstream;
  readonly west: Upstream;
  end(): Promise<void>;
}

/** So long that no probe happens, and health stays unknown. */
const NEVER_SECONDS = 3600;

/** `router` is what stands in the topology's mapping of that name, as YAML. */
export async function startRouter(
  router: string,
  texts: Readonly<Record<string, string>> = {},
  intervalSeconds: number = NEVER_SECONDS,
): Promise<RouterWorld> {
  const [east, west] = await Promise.all([startUpstream("us-east-1"), startUpstream("us-west-2")]);
  const worker = await serveRouter(routerTopology(router, east.port, west.port, intervalSeconds), texts);
  return {
    worker,
    east,
    west,
    end: async () => {
      await worker.end();
      await Promise.all([east.close(), west.close()]);
    },
  };
}

export function routerTopology(
  router: string,
  eastPort: number,
  westPort: number,
  intervalSeconds: number = NEVER_SECONDS,
): string {
  return `
local: true
service: { name: demo, host: demo.example.com, image: "demo:1" }
regions:
  - { id: east, region: us-east-1, cluster: { context: east }, endpoint: { url: "http://127.0.0.1:${eastPort}", addresses: [127.0.10.1] }, awsRegion: us-east-1 }
  - { id: west, region: us-west-2, cluster: { context: west }, endpoint: { url: "http://127.0.0.1:${westPort}", addresses: [127.0.10.2] }, awsRegion: us-west-2 }
dns:
  zone: example.com
  policy: { routing: failover, primary: east, secondary: west }
  nameServers: ["127.0.0.1:1"]
  resolvers: ["http://127.0.0.1:1/dns-query"]
router: { ${router} }
probe: { intervalSeconds: ${intervalSeconds}, timeoutMs: 100, vantages: [ { id: enam, hint: enam } ] }
`;
}

export function serveRouter(topology: string, texts: Readonly<Record<string, string>> = {}): Promise<ServedWorker> {
  return serveWorker({
    bundleDir: inject("bundleDir"),
    texts: { TOPOLOGY: topology, TRACE_URL: "", ADMIN_TOKEN: TOKEN, ...texts },
  });
}

export interface RawReply {
  readonly status: number;
  /** Names in lower case; a header that came twice is an array. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: string;
}

/** Sends `bytes` as they are and reads until the other side closes; they should ask for that. */
export function sendRaw(port: number, bytes: string): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.setTimeout(REPLY_MS_MAX, () => socket.destroy(new Error(`no end within ${REPLY_MS_MAX} ms after: ${text}`)));
    socket.on("data", (piece: Buffer) => (text += piece.toString("latin1")));
    socket.on("error", reject);
    socket.on("close", () => resolve(parseReply(text)));
    socket.write(bytes);
  });
}

function parseReply(text: string): RawReply {
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const headers: Record<string, string | string[]> = {};
  for (const line of lines) {
    const name = line.slice(0, line.indexOf(":")).toLowerCase();
    const value = line.slice(line.indexOf(":") + 1).trim();
    const before = headers[name];
    headers[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return { status: Number(first.split(" ")[1]), headers, body: text.slice(end + 4) };
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** One request on a connection of its own. */
export function ask(world: Pick<RouterWorld, "worker">, sent: Sent = {}): Promise<RawReply> {
  const { method = "GET", path = "/", host = HOST, headers = [], body } = sent;
  const length = body === undefined ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const head = [`${method} ${path} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...headers, ...length, "", ""];
  return sendRaw(world.worker.port, `${head.join("\r\n")}${body ?? ""}`);
}

export function askMonitor(world: RouterWorld, method: string, path: string, body?: object): Promise<RawReply> {
  return ask(world, {
    method,
    path,
    host: "monitor.example.com",
    headers: [`Authorization: Bearer ${TOKEN}`],
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
