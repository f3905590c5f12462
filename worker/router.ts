// The geo-router: a request for the service's name goes to the best region, and to another one when that fails before a byte
// of its reply has been passed on. Which region, `monitor/steering/` says; what may be sent where, only the topology.
import type { Client } from "../monitor/steering/client.ts";
import { failsOpen } from "../monitor/steering/steer.ts";
import { routerHost, type Topology } from "../monitor/topology/topology.ts";
import { type Attempt, Attempts } from "./router-attempt.ts";
import { type Keepers, makeKeepers, setCookieOf } from "./router-affinity.ts";
import { clientOf } from "./router-client.ts";
import { hasPassed, type Hop, type PlainHeaders, plainHeaders } from "./router-headers.ts";
import { type AskSnapshot, RouterMemory } from "./router-memory.ts";
import type { Instant } from "../monitor/time.ts";
import { isPassable, makeUrlSplitter, type RequestUrl } from "./router-target.ts";

export interface Router {
  /** Null: the request is not for the router's name. */
  readonly route: (request: Request, ctx: ExecutionContext, ask: AskSnapshot) => Promise<Response> | null;
}

/** `secret`: of affinity; without it nobody is held. */
export function makeRouter(topology: Topology, secret: string | null): Router {
  const host = routerHost(topology);
  const memory = new RouterMemory(topology);
  const keepers = makeKeepers(topology, secret);
  const split = makeUrlSplitter(host);
  const scene: Scene = { topology, host, memory, keepers, attempts: new Attempts(topology, memory) };
  return {
    route: (request, ctx, ask) => {
      const url = split(request.url);
      return url === null ? null : routeRequest(scene, request, url, ctx, ask);
    },
  };
}

interface Scene {
  readonly topology: Topology;
  readonly host: string;
  readonly memory: RouterMemory;
  readonly keepers: Keepers | null;
  readonly attempts: Attempts;
}

/** Not async: a warm isolate passes on without a promise of its own. */
function routeRequest(
  scene: Scene,
  request: Request,
  url: RequestUrl,
  ctx: ExecutionContext,
  ask: AskSnapshot,
): Promise<Response> {
  const { host, memory, keepers } = scene;
  const { method, body } = request;
  if (!isPassable(method)) return Promise.resolve(refusal(501, `${method} is not passed on`));
  const headers = plainHeaders(request.headers);
  if (hasPassed(headers, host)) return Promise.resolve(refusal(508, "the request has passed this router before"));
  const at = Date.now();
  const cold = memory.prepare(ask, ctx, at);
  const sealing = keepers?.ready();
  const order = { request, method, body, headers, url, ctx, ask };
  if (cold === null && sealing === undefined) return steerRequest(scene, order, at);
  return Promise.all([cold, sealing]).then(() => steerRequest(scene, order, Date.now()));
}

interface Incoming {
  readonly request: Request;
  /** Of the request, read once: each look at one costs. */
  readonly method: string;
  readonly body: ReadableStream | null;
  readonly headers: PlainHeaders;
  readonly url: RequestUrl;
  readonly ctx: ExecutionContext;
  readonly ask: AskSnapshot;
}

function steerRequest(
  scene: Scene,
  { request, method, body, headers, url, ctx, ask }: Incoming,
  at: Instant,
): Promise<Response> {
  const { topology, host, memory, keepers } = scene;
  memory.countRequest();
  const client = (): Client => clientOf(request);
  const held = keepers === null ? null : keepers.regionOf(headers["cookie"] ?? null);
  const purpose = method === "GET" && body === null ? "trial" : "plain";
  const candidates = memory.candidates(client, purpose, held, at);
  const failOpen = failsOpen(candidates);
  if (failOpen) memory.countFailedOpen();
  if (topology.router.mode === "redirect") {
    memory.tellNews(ask, ctx, at);
    const region = candidates[0]?.region ?? "";
    memory.countServed(region);
    return Promise.resolve(redirect(scene, region, url, failOpen));
  }
  const { authority, scheme, path } = url;
  const hop: Hop = { mark: `1.1 ${host}`, address: headers["cf-connecting-ip"], authority, scheme };
  return scene.attempts.serve({ request, method, body, headers, hop, path, candidates, ctx, at }, (served) => {
    memory.tellNews(ask, ctx, served.at);
    return marked(scene, served, { held, failOpen, startedAt: at });
  });
}

/** 307 keeps method and body (RFC 9110, section 15.4.8) and, unlike 308, is not kept by the client. */
function redirect({ topology }: Scene, region: string, { path }: RequestUrl, open: boolean): Response {
  const target = topology.regions.find(({ id }) => id === region);
  const headers = new Headers({
    location: `${target?.endpoint.url ?? ""}${path}`,
    "cache-control": "no-store",
    "x-served-region": region,
  });
  if (open) headers.set("x-router", "fail-open");
  return new Response(null, { status: 307, headers });
}

interface Passage {
  readonly held: string | null;
  readonly failOpen: boolean;
  readonly startedAt: number;
}

/** The reply as it came, and beside it who served and what had to be done for that. */
function marked(
  { topology, host, keepers, memory }: Scene,
  { reply, region, retried, at }: Attempt,
  { held, failOpen, startedAt }: Passage,
): Response {
  const shown = new Response(reply.body, reply);
  const { headers } = shown;
  const said = [...(retried ? ["retried"] : []), ...(failOpen ? ["fail-open"] : [])];
  if (said.length > 0) headers.set("x-router", said.join(", "));
  if (region === null) return shown;
  memory.countServed(region);
  headers.set("x-served-region", region);
  headers.append("server-timing", `region;desc="${region}";dur=${at - startedAt}`);
  headers.append("via", `1.1 ${host}`);
  if (keepers !== null && held !== region && reply.webSocket === null)
    headers.append("set-cookie", setCookieOf(topology, keepers.cookieOf(region)));
  return shown;
}

function refusal(status: number, error: string): Response {
  return Response.json({ error }, { status, headers: { "cache-control": "no-store" } });
}
