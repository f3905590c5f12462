// The faces of reports: any recent window, and the kept report of each day, as JSON or Markdown, whichever is asked for by
// query, by name or by Accept.
import type { Context } from "hono";
import { parseDay } from "../report/calendar.ts";
import { periodMarkdown } from "../report/period-report-markdown.ts";
import type { PeriodReport } from "../report/period-report-schema.ts";
import { DAY_MS, HOUR_MS } from "../time.ts";
import type { Route } from "./route.ts";

export interface ReportFaces {
  /** The time until now, from the hour that holds its beginning. */
  readonly readRecent: (windowMs: number) => Promise<PeriodReport>;
  /** The latest first. */
  readonly readDays: () => Promise<readonly string[]>;
  readonly readDay: (day: string) => Promise<PeriodReport | null>;
}

const DEFAULT_WINDOW = "24h";
const WINDOW_HOURS_MAX = 168;
/** A day's report never changes. */
const DAY_CACHE_SECONDS = 3600;

export function reportRoutes(faces: ReportFaces): readonly Route[] {
  return [
    { path: "/report", query: ["window", "format"], answer: (c) => recent(c, faces) },
    {
      path: "/reports",
      query: [],
      answer: async (c) => c.json({ days: (await faces.readDays()).map((day) => dayEntry(day)) }),
    },
    { path: "/reports/:name", query: [], answer: (c) => ofDay(c, faces) },
  ];
}

async function recent(c: Context, faces: ReportFaces): Promise<Response> {
  const windowMs = parseWindow(c.req.query("window") ?? DEFAULT_WINDOW);
  if (windowMs === null) {
    return c.json({ error: `window: expected hours or days, such as 24h or 7d, at most ${WINDOW_HOURS_MAX}h` }, 400);
  }
  const format = c.req.query("format") ?? (wantsMarkdown(c) ? "md" : "json");
  if (format !== "json" && format !== "md") return c.json({ error: "format: expected json or md" }, 400);
  return answer(c, await faces.readRecent(windowMs), format);
}

/** Null: neither hours nor days, none, or too many. */
function parseWindow(text: string): number | null {
  const [, amount = "", unit = ""] = /^(\d{1,3})([hd])$/.exec(text) ?? [];
  const windowMs = Number(amount) * (unit === "d" ? DAY_MS : HOUR_MS);
  return windowMs > 0 && windowMs <= WINDOW_HOURS_MAX * HOUR_MS ? windowMs : null;
}

function dayEntry(day: string): object {
  return { day, json: `/reports/${day}`, markdown: `/reports/${day}.md` };
}

async function ofDay(c: Context, faces: ReportFaces): Promise<Response> {
  const name = c.req.param("name") ?? "";
  const day = name.replace(/\.md$/, "");
  const report = parseDay(day) === null ? null : await faces.readDay(day);
  if (report === null) return c.json({ error: `no report of "${day}"; /reports lists those that there are` }, 404);
  c.header("cache-control", `public, max-age=${DAY_CACHE_SECONDS}`);
  return answer(c, report, name !== day || wantsMarkdown(c) ? "md" : "json");
}

function answer(c: Context, report: PeriodReport, format: "json" | "md"): Response {
  c.header("vary", "accept");
  if (format === "json") return c.json(report);
  return c.body(periodMarkdown(report), 200, { "content-type": "text/markdown; charset=utf-8" });
}

function wantsMarkdown(c: Context): boolean {
  return (c.req.header("accept") ?? "").includes("text/markdown");
}
