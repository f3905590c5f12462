// A name server on loopback by UDP, TCP and HTTPS (plain HTTP here) that does what the first label of the question says.
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer, type Socket } from "node:net";
import { decodeQuery, type DecodedQuery, encodeReply, type Reply } from "../../monitor/wire/dns-message.ts";
import { encodeFrame, makeFrameDecoder } from "../../monitor/wire/tcp-frame.ts";
import type { DnsAddresses, DnsDoors } from "../contract/dns-addresses.ts";
import { AWS as FIRST, GCP as SECOND } from "./example-topology.ts";
import { closedPort, listen, whenClosed } from "./fault-server-ports.ts";

export interface DnsTestServer {
  readonly addresses: DnsAddresses;
  close(): void;
}

type Query = Extract<DecodedQuery, { kind: "query" }>;

const PORT_ATTEMPTS_MAX = 20;
const HUGE_BYTES = 70_000;
const AGE_SECONDS = 12;

/** What the server does to a query. */
type ModeOf = (query: Query) => string;

export async function startDnsServer(): Promise<DnsTestServer> {
  const sockets = new Set<Socket>();
  const faulty = await openDoors((query) => query.name.split(".", 1)[0] ?? "", sockets);
  const well = await openDoors(() => "open", sockets);
  const control = createHttpServer((_request, response) => void whenClosed(sockets).then((text) => response.end(text)));
  const controlPort = await listen(control);
  const nobody = await closedPort();
  return {
    addresses: {
      ...faulty.addresses,
      closedPort: nobody.port,
      closedUrl: `http://127.0.0.1:${controlPort}/`,
      well: well.addresses,
    },
    close: () => {
      nobody.close();
      for (const socket of sockets) socket.destroy();
      faulty.close();
      well.close();
      control.close();
      control.closeAllConnections();
    },
  };
}

interface Doors {
  readonly addresses: DnsDoors;
  close(): void;
}

async function openDoors(modeOf: ModeOf, sockets: Set<Socket>): Promise<Doors> {
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => undefined);
    const decoder = makeFrameDecoder();
    socket.on("data", (chunk) => decoder.push(chunk).forEach((message) => answerTcp(message, socket, modeOf)));
  });
  const { udp, port } = await bindBoth(tcp);
  udp.on("message", (message, from) => {
    const query = decodeQuery(message);
    if (query.kind === "malformed") return;
    const mode = modeOf(query);
    if (mode === "silent") return;
    udp.send(replyTo(query, mode === "cut-by-udp" ? "truncated" : mode, "name server"), from.port, from.address);
  });
  const http = createHttpServer((request, response) => answerHttp(request, response, modeOf));
  const httpPort = await listen(http);
  return {
    addresses: { port, dohUrl: `http://127.0.0.1:${httpPort}/dns-query` },
    close: () => {
      udp.close();
      tcp.close();
      http.close();
      http.closeAllConnections();
    },
  };
}

/** The system chooses for TCP; UDP must get the same number, which now and then somebody else has. */
async function bindBoth(tcp: ReturnType<typeof createServer>): Promise<{ udp: UdpSocket; port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await listen(tcp);
    const udp = createSocket("udp4");
    const bound = await new Promise<boolean>((resolve) => {
      udp.once("error", () => resolve(false));
      udp.bind(port, "127.0.0.1", () => resolve(true));
    });
    if (bound) return { udp, port };
    if (attempt === PORT_ATTEMPTS_MAX) throw new Error("no port number is free for both TCP and UDP");
    await new Promise((resolve) => tcp.close(resolve));
  }
}

function answerTcp(message: Uint8Array, socket: Socket, modeOf: ModeOf): void {
  const query = decodeQuery(message);
  const mode = query.kind === "query" ? modeOf(query) : "hangup";
  if (query.kind === "malformed" || mode === "hangup") return void socket.end();
  if (mode === "silent") return;
  const frame = encodeFrame(replyTo(query, mode, "name server"));
  if (mode === "half") return void socket.end(frame.subarray(0, frame.length / 2));
  if (mode === "drip") socket.setNoDelay(true);
  // One write for each byte: they may still travel together, which the decoder's own test makes up for.
  if (mode === "drip") for (const byte of frame) socket.write(Uint8Array.of(byte));
  else socket.write(frame);
}

function answerHttp(request: IncomingMessage, response: ServerResponse, modeOf: ModeOf): void {
  const text = new URL(request.url ?? "/", "http://localhost").searchParams.get("dns") ?? "";
  const query = decodeQuery(Buffer.from(text, "base64url"));
  const accepts = request.headers.accept === "application/dns-message" && /^[\w-]+$/.test(text);
  if (query.kind === "malformed" || query.id !== 0 || !accepts) return void response.writeHead(400).end();
  const mode = modeOf(query);
  if (mode === "silent") return;
  if (mode === "hangup") return void request.socket.end();
  if (mode === "http-500") return void response.writeHead(500).end("no");
  if (mode === "redirect") return void response.writeHead(302, { location: "/elsewhere" }).end();
  const body = mode === "huge" ? new Uint8Array(HUGE_BYTES) : replyTo(query, mode, "resolver");
  response.writeHead(200, {
    "content-type": mode === "wrong-type" ? "text/html" : "application/dns-message",
    "content-length": mode === "half" ? body.length * 2 : body.length,
    ...(mode === "aged" ? { age: String(AGE_SECONDS) } : {}),
  });
  response.write(body, () => (mode === "half" ? request.socket.end() : response.end()));
}

function replyTo(query: Query, mode: string, role: "name server" | "resolver"): Uint8Array {
  if (mode === "garbage") return Uint8Array.from({ length: 40 }, (_, index) => (index * 37) % 256);
  const subnet = query.clientSubnet;
  const plain: Reply = {
    id: query.id,
    name: query.name,
    type: query.type,
    rcode: "NOERROR",
    authoritative: role === "name server",
    truncated: false,
    recursionDesired: query.recursionDesired,
    answers: [],
    clientSubnet: subnet === null ? null : { ...subnet, scope: subnet.prefix },
  };
  return encodeReply({ ...plain, ...changes(query, mode) });
}

function changes(query: Query, mode: string): Partial<Reply> {
  switch (mode) {
    case "nxdomain":
      return { rcode: "NXDOMAIN" };
    case "servfail":
      return { rcode: "SERVFAIL" };
    case "refused":
      return { rcode: "REFUSED" };
    case "empty":
      return {};
    case "truncated":
      return { truncated: true };
    case "other-name":
      return { name: "somebody-else.example" };
    case "wrong-id":
      return { id: query.id ^ 1 };
    case "open":
      return { answers: byPolicy(query, query.name.split(".", 2)[1] ?? "") };
    case "stuck":
      return { answers: byPolicy(query, "first") };
    case "subnet":
      return { answers: answers(query, query.clientSubnet === null ? [] : [query.clientSubnet.address]) };
    case "recursion":
      return { answers: answers(query, [query.recursionDesired ? "192.0.2.1" : "192.0.2.2"]) };
    default:
      return { answers: answers(query, query.type === "AAAA" ? ["2001:DB8:0::A"] : ["192.0.2.20", "192.0.2.10"]) };
  }
}

/** The region that the second label names has the answer, with the TTL of a policy in a hurry. */
function byPolicy(query: Query, region: string): Reply["answers"] {
  const [address] = region === "first" ? FIRST.endpoint.addresses : SECOND.endpoint.addresses;
  return answers(query, address === undefined ? [] : [address]).map((answer) => ({ ...answer, ttlSeconds: 1 }));
}

/** TTLs of 60, 59 and so on: the smallest is the last one's. */
function answers(query: Query, addresses: readonly string[]): Reply["answers"] {
  const type = query.type === "AAAA" ? "AAAA" : "A";
  return addresses.map((address, index) => ({ name: query.name, type, ttlSeconds: 60 - index, address }));
}
