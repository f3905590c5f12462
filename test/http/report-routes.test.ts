import { describe, expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import { periodMarkdown } from "../../monitor/report/period-report-markdown.ts";
import { DAY_REPORT } from "../monitor/report/period-example.ts";

const notAsked = (): Promise<never> => Promise.reject(new Error("not asked"));
let asked: number[] = [];
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
  ])('of "$query" is $want ms', async ({ query, want }) => {
    asked = [];
    expect((await app.request(`/report${query}`)).status).toBe(200);
    expect(asked).toEqual([want]);
  });

  test.each(["169h", "8d", "0h", "24", "30m", "-1h", "1.5h", "999d", ""])('"%s" is refused', async (window) => {
    asked = [];
    const reply = await app.request(`/report?window=${window}`);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toEqual({
      error: "window: expected hours or days, such as 24h or 7d, at most 168h",
    });
    expect(asked).toEqual([]);
  });

  test("another format is refused", async () => {
    expect((await app.request("/report?format=pdf")).status).toBe(400);
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
