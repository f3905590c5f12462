// The router's faces, all behind the token: which region it would choose and why, and drains. A drain always has an end.
import type { Context } from "hono";
import type { Drain, Drains } from "../model/steering.ts";
import { type Parsed, unreachable } from "../problem.ts";
import { DRAIN_ORDER, type DrainAnswer, type DrainOrder } from "../steering/drain.ts";
import { CLIENT_PARAMETERS, type ClientWords, type RouteExplanation } from "../steering/explain.ts";
import { toIso } from "../time.ts";
import { withBody, type WriteRoute } from "./write-routes.ts";

export interface RouterFaces {
  readonly readDrains: () => Promise<Drains>;
  readonly drain: (region: string, order: DrainOrder) => Promise<DrainAnswer>;
  readonly endDrain: (region: string) => Promise<DrainAnswer>;
  readonly explain: (client: ClientWords) => Promise<Parsed<RouteExplanation>>;
}

export function routerRoutes(faces: RouterFaces): readonly WriteRoute[] {
  return [
    { method: "GET", path: "/v1/route", query: CLIENT_PARAMETERS, answer: (c) => explain(c, faces) },
    {
      method: "GET",
      path: "/v1/drains",
      answer: async (c) =>
        c.json({ drains: Object.entries(await faces.readDrains()).map(([region, one]) => drainEntry(region, one)) }),
    },
    {
      method: "PUT",
      path: "/v1/drains/:region",
      answer: withBody(DRAIN_ORDER, async (c, order) => answered(c, await faces.drain(regionOf(c), order))),
    },
    {
      method: "DELETE",
      path: "/v1/drains/:region",
      answer: async (c) => answered(c, await faces.endDrain(regionOf(c))),
    },
  ];
}

async function explain(c: Context, faces: RouterFaces): Promise<Response> {
  const words = Object.fromEntries(CLIENT_PARAMETERS.map((name) => [name, c.req.query(name)]));
  const explained = await faces.explain(words);
  if (explained.ok) return c.json(explained.value);
  return c.json({ error: "the query does not describe a client", problems: explained.problems }, 400);
}

function regionOf(c: Context): string {
  return c.req.param("region") ?? "";
}

function answered(c: Context, answer: DrainAnswer): Response {
  const region = regionOf(c);
  switch (answer.kind) {
    case "drained":
      return c.json({ drain: drainEntry(region, answer.drain) });
    case "ended":
      return c.json({ drain: null });
    case "unknown-region":
      return c.json({ error: `there is no region "${region}"` }, 404);
    case "router-off":
      return c.json({ error: "the router is off (router.mode of the topology), so nothing can be drained" }, 409);
    default:
      return unreachable(answer);
  }
}

function drainEntry(region: string, { kind, since, until }: Drain): object {
  return { region, kind, since: toIso(since), until: toIso(until) };
}
