// The endpoint that everyone probes: a service with a health page and a claim, over HTTP and HTTPS, in a process of its own so
// that its CPU is nobody's. Answers every message with where it listens.
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { answerOrders } from "./orders.ts";

const [keyFile = "", certFile = "", host = "", region = ""] = process.argv.slice(2);
const page = JSON.stringify({
  hostname: "pod-1",
  region,
  podIP: "10.0.0.1",
  cluster: "bench",
  version: "1.0.0",
  time: new Date().toISOString(),
});

const answer: Parameters<typeof createServer>[1] = (_request, response) => {
  response.setHeader("content-type", "application/json").end(page);
};
const plain = createServer(answer);
const secure = createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, answer);
const ports = { http: await listen(plain), https: await listen(secure) };
answerOrders(() => ports);

async function listen(server: Server): Promise<number> {
  server.listen(0, host);
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}
