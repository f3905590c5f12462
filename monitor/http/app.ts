// Every HTTP face of the monitor, the same in the Worker and in Node. What it shows comes in through `Faces`, so that it
// can be tested without a server; without a token nothing of a request goes out through it but a window, the name of a report or
// a badge, and to its reader the name that he called us by.
import { type Context, Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import { NO_METERS } from "../report/meters.ts";
import { makeMetrics, type MetricsSource } from "../report/metrics.ts";
import { makePage } from "../report/page.ts";
import { PAGE_STYLE } from "../report/page-style.ts";
import type { SelfReport } from "../report/self.ts";
import type { StatusReport } from "../report/status-schema.ts";
import type { Problem } from "../problem.ts";
import type { AuditEntry } from "../wire/sql-audit.ts";
import { type AlertFaces, alertRoutes } from "./alert-routes.ts";
import { type DrillFaces, drillRoutes } from "./drill-routes.ts";
import { type MaintenanceFaces, maintenanceRoutes } from "./maintenance-routes.ts";
import { type HistoryAfter, keepHistory } from "./kept-history.ts";
import { type MuteFaces, muteRoutes } from "./mute-routes.ts";
import { addObservationRoute, type ObservationFaces } from "./observation-routes.ts";
import { OPENAPI } from "./openapi.ts";
import { openBadges, publishedRoutes, tagPublished } from "./published-routes.ts";
import { type ReportFaces, reportRoutes } from "./report-routes.ts";
import { type ReadRounds, roundsRoute } from "./rounds-route.ts";
import { refuseLarge } from "./request-limits.ts";
import { type RouterFaces, routerRoutes } from "./router-routes.ts";
import { addRoutes, type Route } from "./route.ts";
import { addWriteRoutes, auditRoute, type WriteRoute } from "./write-routes.ts";

export interface Faces {
  /** Not empty: nothing is watched, and every face says so. */
  readonly topologyProblems: readonly Problem[];
  readonly readStatus: () => Promise<StatusReport>;
  /** Incidents that closed in the last 30 days; absent: nobody keeps them longer than the status does. */
  readonly readPast?: () => Promise<StatusReport["incidents"]>;
  /** Absent: nothing is counted beside the rounds, so `/metrics` tells the status alone. */
  readonly readMetrics?: () => Promise<MetricsSource>;
  readonly readSelf: () => Promise<SelfReport>;
  readonly reports: ReportFaces;
  readonly readRounds: ReadRounds;
  /** Absent or null: no token is configured, so nothing can be changed and these paths are not there. */
  readonly writes?: WriteFaces | null;
  /** Absent or null: no private vantage has a secret, so nobody can report and the path is not there. */
  readonly observations?: ObservationFaces | null;
}

export interface WriteFaces {
  readonly token: string;
  readonly readAudit: () => Promise<readonly AuditEntry[]>;
  readonly drills: DrillFaces;
  /** Absent: nobody keeps windows here. */
  readonly maintenance?: MaintenanceFaces;
  readonly alerts: AlertFaces;
  /** Absent: nobody keeps mutes here. */
  readonly mutes?: MuteFaces;
  /** Absent: there is no router here, and never will be. */
  readonly router?: RouterFaces;
}

/** Readers may keep an answer this long; a round is never more often than every few seconds. */
const CACHE_SECONDS = 2;

export function makeApp(faces: Faces): Hono {
  const app = new Hono();
  openBadges(app);
  app.use(async (c, next) => {
    await next();
    if (isJson(c.res)) for (const name of FOR_DOCUMENTS) c.res.headers.delete(name);
  });
  app.use(secureHeaders(SECURE_HEADERS));
  tagPublished(app);
  app.use(async (c, next) => {
    await next();
    if (!c.res.headers.has("cache-control")) c.header("cache-control", "no-store");
  });
  app.use(refuseLarge);
  const historyAfter = keepHistory((width, windowMs) => faces.reports.readBuckets(width, windowMs));
  const watching: readonly Route[] = [
    { path: "/", query: ["refresh"], answer: (c) => page(c, faces, historyAfter) },
    { path: "/status", query: [], answer: async (c) => status(c, await faces.readStatus()) },
    { path: "/metrics", query: [], answer: async (c) => metrics(c, await metricsSource(faces)) },
    { path: "/healthz", query: [], answer: async (c) => self(c, await faces.readSelf()) },
    ...reportRoutes(faces.reports),
    roundsRoute(faces.readRounds),
    ...publishedRoutes(faces),
  ];
  addRoutes(app, [
    ...watching.map((route): Route => ({ ...route, answer: (c) => brokenTopology(c, faces) ?? route.answer(c) })),
    { path: "/openapi.json", query: [], answer: (c) => c.json(OPENAPI) },
    { path: "/page.css", query: ["v"], answer: style },
  ]);
  const { writes = null, observations = null } = faces;
  if (observations !== null) addObservationRoute(app, observations, (c) => brokenTopology(c, faces));
  if (writes !== null) addWriteRoutes(app, writes.token, writeRoutes(faces, writes));
  app.onError((thrown, c) => {
    console.error(thrown);
    return c.json({ error: "the monitor could not answer; its log says why" }, 500);
  });
  return app;
}

function writeRoutes(faces: Faces, writes: WriteFaces): readonly WriteRoute[] {
  const routes = [
    auditRoute(writes.readAudit),
    ...drillRoutes(writes.drills),
    ...(writes.maintenance === undefined ? [] : maintenanceRoutes(writes.maintenance)),
    ...alertRoutes(writes.alerts),
    ...(writes.mutes === undefined ? [] : muteRoutes(writes.mutes)),
    ...(writes.router === undefined ? [] : routerRoutes(writes.router)),
  ];
  return routes.map((route): WriteRoute => ({
    ...route,
    answer: async (c) => brokenTopology(c, faces) ?? route.answer(c),
  }));
}

const SECURE_HEADERS = {
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
  referrerPolicy: "no-referrer",
  xFrameOptions: "DENY",
  // Half a year. Names below ours may belong to others.
  strictTransportSecurity: "max-age=15552000",
  // For browsers and plug-ins that are gone, or for what the policy above forbids already; each costs every answer.
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xDnsPrefetchControl: false,
  xXssProtection: false,
  originAgentCluster: false,
};

/**
 * They say how a browser shall show a page. JSON is none, to which `nosniff` holds browsers; it is what machines ask for again
 * and again, and there each of these costs (`npm run bench -- status`: ours against a constant with and without our headers).
 */
const FOR_DOCUMENTS = [
  "content-security-policy",
  "cross-origin-opener-policy",
  "cross-origin-resource-policy",
  "referrer-policy",
  "x-frame-options",
];

function isJson({ headers }: Response): boolean {
  return /^application\/(.+[+])?json\b/.test(headers.get("content-type") ?? "");
}

/** Null: the topology is fine. Only places are told: what stands there may be an origin's address. */
function brokenTopology(c: Context, faces: Faces): Response | null {
  if (faces.topologyProblems.length === 0) return null;
  const problems = faces.topologyProblems.map(
    ({ file = "topology.yaml", line = 1, column = 1 }) => `${file}:${line}:${column}`,
  );
  const error = "the topology is broken, so nothing is watched; the monitor's log and `monitor lint` say why";
  return c.json({ error, problems }, 503);
}

/** The history comes from another place than the rest, and must not keep it from anybody. */
async function page(c: Context, faces: Faces, historyAfter: HistoryAfter): Promise<Response> {
  const refresh = c.req.query("refresh") ?? "on";
  if (refresh !== "on" && refresh !== "off") return c.json({ error: "refresh: expected on or off" }, 400);
  const [report, past] = await Promise.all([faces.readStatus(), readPast(faces)]);
  return c.html(makePage(report, { refresh, history: await historyAfter(report.self), past }));
}

/** Null: what is over for more than a day cannot be read, which keeps the rest from nobody. */
async function readPast({ readPast: read }: Faces): Promise<StatusReport["incidents"] | null> {
  try {
    return (await read?.()) ?? null;
  } catch {
    return null;
  }
}

function status(c: Context, report: StatusReport): Response {
  return c.body(JSON.stringify(report), 200, {
    "content-type": "application/json",
    "cache-control": `public, max-age=${CACHE_SECONDS}`,
    "access-control-allow-origin": "*",
  });
}

async function metricsSource({ readMetrics, readStatus }: Faces): Promise<MetricsSource> {
  return readMetrics === undefined ? { status: await readStatus(), meters: NO_METERS } : readMetrics();
}

/** The version parameter is what tells a scraper the format. */
function metrics(c: Context, source: MetricsSource): Response {
  return c.body(makeMetrics(source), 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
}

function self(c: Context, report: SelfReport): Response {
  return c.body(JSON.stringify(report), report.status === "fail" ? 503 : 200, {
    "content-type": "application/health+json",
  });
}

function style(c: Context): Response {
  return c.body(PAGE_STYLE, 200, {
    "content-type": "text/css; charset=utf-8",
    "cache-control": "public, max-age=3600",
  });
}
