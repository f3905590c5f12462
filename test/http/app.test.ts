import { describe, expect, test } from "vitest";
import { type Faces, makeApp } from "../../monitor/http/app.ts";
import type { RouterFaces } from "../../monitor/http/router-routes.ts";
import { explainRoute, parseClient } from "../../monitor/steering/explain.ts";
import { NOTHING_KNOWN } from "../../monitor/steering/snapshot.ts";
import type { DrillFaces } from "../../monitor/http/drill-routes.ts";
import type { MaintenanceFaces } from "../../monitor/http/maintenance-routes.ts";
import { NO_ALERT_FACES } from "../support/alert-faces.ts";
import { OPENAPI } from "../../monitor/http/openapi.ts";
import { makeSelf } from "../../monitor/report/self.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { noRounds } from "../contract/no-rounds.ts";
import { textFingerprint } from "../../monitor/topology/fingerprint.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { NO_BUCKETS } from "../monitor/report/bucket-example.ts";
import { DAY_REPORT } from "../monitor/report/period-example.ts";
import { statusProblems } from "../support/status-check.ts";

const TOKEN = "a-token-of-24-characters";
const fine = { storage: null, round: null };
const FACES: Faces = {
  topologyProblems: [],
  readStatus: () => Promise.resolve(makeStatus(EXAMPLE, EMPTY_STATE, 0)),
  readSelf: () => Promise.resolve(makeSelf(EXAMPLE, EMPTY_STATE, fine, 0, 0)),
  readRounds: () => Promise.resolve(noRounds(EXAMPLE)),
  reports: {
    readRecent: () => Promise.resolve(DAY_REPORT),
    readBuckets: () => Promise.resolve(NO_BUCKETS),
    readDays: () => Promise.resolve(["2026-11-22"]),
    readDay: (day) => Promise.resolve(day === "2026-11-22" ? DAY_REPORT : null),
  },
};
const ROUTER: RouterFaces = {
  readDrains: () => Promise.resolve({}),
  drain: () => Promise.resolve({ kind: "router-off" }),
  endDrain: () => Promise.resolve({ kind: "router-off" }),
  explain: (words) => {
    const client = parseClient(words, EXAMPLE, {});
    return Promise.resolve(
      client.ok ? { ok: true, value: explainRoute(EXAMPLE, NOTHING_KNOWN, client.value, 0) } : client,
    );
  },
};
const app = makeApp(FACES);

test("/status is our JSON, and any page may read it", async () => {
  const reply = await app.request("/status");
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-type")).toBe("application/json");
  expect(reply.headers.get("cache-control")).toBe("public, max-age=2");
  expect(reply.headers.get("access-control-allow-origin")).toBe("*");
  expect(statusProblems(await reply.json())).toEqual([]);
});

test("every link of the page leads to something", async () => {
  const page = await (await app.request("/")).text();
  const links = [...page.matchAll(/<a href="([^"]*)"/g)].map(([, link = ""]) => link.replaceAll("&amp;", "&"));
  expect(links).toEqual(expect.arrayContaining(["/status", "/report?window=24h&format=md", "/reports"]));
  for (const link of links) expect([link, (await app.request(link)).status]).toEqual([link, 200]);
});

test("the page names the style it was made for, so that no browser draws it with one that it kept", async () => {
  const page = await (await app.request("/")).text();
  const [, link = ""] = /<link rel="stylesheet" href="([^"]*)"/.exec(page) ?? [];
  const style = await (await app.request(link)).text();
  expect(link).toBe(`/page.css?v=${textFingerprint(style)}`);
});

test.each(["/", "/metrics", "/page.css"])("%s carries the security headers", async (path) => {
  const reply = await app.request(path);
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-security-policy")).toBe(
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
});

test("HEAD gives the headers of GET and no body", async () => {
  const reply = await app.request("/status", { method: "HEAD" });
  expect(reply.status).toBe(200);
  expect(await reply.text()).toBe("");
});

test("another method on a known path is 405 with what is allowed", async () => {
  const reply = await app.request("/status", { method: "POST" });
  expect(reply.status).toBe(405);
  expect(reply.headers.get("allow")).toBe("GET, HEAD");
});

test("an unknown path is 404 as JSON, with the paths there are", async () => {
  const reply = await app.request("/admin");
  expect(reply.status).toBe(404);
  expect(await reply.json()).toMatchObject({
    error: "nothing is at /admin",
    paths: expect.arrayContaining(["/status"]) as unknown,
  });
});

test("a failed monitor says so by status 503 and in words", async () => {
  const reply = await makeApp({
    ...FACES,
    readSelf: () => Promise.resolve(makeSelf(EXAMPLE, EMPTY_STATE, fine, 0, 10 ** 9)),
  }).request("/healthz");
  expect(reply.status).toBe(503);
  expect(reply.headers.get("content-type")).toBe("application/health+json");
  expect(await reply.json()).toMatchObject({ status: "fail" });
});

describe("a broken topology", () => {
  const broken = makeApp({
    ...FACES,
    topologyProblems: [{ message: "expected a list", line: 4, column: 2, path: "regions" }],
  });
  test.each(["/", "/status", "/healthz"])("is what %s says, by its places alone", async (path) => {
    const reply = await broken.request(path);
    expect(reply.status).toBe(503);
    expect(await reply.json()).toMatchObject({ problems: ["topology.yaml:4:2"] });
  });

  test("names another text that is at fault", async () => {
    const problem = { message: "expected multicloud.example.com", file: "ZONE_SNAPSHOT", path: "hostedZone.Name" };
    const reply = await makeApp({ ...FACES, topologyProblems: [problem] }).request("/status");
    expect(await reply.json()).toMatchObject({ problems: ["ZONE_SNAPSHOT:1:1"] });
  });
});

describe("the OpenAPI document", () => {
  const byHono = (path: string): string => path.replace("{day}", ":name").replace(/\{(\w+)\}/, ":$1");
  const drills: DrillFaces = {
    readDrills: () => Promise.resolve([]),
    startDrill: () => Promise.reject(new Error("not asked")),
    endDrill: () => Promise.resolve(null),
  };
  const maintenance: MaintenanceFaces = {
    readMaintenance: () => Promise.resolve([]),
    scheduleMaintenance: () => Promise.reject(new Error("not asked")),
    endMaintenance: () => Promise.reject(new Error("not asked")),
  };
  const never = () => Promise.reject(new Error("not asked"));
  const open = makeApp({
    ...FACES,
    writes: {
      token: TOKEN,
      readAudit: () => Promise.resolve([]),
      drills,
      alerts: NO_ALERT_FACES,
      maintenance,
      mutes: { readMutes: () => Promise.resolve([]), startMute: never, endMute: never },
      router: ROUTER,
    },
    observations: { now: () => 0, secrets: () => new Map(), accept: () => Promise.reject(new Error("not asked")) },
  });
  const served = new Set(
    open.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => `${method} ${path}`),
  );
  const told = Object.entries(OPENAPI.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
  );

  test("names every method of every path that is served, and no other", () => {
    expect(told.map(({ method, path }) => `${method} ${byHono(path)}`).toSorted()).toEqual([...served].toSorted());
  });

  test.each(told.filter(({ method }) => method === "GET"))("is right that something is at $path", async ({ path }) => {
    const headers = path.startsWith("/v1/") ? { authorization: `Bearer ${TOKEN}` } : {};
    const asked = path.replace("{day}", "2026-11-22").replace("{name}", "aws-us-east-1.svg");
    expect((await open.request(asked, { headers })).status).toBe(200);
  });
});
