// Every HTTP face of the monitor, the same in the Worker and in Node. What it shows comes in through `Faces`, so that it
// can be tested without a server.
import { type Context, Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { makeMetrics } from "../report/metrics.ts";
import { makePage, PAGE_STYLE } from "../report/page.ts";
import type { SelfReport } from "../report/self.ts";
import type { StatusReport } from "../report/status-schema.ts";
import { formatProblem, type Problem } from "../problem.ts";
import { OPENAPI } from "./openapi.ts";
import { addReportRoutes, type ReportFaces } from "./report-routes.ts";

export interface Faces {
  /** Not empty: nothing is watched, and every face says so. */
  readonly topologyProblems: readonly Problem[];
  readonly readStatus: () => Promise<StatusReport>;
  readonly readSelf: () => Promise<SelfReport>;
  readonly reports: ReportFaces;
}

/** Readers may keep an answer this long; a round is never more often than every few seconds. */
const CACHE_SECONDS = 2;
const PATHS = ["/", "/status", "/metrics", "/report", "/reports", "/healthz", "/openapi.json", "/page.css"];

export function makeApp(faces: Faces): Hono {
  const app = new Hono();
  app.use(secureHeaders({ contentSecurityPolicy: CONTENT_POLICY, referrerPolicy: "no-referrer" }));
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  });
  app.get("/", async (c) => brokenTopology(c, faces) ?? c.html(makePage(await faces.readStatus())));
  app.get("/status", async (c) => brokenTopology(c, faces) ?? status(c, await faces.readStatus()));
  app.get("/metrics", async (c) => brokenTopology(c, faces) ?? metrics(c, await faces.readStatus()));
  app.get("/healthz", async (c) => brokenTopology(c, faces) ?? self(c, await faces.readSelf()));
  addReportRoutes(app, faces.reports, (c) => brokenTopology(c, faces));
  app.get("/openapi.json", (c) => c.json(OPENAPI));
  app.get("/page.css", (c) =>
    c.body(PAGE_STYLE, 200, { "content-type": "text/css; charset=utf-8", "cache-control": "public, max-age=3600" }),
  );
  app.notFound((c) => missing(c));
  app.onError((thrown, c) => {
    console.error(thrown);
    return c.json({ error: "the monitor could not answer; its log says why" }, 500);
  });
  return app;
}

const CONTENT_POLICY = {
  defaultSrc: ["'none'"],
  styleSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

/** Null: the topology is fine. */
function brokenTopology(c: Context, faces: Faces): Response | null {
  if (faces.topologyProblems.length === 0) return null;
  const problems = faces.topologyProblems.map((problem) => formatProblem(problem, "topology.yaml"));
  return c.json({ error: "the topology is broken, so nothing is watched", problems }, 503);
}

function status(c: Context, report: StatusReport): Response {
  return c.json(report, 200, {
    "cache-control": `public, max-age=${CACHE_SECONDS}`,
    "access-control-allow-origin": "*",
  });
}

/** The version parameter is what tells a scraper the format. */
function metrics(c: Context, report: StatusReport): Response {
  return c.body(makeMetrics(report), 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
}

function self(c: Context, report: SelfReport): Response {
  return c.body(JSON.stringify(report), report.status === "pass" ? 200 : 503, {
    "content-type": "application/health+json",
  });
}

/** 405 for a path that exists, 404 for all others. */
function missing(c: Context): Response {
  const known =
    PATHS.includes(c.req.path) || (c.req.path.startsWith("/reports/") && !["GET", "HEAD"].includes(c.req.method));
  if (!known) return c.json({ error: `nothing is at ${c.req.path}`, paths: PATHS }, 404);
  return c.json({ error: `${c.req.method} is not for ${c.req.path}` }, 405, { allow: "GET, HEAD" });
}
