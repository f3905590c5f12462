// The faces that others embed and gather: Statuspage's API, badges, feeds. Any page may read them, for a moment they may be
// kept, and by their tag a reader learns that nothing has changed.
import type { Context, Hono } from "hono";
import { etag, RETAINED_304_HEADERS } from "hono/etag";
import type { Badge } from "../report/badge-schema.ts";
import { availabilityBadge, badgeSvg, healthBadge } from "../report/badge.ts";
import { jsonFeed, rssFeed } from "../report/feed.ts";
import type { PeriodReport } from "../report/period-report-schema.ts";
import { withPast } from "../report/past-incidents.ts";
import { makeStatuspage, STATUSPAGE_NAMES, type StatuspageName } from "../report/statuspage.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { DAY_MS } from "../time.ts";
import type { Route } from "./route.ts";

export interface PublishedFaces {
  readonly readStatus: () => Promise<StatusReport>;
  readonly readPast?: () => Promise<StatusReport["incidents"]>;
  readonly reports: { readonly readRecent: (windowMs: number) => Promise<PeriodReport> };
}

/** Half of a usual round. */
const CACHE_SECONDS = 15;
const JSON_TYPE = "application/json";
const SVG_TYPE = "image/svg+xml";
const WINDOW = { words: "24h", ms: DAY_MS };

export function publishedRoutes(faces: PublishedFaces): readonly Route[] {
  /** With the incidents of the last 30 days. */
  const readAll = async (): Promise<StatusReport> => {
    const [report, past] = await Promise.all([faces.readStatus(), faces.readPast?.() ?? []]);
    return withPast(report, past);
  };
  const statuspage = (name: StatuspageName): Route => ({
    path: `/api/v2/${name}.json`,
    query: [],
    answer: async (c) => {
      const report = await (name === "incidents" ? readAll() : faces.readStatus());
      return publish(c, JSON.stringify(makeStatuspage(name, report, originOf(c))), JSON_TYPE);
    },
  });
  return [
    ...STATUSPAGE_NAMES.map(statuspage),
    {
      path: "/badge/:name",
      query: [],
      answer: (c) => badge(c, async (name) => healthBadge(await faces.readStatus(), name)),
    },
    {
      path: "/badge/availability/:name",
      query: [],
      answer: (c) =>
        badge(c, async (name) => availabilityBadge(await faces.reports.readRecent(WINDOW.ms), name, WINDOW.words)),
    },
    {
      path: "/feed.xml",
      query: [],
      answer: async (c) => publish(c, rssFeed(await readAll(), originOf(c)), "application/rss+xml; charset=utf-8"),
    },
    {
      path: "/feed.json",
      query: [],
      answer: async (c) => publish(c, JSON.stringify(jsonFeed(await readAll(), originOf(c))), "application/feed+json"),
    },
  ];
}

/** Outside of what forbids it for everything: a badge is there to stand in others' pages. */
export function openBadges(app: Hono): void {
  app.use("/badge/*", async (c, next) => {
    await next();
    const closed = c.res.headers.has("cross-origin-resource-policy");
    if (closed && (c.res.ok || c.res.status === 304)) c.header("cross-origin-resource-policy", "cross-origin");
  });
}

/** Inside of what is true of everything, which a bare 304 must have as well. */
export function tagPublished(app: Hono): void {
  const tagged = etag({ retainedHeaders: [...RETAINED_304_HEADERS, "access-control-allow-origin"] });
  for (const path of ["/api/v2/*", "/badge/*", "/feed.xml", "/feed.json"]) app.use(path, tagged);
}

/** By the name that the reader called us by: of a request nothing else is told, and to nobody else. */
function originOf(c: Context): string {
  return new URL(c.req.url).origin;
}

async function badge(c: Context, badgeOf: (name: string) => Promise<Badge | null>): Promise<Response> {
  const [, name = "", format = ""] = /^(.+)\.(svg|json)$/.exec(c.req.param("name") ?? "") ?? [];
  const made = name === "" ? null : await badgeOf(name);
  if (made === null) {
    const error = `no badge of that name: expected a region's id, or "service" for its health, and then .svg or .json`;
    return c.json({ error }, 404);
  }
  return format === "svg" ? publish(c, badgeSvg(made), SVG_TYPE) : publish(c, JSON.stringify(made), JSON_TYPE);
}

function publish(c: Context, body: string, type: string): Response {
  return c.body(body, 200, {
    "content-type": type,
    "cache-control": `public, max-age=${CACHE_SECONDS}`,
    "access-control-allow-origin": "*",
  });
}
