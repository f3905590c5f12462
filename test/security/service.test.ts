// The service before strangers: it has no use for a body, names no software, and tells nobody what went wrong inside.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { makeApp } from "../../service/app.ts";
import { makeServer } from "../../service/server.ts";
import { openConnection } from "../service/raw-connection.ts";

const IDENTITY = { region: "us-east-1", hostname: "pod-1", podIP: "unknown", cluster: "unknown", version: "dev" };

async function start(now: () => number = () => 0): Promise<number> {
  const app = makeApp({
    identity: IDENTITY,
    readiness: () => "ready",
    now,
    drainToken: null,
    tell: () => undefined,
    report: () => undefined,
  });
  const server = makeServer(app, IDENTITY.region).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

describe("a body", () => {
  test.each(["content-length: 1000000000", "transfer-encoding: chunked"])(
    "that begins with %s is refused before it has come",
    async (header) => {
      const connection = await openConnection(await start());
      connection.send(`POST / HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\n`);
      expect(await connection.received(/\r\n\r\n/)).toMatch(/^HTTP\/1\.1 405 [\s\S]*\r\nallow: GET, HEAD\r\n/i);
    },
  );
});

test.each(["/", "/healthz", "/readyz", "/nothing"])("%s names no software", async (path) => {
  const reply = await fetch(`http://127.0.0.1:${await start()}${path}`);
  expect([reply.headers.get("server"), reply.headers.get("x-powered-by")]).toEqual([null, null]);
});

test("what went wrong inside stays inside", async () => {
  const port = await start(() => {
    throw new Error("secret-marker at 10.0.0.1");
  });
  const reply = await fetch(`http://127.0.0.1:${port}/`);
  expect([reply.status, await reply.text()]).toEqual([500, '{"error":"internal error"}']);
});
