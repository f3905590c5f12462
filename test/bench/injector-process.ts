// Delays each phase of a look by a known time, and notes by its own monotonic clock how long each delay really was. DNS over UDP,
// a gate before TLS, a page that waits before its head and again in the middle of its body. Looks come one at a time.
// The first message is answered with the ports; "delays" sets them; "record" gives what the latest look was made to wait.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { decode, encode } from "dns-packet";
import { answerOrders } from "./orders.ts";

export interface Delays {
  readonly dns: number;
  readonly tls: number;
  readonly ttfb: number;
  readonly transfer: number;
}

export type InjectorOrder =
  | { readonly kind: "where" }
  | { readonly kind: "delays"; readonly delays: Delays }
  | { readonly kind: "record" };

export interface InjectorPorts {
  readonly dns: number;
  readonly https: number;
}

const [keyFile = "", certFile = "", host = ""] = process.argv.slice(2);
const HALF = "x".repeat(512);

let delays: Delays = { dns: 0, tls: 0, ttfb: 0, transfer: 0 };
const record: { -readonly [phase in keyof Delays]: number } = { ...delays };

const ports = await start();
answerOrders((order) => obey(order as InjectorOrder));

function obey(order: InjectorOrder): object {
  if (order.kind === "delays") delays = order.delays;
  return order.kind === "where" ? ports : record;
}

async function start(): Promise<InjectorPorts> {
  const behind = await listen(
    createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (_request, response) => {
      void answer(response);
    }),
  );
  return { dns: await startDns(), https: await listen(makeGate(behind)) };
}

async function answer(response: ServerResponse): Promise<void> {
  await hold("ttfb");
  response.writeHead(200, { "content-type": "text/plain", "content-length": 2 * HALF.length });
  response.write(HALF);
  await hold("transfer");
  response.end(HALF);
}

async function hold(phase: keyof Delays): Promise<void> {
  const startedMs = performance.now();
  if (delays[phase] > 0) await sleep(delays[phase]);
  record[phase] = performance.now() - startedMs;
}

/** The kernel completes the connection before anybody here is asked, so connect itself cannot be delayed. */
function makeGate(port: number): Server {
  return createServer((near) => {
    const far = connect({ port, host });
    near.on("error", () => far.destroy()).on("close", () => far.destroy());
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
    near.setNoDelay(true);
    far.setNoDelay(true);
    near.once("data", (hello) => {
      near.pause();
      void letThrough(hello, near, far);
    });
    far.pipe(near);
  });
}

async function letThrough(hello: Buffer, near: Socket, far: Socket): Promise<void> {
  await hold("tls");
  far.write(hello);
  near.pipe(far);
}

async function startDns(): Promise<number> {
  const socket = createSocket("udp4");
  socket.on("message", (message, { port, address }) => {
    const { id = 0, questions = [] } = decode(message);
    const answers = questions.map(({ name }) => ({ type: "A" as const, name, ttl: 0, data: host }));
    void hold("dns").then(() => socket.send(encode({ type: "response", id, questions, answers }), port, address));
  });
  socket.bind(0, host);
  await once(socket, "listening");
  return socket.address().port;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
