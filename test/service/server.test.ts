import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { makeApp } from "../../service/app.ts";
import { makeServer } from "../../service/server.ts";
import { openConnection } from "./raw-connection.ts";

const IDENTITY = { region: "us-east-1", hostname: "pod-1", podIP: "unknown", cluster: "unknown", version: "dev" };

let server: ReturnType<typeof makeServer>;
let port: number;

beforeEach(async () => {
  const app = makeApp({
    identity: IDENTITY,
    readiness: () => "ready",
    now: () => 0,
    drainToken: null,
    tell: () => {},
    report: () => {},
  });
  server = makeServer(app, IDENTITY.region).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  ({ port } = server.address() as AddressInfo);
});

test.each([
  { name: "a reply of the app", sent: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", want: 200 },
  { name: "a reply without a body", sent: "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", want: 200 },
  { name: "a reply to HTTP/1.0, which need not name a host", sent: "GET /healthz HTTP/1.0\r\n\r\n", want: 200 },
  { name: "a path that is not there", sent: "GET /x HTTP/1.1\r\nHost: a\r\n\r\n", want: 404 },
  { name: "a request without a host", sent: "GET / HTTP/1.1\r\n\r\n", want: 400 },
  { name: "a request with an impossible host", sent: "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", want: 400 },
  { name: "an expectation that cannot be met", sent: "GET / HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n", want: 417 },
  { name: "what is not HTTP", sent: "nonsense\r\n\r\n", want: 400 },
  { name: "endless headers", sent: `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, want: 431 },
])("$name is $want and names the region, once", async ({ sent, want }) => {
  const connection = await openConnection(port);
  connection.send(sent);
  const head = (await connection.received(/\r\n\r\n/)).split("\r\n\r\n")[0] ?? "";
  expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${want} `));
  expect(head.match(/^x-region: .*$/gim)).toEqual(["x-region: us-east-1"]);
});

test("a body of a HEAD reply is not sent", async () => {
  const connection = await openConnection(port);
  connection.send("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  expect(await connection.closed()).toMatch(/^HTTP\/1\.1 200 OK\r\n(.+\r\n)+\r\n$/);
});

test("headers that take too long are answered with 408 and the region", async () => {
  server.headersTimeout = 1;
  const connection = await openConnection(port);
  connection.send("GET / HTTP/1.1\r\nHost:");
  const reply = await connection.closed();
  expect(reply).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\nx-region: us-east-1\r\n/);
  expect(reply).toMatch(/\r\n\r\n\{"error":"request timeout"\}$/);
});

test("a slow client has a limit, and an idle connection outlives a load balancer's", () => {
  expect(server.headersTimeout).toBeLessThanOrEqual(10_000);
  expect(server.requestTimeout).toBeLessThanOrEqual(15_000);
  expect(server.keepAliveTimeout).toBeGreaterThan(600_000);
});
