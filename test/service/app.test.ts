import { describe, expect, test } from "vitest";
import { makeApp, type Readiness } from "../../service/app.ts";

const IDENTITY = {
  region: "us-east-1",
  hostname: "pod-1",
  podIP: "10.42.1.23",
  cluster: "aws-us-east-1",
  version: "1.0.0",
};
const AT = Date.parse("2025-01-01T12:34:56.789Z");
const CLAIM =
  '"region":"us-east-1","hostname":"pod-1","podIP":"10.42.1.23","time":"2025-01-01T12:34:56Z","cluster":"aws-us-east-1","version":"1.0.0"}';
const TEXT = "text/plain; charset=UTF-8";
const HEALTH_JSON = "application/health+json";
const QUIET = { identity: IDENTITY, drainToken: null, tell: () => {}, report: () => {} };
const PATHS = ["/", "/healthz", "/livez", "/readyz"];

const appIn = (readiness: Readiness): ReturnType<typeof makeApp> =>
  makeApp({ ...QUIET, readiness: () => readiness, now: () => AT });

const ready = appIn("ready");
const draining = appIn("draining");

describe("replies", () => {
  const asHealth = { headers: { accept: HEALTH_JSON } };
  test.each([
    { app: ready, path: "/", init: {}, status: 200, type: "application/json", body: `{${CLAIM}` },
    { app: ready, path: "/?a=1", init: {}, status: 200, type: "application/json", body: `{${CLAIM}` },
    { app: ready, path: "/healthz", init: {}, status: 200, type: TEXT, body: "ok\n" },
    { app: ready, path: "/readyz", init: {}, status: 200, type: TEXT, body: "ok\n" },
    { app: ready, path: "/healthz", init: asHealth, status: 200, type: HEALTH_JSON, body: `{"status":"pass",${CLAIM}` },
    { app: ready, path: "/readyz", init: asHealth, status: 200, type: HEALTH_JSON, body: `{"status":"pass",${CLAIM}` },
    { app: draining, path: "/", init: {}, status: 200, type: "application/json", body: `{${CLAIM}` },
    { app: draining, path: "/healthz", init: {}, status: 200, type: TEXT, body: "ok\n" },
    { app: draining, path: "/livez", init: {}, status: 200, type: TEXT, body: "ok\n" },
    { app: draining, path: "/readyz", init: {}, status: 503, type: TEXT, body: "draining\n" },
    {
      app: draining,
      path: "/readyz",
      init: asHealth,
      status: 503,
      type: HEALTH_JSON,
      body: `{"status":"fail","output":"draining",${CLAIM}`,
    },
    {
      app: ready,
      path: "/nope",
      init: {},
      status: 404,
      type: "application/json",
      body: '{"error":"not found: use /, /healthz, /livez, /readyz"}',
    },
  ])("$path is $status $type", async ({ app, path, init, status, type, body }) => {
    const reply = await app.request(path, init);
    expect(reply.status).toBe(status);
    expect(reply.headers.get("content-type")).toBe(type);
    expect(await reply.text()).toBe(body);
  });
});

describe("every reply", () => {
  const requests = [...PATHS, "/nope"].flatMap((path) =>
    ["GET", "HEAD", "POST", "OPTIONS"].map((method) => ({ method, path })),
  );

  test.each(requests)("$method $path names the region and is not to be stored", async ({ method, path }) => {
    for (const app of [ready, draining]) {
      const { headers } = await app.request(path, { method });
      expect(headers.get("x-region")).toBe("us-east-1");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("connection")).toBe(app === draining ? "close" : null);
    }
  });

  test("a fault is a 500 that names the region, tells the operator and not the client", async () => {
    const faults: Error[] = [];
    const now = (): number => Number.NaN;
    const report = (fault: Error): void => void faults.push(fault);
    const app = makeApp({ ...QUIET, readiness: () => "ready", now, report });
    const reply = await app.request("/");
    expect(reply.status).toBe(500);
    expect(reply.headers.get("x-region")).toBe("us-east-1");
    expect(await reply.json()).toEqual({ error: "internal error" });
    expect(faults.map((fault) => fault.message)).toEqual(["Invalid time value"]);
  });
});

describe("methods", () => {
  test.each([...PATHS, "/nope"])("HEAD %s is GET without a body", async (path) => {
    const got = await ready.request(path);
    const head = await ready.request(path, { method: "HEAD" });
    expect(head.status).toBe(got.status);
    expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(got.headers));
    expect(await head.text()).toBe("");
  });

  test.each(
    PATHS.flatMap((path) => ["POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"].map((method) => ({ method, path }))),
  )("$method $path is 405 and says what is allowed", async ({ method, path }) => {
    const reply = await ready.request(path, { method });
    expect(reply.status).toBe(405);
    expect(reply.headers.get("allow")).toBe("GET, HEAD");
    expect(await reply.json()).toEqual({ error: "method not allowed: use GET or HEAD" });
  });
});

describe("the type of a health reply", () => {
  test.each([
    { accept: undefined, want: TEXT },
    { accept: "", want: TEXT },
    { accept: "*/*", want: TEXT },
    { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", want: TEXT },
    { accept: "application/health+json", want: HEALTH_JSON },
    { accept: "Application/Health+JSON", want: HEALTH_JSON },
    { accept: "application/health+json, */*", want: HEALTH_JSON },
    { accept: "*/*, application/health+json", want: HEALTH_JSON },
    { accept: "application/health+json, text/plain", want: HEALTH_JSON },
    { accept: "text/plain, application/health+json", want: TEXT },
    { accept: "application/health+json;q=0.5, text/plain", want: TEXT },
    { accept: "application/health+json;q=0.5, text/plain;q=0.4", want: HEALTH_JSON },
    { accept: "application/health+json;q=0.5, */*;q=0.9", want: TEXT },
    { accept: "application/health+json;q=0", want: TEXT },
    { accept: "application/health+json;q=0, application/*", want: TEXT },
    { accept: "application/health+json;q=0, text/*;q=0", want: TEXT },
    { accept: "application/*", want: HEALTH_JSON },
    { accept: "application/*;q=0.2, text/*;q=0.3", want: TEXT },
    { accept: "application/json", want: TEXT },
    { accept: "image/png", want: TEXT },
  ])("for $accept it is $want", async ({ accept, want }) => {
    const headers = accept === undefined ? {} : { accept };
    for (const path of ["/healthz", "/readyz"]) {
      const reply = await ready.request(path, { headers });
      expect(reply.status).toBe(200);
      expect(reply.headers.get("content-type")).toBe(want);
      expect(reply.headers.get("vary")).toBe("accept");
    }
  });
});
