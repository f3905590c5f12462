import { describe, expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { STATUSPAGE_NAMES } from "../../monitor/report/statuspage.ts";
import { STATUSPAGE_SCHEMAS } from "../../monitor/report/statuspage-schema.ts";
import { AWS } from "../support/example-topology.ts";
import { DAY_REPORT } from "../monitor/report/period-example.ts";
import { RICH } from "../monitor/report/rich-status.ts";

const never = (): Promise<never> => Promise.reject(new Error("not asked"));
let status = RICH;
const faces = {
  topologyProblems: [],
  readStatus: () => Promise.resolve(status),
  readSelf: never,
  readRounds: never,
  reports: { readRecent: () => Promise.resolve(DAY_REPORT), readBuckets: never, readDays: never, readDay: never },
};
const app = makeApp(faces);
const PATHS = [
  ...STATUSPAGE_NAMES.map((name) => `/api/v2/${name}.json`),
  `/badge/${AWS.id}.svg`,
  "/badge/service.json",
  `/badge/availability/${AWS.id}.svg`,
  "/feed.xml",
  "/feed.json",
];

describe.each(PATHS)("%s", (path) => {
  test("may be read by any page, and kept for a moment", async () => {
    const reply = await app.request(path);
    expect(reply.status).toBe(200);
    expect(reply.headers.get("access-control-allow-origin")).toBe("*");
    expect(reply.headers.get("cache-control")).toBe("public, max-age=15");
  });

  test("is not sent again to a reader who has it, and is once it has changed", async () => {
    const tag = (await app.request(path)).headers.get("etag") ?? "";
    expect(tag).toMatch(/^"[0-9a-f]{40}"$/);
    const again = await app.request(path, { headers: { "if-none-match": tag } });
    expect([again.status, await again.text()]).toEqual([304, ""]);
    expect(again.headers.get("access-control-allow-origin")).toBe("*");
    expect(again.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await app.request(path, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  test("knows no parameter", async () => {
    expect((await app.request(`${path}?style=flat`)).status).toBe(400);
  });

  test("is 503 while the topology is broken", async () => {
    const broken = makeApp({ ...faces, topologyProblems: [{ message: "expected a list" }] });
    expect((await broken.request(path)).status).toBe(503);
  });
});

test("the tag changes with what is told", async () => {
  const tagNow = async () => (await app.request("/api/v2/summary.json")).headers.get("etag");
  const before = await tagNow();
  status = { ...RICH, self: { ...RICH.self, lastRoundAt: "2026-11-28T12:00:00.000Z" } };
  expect(await tagNow()).not.toBe(before);
  status = RICH;
});

test.each(STATUSPAGE_NAMES)("%s.json has Statuspage's shape, and names us as we were called", async (name) => {
  const body = (await (await app.request(`https://probe.example.com/api/v2/${name}.json`)).json()) as object;
  expect(STATUSPAGE_SCHEMAS[name].safeParse(body).error?.issues).toBeUndefined();
  expect(body).toMatchObject({ page: { url: "https://probe.example.com" } });
});

test.each([`/badge/${AWS.id}.svg`, "/badge/service.svg", `/badge/availability/${AWS.id}.svg`])(
  "%s may stand in others' pages",
  async (path) => {
    const reply = await app.request(path);
    expect(reply.headers.get("content-type")).toBe("image/svg+xml");
    expect(reply.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
  },
);

test.each([
  "/badge/nobody.svg",
  "/badge/service",
  "/badge/service.png",
  "/badge/.svg",
  "/badge/service.svg.svg",
  "/badge/service.svg%0a",
  "/badge/availability/service.svg",
  "/badge/availability/nobody.json",
  "/api/v2/nothing.json",
  "/api/v2/summary",
  "/api/v2/",
])("%s is 404, as JSON", async (path) => {
  const reply = await app.request(path);
  expect(reply.status).toBe(404);
  expect(reply.headers.get("content-type")).toBe("application/json");
  expect(reply.headers.get("cache-control")).toBe("no-store");
  expect(Object.keys((await reply.json()) as object)).toContain("error");
});

describe("an incident that closed two weeks ago", () => {
  const old = {
    id: "2026-11-14T12:00:00.000Z region:old",
    subject: "region:old",
    openedAt: "2026-11-14T12:00:00.000Z",
    closedAt: "2026-11-14T12:10:00.000Z",
    reason: "timeout at oc",
  };
  const longer = makeApp({ ...faces, readPast: () => Promise.resolve([...RICH.incidents, old]) });
  const textAt = async (path: string): Promise<string> => (await longer.request(path)).text();

  test.each(["/api/v2/incidents.json", "/feed.xml", "/feed.json"])(
    "is told by %s, after what the status tells",
    async (path) => {
      const text = await textAt(path);
      expect(text).toContain("Region old does not serve users");
      expect(text.split("Over after 10 m")).toHaveLength(2);
      for (const name of ["summary", "incidents/unresolved"])
        expect(await textAt(`/api/v2/${name}.json`)).not.toContain("Region old");
    },
  );

  test("is told once of what the status tells as well", async () => {
    const told = async (which: typeof app) =>
      ((await (await which.request("/api/v2/incidents.json")).json()) as { incidents: unknown[] }).incidents.length;
    expect(await told(longer)).toBe((await told(app)) + 1);
  });

  test("is on the page, which also comes where the past cannot be read", async () => {
    const pageOf = async (readPast: () => Promise<never>) =>
      (await makeApp({ ...faces, readPast }).request("/?refresh=off")).text();
    expect(await textAt("/?refresh=off")).toContain("Incidents of the last 30 days");
    expect(await textAt("/?refresh=off")).toContain("timeout at oc");
    expect(await pageOf(() => Promise.reject(new Error("no storage")))).toContain("Incidents of the last 24 hours");
  });
});
