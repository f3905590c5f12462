import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { checkSelf } from "../../service/self-check.ts";

const SETTINGS = { drainDelayMs: 0, drainTimeoutMs: 0, drainToken: null };

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

test.each([
  { name: "200 is alive", status: 200, want: /^null$/ },
  { name: "204 is not what /livez says", status: 204, want: /\/livez answers 204$/ },
  { name: "a redirect is not followed", status: 302, want: /answers 302$/ },
  { name: "503 is not alive", status: 503, want: /answers 503$/ },
])("$name", async ({ status, want }) => {
  const paths: unknown[] = [];
  const port = await listen((request, reply) => {
    paths.push(request.url);
    reply.writeHead(status, { location: "/" }).end();
  });
  const problem = await checkSelf({ ...SETTINGS, host: undefined, port });
  expect(String(problem)).toMatch(want);
  expect(paths).toEqual(["/livez"]);
});

test.each(["127.0.0.1", "0.0.0.0", "::", undefined])("a service on host %s is found on loopback", async (host) => {
  const port = await listen((_, reply) => reply.end());
  expect(await checkSelf({ ...SETTINGS, host, port })).toBeNull();
});

test("a service that never answers is not alive, within the time that the container gives", async () => {
  const port = await listen(() => {});
  const before = performance.now();
  expect(await checkSelf({ ...SETTINGS, host: undefined, port })).toMatch(/does not answer: TimeoutError/);
  expect(performance.now() - before).toBeLessThan(3_000);
});

test("a port that the system chose cannot be guessed", async () => {
  expect(await checkSelf({ ...SETTINGS, host: undefined, port: 0 })).toMatch(/^PORT: expected .*, found 0$/);
});
