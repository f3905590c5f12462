// Asks the local DNS server as the three kinds of clients do: over UDP, over TCP and over HTTPS, with real sockets.
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import type { DnsPorts } from "../../monitor/local/dns-listeners.ts";
import { LOCAL_HOST } from "../../monitor/local/topology.ts";
import { type DecodedReply, decodeReply, encodeQuery } from "../../monitor/wire/dns-message.ts";
import { encodeFrame, makeFrameDecoder } from "../../monitor/wire/tcp-frame.ts";

const HOST = "127.0.0.1";
const PATIENCE_MS = 2000;

export const TRANSPORTS = ["udp", "tcp", "doh-get", "doh-post"] as const;
export type TestTransport = (typeof TRANSPORTS)[number];

/** Bytes to bytes; rejects when there is no reply in time. */
export function carry(
  transport: TestTransport,
  ports: DnsPorts,
  query: Uint8Array,
  patienceMs = PATIENCE_MS,
): Promise<Uint8Array> {
  if (transport === "udp") return carryUdp(ports.dns, query, patienceMs);
  if (transport === "tcp") return carryTcp(ports.dns, query, patienceMs);
  return carryDoh(transport, ports.doh, query, patienceMs);
}

function carryUdp(port: number, query: Uint8Array, patienceMs: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const socket = createSocket("udp4");
    const settle = (done: () => void): void => {
      clearTimeout(timer);
      socket.close();
      done();
    };
    const timer = setTimeout(() => settle(() => reject(new Error("no reply by UDP"))), patienceMs);
    socket.on("message", (reply) => settle(() => resolve(reply)));
    socket.on("error", (error) => settle(() => reject(error)));
    // Connected, so that a closed port is an error and not silence.
    socket.connect(port, HOST, () => socket.send(query));
  });
}

function carryTcp(port: number, query: Uint8Array, patienceMs: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const decoder = makeFrameDecoder();
    const socket = connect({ host: HOST, port }, () => socket.write(encodeFrame(query)));
    socket.setTimeout(patienceMs, () => socket.destroy(new Error("no reply by TCP")));
    socket.on("data", (chunk: Buffer) => {
      const [reply] = decoder.push(chunk);
      if (reply === undefined) return;
      resolve(reply);
      socket.destroy();
    });
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("closed without a reply")));
  });
}

async function carryDoh(
  transport: "doh-get" | "doh-post",
  port: number,
  query: Uint8Array,
  patienceMs: number,
): Promise<Uint8Array> {
  const url = new URL(`http://${HOST}:${port}/dns-query`);
  const type = "application/dns-message";
  const signal = AbortSignal.timeout(patienceMs);
  if (transport === "doh-get") url.searchParams.set("dns", Buffer.from(query).toString("base64url"));
  const post = { method: "POST", headers: { "content-type": type }, body: Uint8Array.from(query), signal };
  const response = await fetch(url, transport === "doh-get" ? { signal } : post);
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  if (response.headers.get("content-type") !== type) throw new Error("not a DNS message");
  return new Uint8Array(await response.arrayBuffer());
}

export interface TestQuestion {
  readonly name?: string;
  readonly type?: "A" | "AAAA";
  readonly clientSubnet?: string | null;
  readonly transport?: TestTransport;
}

let lastId = 0;

/** The decoded reply; the zone's own name, type A and UDP unless told otherwise. */
export async function ask(ports: DnsPorts, question: TestQuestion = {}): Promise<DecodedReply> {
  const { name = LOCAL_HOST, type = "A", clientSubnet = null, transport = "udp" } = question;
  const id = (lastId = (lastId + 1) % 65_536);
  const query = encodeQuery({ id, name, type, clientSubnet, recursionDesired: "yes" });
  return decodeReply(await carry(transport, ports, query), { id, name, type });
}

/** The addresses of the answer, or the code of a reply without any. */
export async function answerOf(ports: DnsPorts, question: TestQuestion = {}): Promise<string> {
  const reply = await ask(ports, question);
  if (reply.kind === "malformed") return "malformed";
  return reply.addresses.length === 0 ? reply.rcode : reply.addresses.join(" ");
}
