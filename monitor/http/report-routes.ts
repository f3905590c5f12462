// The faces of reports: a recent window as one report or bucket by bucket, and the kept report of each day, as JSON or Markdown,
// whichever is asked for by query, by name or by Accept.
import type { Context } from "hono";
import { parseDay } from "../report/calendar.ts";
import { periodMarkdown } from "../report/period-report-markdown.ts";
import type { PeriodReport } from "../report/period-report-schema.ts";
import type { BucketReport } from "../report/bucket-report.ts";
import type { BucketWidth } from "../report/rollup.ts";
import { BUCKET_WINDOWS, parseBucketWindow, parseWidth, parseWindow, WINDOW_WORDS } from "../report/window-words.ts";
import type { Route } from "./route.ts";

export interface ReportFaces {
  /** The time until now, from the hour that holds its beginning; from the day, where it is longer than a month. */
  readonly readRecent: (windowMs: number) => Promise<PeriodReport>;
  /** The same, bucket by bucket. */
  readonly readBuckets: (width: BucketWidth, windowMs: number) => Promise<BucketReport>;
  /** The latest first. */
  readonly readDays: () => Promise<readonly string[]>;
  readonly readDay: (day: string) => Promise<PeriodReport | null>;
}

const DEFAULT_WINDOW = "24h";
const DEFAULT_WIDTH = "hour";
/** A day's report never changes. */
const DAY_CACHE_SECONDS = 3600;

export function reportRoutes(faces: ReportFaces): readonly Route[] {
  return [
    { path: "/report", query: ["window", "format"], answer: (c) => recent(c, faces) },
    { path: "/buckets", query: ["width", "window"], answer: (c) => buckets(c, faces) },
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
    return c.json({ error: `window: expected ${WINDOW_WORDS}` }, 400);
  }
  const format = c.req.query("format") ?? (wantsMarkdown(c) ? "md" : "json");
  if (format !== "json" && format !== "md") return c.json({ error: "format: expected json or md" }, 400);
  return answer(c, await faces.readRecent(windowMs), format);
}

async function buckets(c: Context, faces: ReportFaces): Promise<Response> {
  const width = parseWidth(c.req.query("width") ?? DEFAULT_WIDTH);
  if (width === null) return c.json({ error: "width: expected minute, hour or day" }, 400);
  const { usual, most } = BUCKET_WINDOWS[width];
  const windowMs = parseBucketWindow(c.req.query("window") ?? usual, width);
  if (windowMs === null) return c.json({ error: `window: expected ${WINDOW_WORDS}, at most ${most} by ${width}` }, 400);
  return c.json(await faces.readBuckets(width, windowMs));
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
