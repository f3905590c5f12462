import { expect, test } from "vitest";
import { openConnection } from "./raw-connection.ts";
import { startService } from "./service-process.ts";

/** A delay or bound that a test never waits for: reaching it is a failure. */
const LONG = "60000";
const HALF_A_REQUEST = "GET / HTTP/1.1\r\nHost: a\r\n";

test("after SIGTERM it is not ready at once, but alive, and still takes new connections", async () => {
  const service = await startService({ DRAIN_DELAY_MS: LONG });
  service.signal("SIGTERM");
  expect(await service.said("draining")).toEqual({
    level: "info",
    msg: "draining",
    drainDelayMs: 60_000,
    drainTimeoutMs: 10_000,
  });
  for (const [path, status] of [
    ["/readyz", 503],
    ["/healthz", 200],
    ["/", 200],
  ] as const) {
    const connection = await openConnection(service.port);
    connection.send(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    const reply = await connection.closed();
    expect(reply).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(reply).toMatch(/^connection: close\r$/im);
  }
});

test("a request in flight finishes while new connections are refused, and then it ends with 0", async () => {
  const service = await startService({ DRAIN_DELAY_MS: "0", DRAIN_TIMEOUT_MS: LONG });
  const slow = await openConnection(service.port);
  slow.send(HALF_A_REQUEST);
  // Once this one is answered, the half that was sent before it has been read too.
  expect((await fetch(service.url)).status).toBe(200);
  service.signal("SIGTERM");
  await service.said("closing");
  await expect(openConnection(service.port)).rejects.toThrow(/ECONNREFUSED/);
  slow.send("\r\n");
  const reply = await slow.closed();
  expect(reply).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(reply).toMatch(/^connection: close\r$/im);
  expect(reply).toMatch(/\{"region":"us-east-1",.*\}$/);
  expect(await service.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  expect(await service.said("stopped")).toMatchObject({ destroyedConnections: 0 });
});

test("a request that never ends is cut at the bound, and it ends with 0 all the same", async () => {
  const service = await startService({ DRAIN_DELAY_MS: "0", DRAIN_TIMEOUT_MS: "100" });
  const slow = await openConnection(service.port);
  slow.send(HALF_A_REQUEST);
  expect((await fetch(service.url)).status).toBe(200);
  service.signal("SIGTERM");
  expect(await slow.closed()).toBe("");
  expect(await service.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  expect(await service.said("stopped")).toMatchObject({ destroyedConnections: 1 });
});

test.each([
  { name: "has been used and is kept", first: `${HALF_A_REQUEST}\r\n`, want: /^HTTP\/1\.1 200 OK\r\n/ },
  { name: "has never said anything", first: "", want: /^$/ },
])("a connection that $name does not hold it up", async ({ first, want }) => {
  const service = await startService({ DRAIN_DELAY_MS: "0", DRAIN_TIMEOUT_MS: LONG });
  const idle = await openConnection(service.port);
  idle.send(first);
  await idle.received(want);
  expect((await fetch(service.url)).status).toBe(200);
  service.signal("SIGTERM");
  expect(await idle.closed()).toMatch(want);
  expect(await service.ended).toMatchObject({ code: 0, signal: null, stderr: "" });
});

test("the delay passes before it closes", async () => {
  const service = await startService({ DRAIN_DELAY_MS: "200" });
  const before = performance.now();
  service.signal("SIGTERM");
  await service.said("closing");
  // A timer may fire a millisecond early by another clock.
  expect(performance.now() - before).toBeGreaterThan(198);
  expect((await service.ended).code).toBe(0);
});

test("a second SIGTERM ends it at once with 143, and it says so", async () => {
  const service = await startService({ DRAIN_DELAY_MS: LONG });
  service.signal("SIGTERM");
  await service.said("draining");
  service.signal("SIGTERM");
  const { code, signal, stdout } = await service.ended;
  expect({ code, signal }).toEqual({ code: 143, signal: null });
  expect(stdout.trimEnd().split("\n").at(-1)).toBe('{"level":"info","msg":"a second SIGTERM: leaving at once"}');
});

test("SIGINT is left to the system", async () => {
  const service = await startService({});
  service.signal("SIGINT");
  expect(await service.ended).toMatchObject({ code: null, signal: "SIGINT" });
});
