// The router's faces: what they take, and what they answer to each outcome. That they are behind the token is the test of all
// such routes.
import { Hono } from "hono";
import { expect, test } from "vitest";
import { type RouterFaces, routerRoutes } from "../../monitor/http/router-routes.ts";
import { addWriteRoutes } from "../../monitor/http/write-routes.ts";
import type { DrainAnswer, DrainOrder } from "../../monitor/steering/drain.ts";
import { explainRoute, parseClient } from "../../monitor/steering/explain.ts";
import { NOTHING_KNOWN } from "../../monitor/steering/snapshot.ts";
import { EXAMPLE } from "../support/example-topology.ts";

const TOKEN = "a-token-of-24-characters";
const DRAIN = { kind: "drain" as const, since: 0, until: 60_000 };

function appWith(answer: DrainAnswer, orders: [string, DrainOrder | null][] = []): Hono {
  const faces: RouterFaces = {
    readDrains: () => Promise.resolve({ east: DRAIN }),
    drain: (region, order) => {
      orders.push([region, order]);
      return Promise.resolve(answer);
    },
    endDrain: (region) => {
      orders.push([region, null]);
      return Promise.resolve(answer);
    },
    explain: (words) => {
      const client = parseClient(words, EXAMPLE, {});
      const explained = client.ok
        ? { ok: true as const, value: explainRoute(EXAMPLE, NOTHING_KNOWN, client.value, 0) }
        : client;
      return Promise.resolve(explained);
    },
  };
  const app = new Hono();
  addWriteRoutes(app, TOKEN, routerRoutes(faces));
  return app;
}

async function told(app: Hono, method: string, path: string, body?: string): Promise<readonly [number, unknown]> {
  const headers = { authorization: `Bearer ${TOKEN}` };
  const reply = await app.request(path, { method, headers, ...(body === undefined ? {} : { body }) });
  return [reply.status, await reply.json()];
}

const SHOWN = { region: "east", kind: "drain", since: "1970-01-01T00:00:00.000Z", until: "1970-01-01T00:01:00.000Z" };

test("a drain is ordered with its defaults, and shown", async () => {
  const orders: [string, DrainOrder | null][] = [];
  const app = appWith({ kind: "drained", drain: DRAIN }, orders);
  expect(await told(app, "PUT", "/v1/drains/east", '{"seconds":60}')).toEqual([200, { drain: SHOWN }]);
  expect(orders).toEqual([["east", { kind: "drain", seconds: 60, reason: "" }]]);
  expect(await told(app, "GET", "/v1/drains")).toEqual([200, { drains: [SHOWN] }]);
});

test.each([
  [{ kind: "ended" as const }, 200],
  [{ kind: "unknown-region" as const }, 404],
  [{ kind: "router-off" as const }, 409],
])("%j is %i", async (answer, status) => {
  expect((await told(appWith(answer), "DELETE", "/v1/drains/east"))[0]).toBe(status);
});

test.each([
  '{"seconds":0}',
  '{"seconds":86401}',
  '{"seconds":60,"kind":"x"}',
  '{"seconds":60,"for":1}',
  "{}",
  "[]",
  "x",
])("the order %s is refused", async (body) => {
  const orders: [string, DrainOrder | null][] = [];
  expect((await told(appWith({ kind: "ended" }, orders), "PUT", "/v1/drains/east", body))[0]).toBe(400);
  expect(orders).toEqual([]);
});

test("a client is described in the query, and wrongly is told where", async () => {
  const app = appWith({ kind: "ended" });
  expect(await told(app, "GET", "/v1/route?country=BE")).toMatchObject([
    200,
    { region: "aws-us-east-1", client: { country: "BE", continent: "EU" } },
  ]);
  expect(await told(app, "GET", "/v1/route?country=Belgium")).toMatchObject([400, { problems: [{ path: "country" }] }]);
  expect((await told(app, "GET", "/v1/route?contry=BE"))[0]).toBe(400);
});
