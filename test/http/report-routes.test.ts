import { describe, expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { periodMarkdown } from "../../monitor/report/period-report-markdown.ts";
import type { BucketWidth } from "../../monitor/report/rollup.ts";
import { NO_BUCKETS } from "../monitor/report/bucket-example.ts";
import { DAY_REPORT } from "../monitor/report/period-example.ts";

const notAsked = (): Promise<never> => Promise.reject(new Error("not asked"));
let asked: number[] = [];
let askedBuckets: (readonly [BucketWidth, number])[] = [];
const faces = {
  topologyProblems: [],
  readStatus: notAsked,
  readSelf: notAsked,
  readRounds: notAsked,
  reports: {
    readRecent: (windowMs: number) => {
      asked.push(windowMs);
      return Promise.resolve(DAY_REPORT);
    },
    readBuckets: (width: BucketWidth, windowMs: number) => {
      askedBuckets.push([width, windowMs]);
      return Promise.resolve(NO_BUCKETS);
    },
    readDays: () => Promise.resolve(["2026-11-22", "2026-11-21"]),
    readDay: (day: string) => Promise.resolve(day === "2026-11-22" ? DAY_REPORT : null),
  },
};
const app = makeApp(faces);
const MARKDOWN = "text/markdown; charset=utf-8";

describe("a report is JSON or Markdown, as asked for", () => {
  test.each([
    { path: "/report", accept: "*/*", type: "application/json" },
    { path: "/report", accept: "text/markdown", type: MARKDOWN },
    { path: "/report?format=md", accept: "*/*", type: MARKDOWN },
    { path: "/report?format=json", accept: "text/markdown", type: "application/json" },
    { path: "/reports/2026-11-22", accept: "*/*", type: "application/json" },
    { path: "/reports/2026-11-22", accept: "text/markdown", type: MARKDOWN },
    { path: "/reports/2026-11-22.md", accept: "*/*", type: MARKDOWN },
  ])("$path with $accept", async ({ path, accept, type }) => {
    const reply = await app.request(path, { headers: { accept } });
    expect(reply.status).toBe(200);
    expect(reply.headers.get("content-type")).toBe(type);
    expect(reply.headers.get("vary")).toBe("accept");
    expect(await reply.text()).toBe(type === MARKDOWN ? periodMarkdown(DAY_REPORT) : JSON.stringify(DAY_REPORT));
  });
});

describe("the window", () => {
  test.each([
    { query: "", want: 86_400_000 },
    { query: "?window=1h", want: 3_600_000 },
    { query: "?window=7d", want: 604_800_000 },
    { query: "?window=168h", want: 604_800_000 },
    { query: "?window=30d", want: 2_592_000_000 },
    { query: "?window=366d", want: 31_622_400_000 },
  ])('of "$query" is $want ms', async ({ query, want }) => {
    asked = [];
    expect((await app.request(`/report${query}`)).status).toBe(200);
    expect(asked).toEqual([want]);
  });

  test.each(["169h", "721h", "8d", "367d", "0h", "24", "30m", "-1h", "1.5h", "999d", ""])(
    '"%s" is refused',
    async (window) => {
      asked = [];
      const reply = await app.request(`/report?window=${window}`);
      expect(reply.status).toBe(400);
      expect(await reply.json()).toEqual({
        error:
          "window: expected hours or days up to 7d, such as 24h or 7d, or 14d, 30d, 31d, 60d, 90d, 180d, 365d, 366d",
      });
      expect(asked).toEqual([]);
    },
  );

  test("another format is refused", async () => {
    expect((await app.request("/report?format=pdf")).status).toBe(400);
  });
});

describe("the buckets", () => {
  test.each([
    { query: "", want: ["hour", 86_400_000] },
    { query: "?width=minute", want: ["minute", 3_600_000] },
    { query: "?width=day", want: ["day", 2_592_000_000] },
    { query: "?width=minute&window=3h", want: ["minute", 10_800_000] },
    { query: "?width=hour&window=14d", want: ["hour", 1_209_600_000] },
    { query: "?width=day&window=366d", want: ["day", 31_622_400_000] },
  ])('of "$query"', async ({ query, want }) => {
    askedBuckets = [];
    const reply = await app.request(`/buckets${query}`);
    expect([reply.status, await reply.json()]).toEqual([200, NO_BUCKETS]);
    expect(askedBuckets).toEqual([want]);
  });

  test.each([
    { query: "?width=week", say: "width: expected minute, hour or day" },
    { query: "?width=minute&window=4h", say: "at most 3h by minute" },
    { query: "?window=30d", say: "at most 14d by hour" },
    { query: "?width=day&window=8d", say: "window: expected hours or days" },
  ])('"$query" is refused', async ({ query, say }) => {
    askedBuckets = [];
    const reply = await app.request(`/buckets${query}`);
    expect(reply.status).toBe(400);
    expect(JSON.stringify(await reply.json())).toContain(say);
    expect(askedBuckets).toEqual([]);
  });
});

describe("the days", () => {
  test("are listed with their addresses, the latest first", async () => {
    expect(await (await app.request("/reports")).json()).toEqual({
      days: [
        { day: "2026-11-22", json: "/reports/2026-11-22", markdown: "/reports/2026-11-22.md" },
        { day: "2026-11-21", json: "/reports/2026-11-21", markdown: "/reports/2026-11-21.md" },
      ],
    });
  });

  test.each(["2026-11-20", "2026-11-20.md", "2026-13-01", "latest", "2026-11-22.pdf"])("%s is 404", async (name) => {
    const reply = await app.request(`/reports/${name}`);
    expect(reply.status).toBe(404);
    expect(reply.headers.get("cache-control")).toBe("no-store");
  });

  test("that are over never change, so readers may keep them", async () => {
    const reply = await app.request("/reports/2026-11-22");
    expect(reply.headers.get("cache-control")).toBe("public, max-age=3600");
  });

  test("cannot be written", async () => {
    expect((await app.request("/reports/2026-11-22", { method: "PUT" })).status).toBe(405);
  });
});

test.each(["/report", "/reports", "/reports/2026-11-22"])("%s of a broken topology is 503", async (path) => {
  const broken = makeApp({ ...faces, topologyProblems: [{ message: "expected a list" }] });
  expect((await broken.request(path)).status).toBe(503);
});
