import { describe, expect, test } from "vitest";
import { makeApp } from "../../service/app.ts";
import { startService } from "./service-process.ts";

const IDENTITY = {
  region: "us-east-1",
  hostname: "pod-1",
  podIP: "10.42.1.23",
  cluster: "aws-us-east-1",
  version: "1",
};
const TOKEN = "0123456789abcdef";
const START = Date.parse("2026-11-28T12:00:00Z");
const WITH_TOKEN = { authorization: `Bearer ${TOKEN}` };

interface Held {
  readonly ask: (method: string, path: string, body?: string, headers?: Record<string, string>) => Promise<Response>;
  readonly told: readonly string[];
  pass(ms: number): void;
}

function hold(drainToken: string | null = TOKEN): Held {
  let now = START;
  const told: string[] = [];
  const app = makeApp({
    identity: IDENTITY,
    readiness: () => "ready",
    now: () => now,
    drainToken,
    tell: (sentence) => told.push(sentence),
    report: () => {},
  });
  return {
    ask: async (method, path, body, headers = WITH_TOKEN) =>
      await app.request(path, { method, headers, ...(body === undefined ? {} : { body }) }),
    told,
    pass: (ms) => void (now += ms),
  };
}

describe("a drained service", () => {
  test("is unhealthy on /healthz alone, and serves whoever still comes", async () => {
    const { ask } = hold();
    const reply = await ask("POST", "/drain", '{"seconds":60}');
    expect([reply.status, await reply.json()]).toMatchObject([
      200,
      { region: "us-east-1", hostname: "pod-1", drainedUntil: "2026-11-28T12:01:00.000Z" },
    ]);
    const statuses = await Promise.all(
      ["/healthz", "/readyz", "/livez", "/"].map(async (path) => (await ask("GET", path)).status),
    );
    expect(statuses).toEqual([503, 200, 200, 200]);
    expect(await (await ask("GET", "/healthz")).text()).toBe("drained\n");
  });

  test("tells clients that keep their connection to look again", async () => {
    const { ask } = hold();
    expect((await ask("GET", "/")).headers.get("connection")).toBe(null);
    await ask("POST", "/drain", '{"seconds":60}');
    expect((await ask("GET", "/")).headers.get("connection")).toBe("close");
  });

  test("is healthy again by itself when its time is over", async () => {
    const { ask, pass } = hold();
    await ask("POST", "/drain", '{"seconds":60}');
    pass(59_999);
    expect((await ask("GET", "/healthz")).status).toBe(503);
    pass(1);
    expect((await ask("GET", "/healthz")).status).toBe(200);
    expect(await (await ask("GET", "/drain")).json()).toMatchObject({ drainedUntil: null });
  });

  test("is healthy again at once when asked, as often as asked", async () => {
    const { ask, told } = hold();
    await ask("POST", "/drain", '{"seconds":60}');
    for (let times = 0; times < 2; times += 1) {
      expect((await ask("DELETE", "/drain")).status).toBe(200);
      expect((await ask("GET", "/healthz")).status).toBe(200);
    }
    expect(told).toEqual(["drained for 60 s", "no longer drained", "no longer drained"]);
  });
});

describe("/drain", () => {
  test("does not exist where no token is set", async () => {
    const { ask } = hold(null);
    const other = await ask("POST", "/nothing", '{"seconds":60}');
    const drain = await ask("POST", "/drain", '{"seconds":60}');
    expect([drain.status, await drain.text()]).toEqual([404, await other.text()]);
    expect(Object.fromEntries(drain.headers)).toEqual(Object.fromEntries(other.headers));
  });

  test.each([
    ["no token", {}],
    ["another token", { authorization: "Bearer fedcba9876543210" }],
    ["the token's beginning", { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ["the token without its scheme", { authorization: TOKEN }],
  ])("is closed with %s", async (_, headers) => {
    const { ask, told } = hold();
    for (const method of ["GET", "POST", "DELETE", "PUT"]) {
      const reply = await ask(method, "/drain", method === "GET" ? undefined : '{"seconds":60}', headers);
      expect([reply.status, reply.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    }
    expect(told).toEqual([]);
    expect((await ask("GET", "/healthz")).status).toBe(200);
  });

  test.each([
    "",
    "{",
    "60",
    "null",
    "[60]",
    "{}",
    '{"seconds":0}',
    '{"seconds":-1}',
    '{"seconds":1.5}',
    '{"seconds":3601}',
    '{"seconds":"60"}',
    '{"seconds":60,"for":"ever"}',
    '{"minutes":1}',
  ])("refuses the body %j", async (body) => {
    const { ask, told } = hold();
    const reply = await ask("POST", "/drain", body);
    expect([reply.status, await reply.json()]).toEqual([
      400,
      { error: 'expected {"seconds": a whole number from 1 to 3600} and nothing else' },
    ]);
    expect(told).toEqual([]);
  });

  test("refuses a body that is too long, and other methods", async () => {
    const { ask } = hold();
    expect((await ask("POST", "/drain", " ".repeat(2000))).status).toBe(413);
    const put = await ask("PUT", "/drain", "{}");
    expect([put.status, put.headers.get("allow")]).toEqual([405, "GET, HEAD, POST, DELETE"]);
  });
});

test("a process with DRAIN_TOKEN can be drained, and logs it", async () => {
  const service = await startService({ DRAIN_TOKEN: TOKEN });
  const init = { method: "POST", headers: WITH_TOKEN, body: '{"seconds":60}' };
  expect((await fetch(`${service.url}/drain`, init)).status).toBe(200);
  expect((await fetch(`${service.url}/healthz`)).status).toBe(503);
  await service.said("drained for 60 s");
});
