// Routes behind the token: absent without one, shut to everybody else, strict in what they take.
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { makeApp } from "../../monitor/http/app.ts";
import {
  addWriteRoutes,
  BODY_BYTES_MAX,
  TOKEN_CHARACTERS_MIN,
  usableToken,
  withBody,
} from "../../monitor/http/write-routes.ts";
import { list, mapping, text, wholeNumber } from "../../monitor/topology/form.ts";

const TOKEN = "a-token-of-24-characters";
const BEARER = { authorization: `Bearer ${TOKEN}` };

const ORDER = mapping({
  id: text(/^[a-z-]{1,20}$/, "an id"),
  seconds: wholeNumber([1, 60], "seconds"),
  regions: list(text(/^[a-z]+$/, "a region id"), [1, 3], "region ids"),
});

const app = new Hono();
addWriteRoutes(app, TOKEN, [
  { method: "GET", path: "/v1/things", query: ["after"], answer: async (c) => c.json({ things: [] }) },
  { method: "POST", path: "/v1/things", answer: withBody(ORDER, async (c, order) => c.json(order, 201)) },
  { method: "DELETE", path: "/v1/things/:id", answer: async (c) => c.json({ gone: c.req.param("id") }) },
]);

function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = BEARER,
): Promise<Response> | Response {
  return app.request("/v1/things", { method: "POST", headers, body });
}

describe("without its bearer", () => {
  test.each([
    ["no header", {}],
    ["another token", { authorization: "Bearer another-token-of-some-length" }],
    ["a beginning of it", { authorization: `Bearer ${TOKEN.slice(0, -1)}` }],
    ["more than it", { authorization: `Bearer ${TOKEN}x` }],
    ["another scheme", { authorization: `Basic ${TOKEN}` }],
    ["the token alone", { authorization: TOKEN }],
  ])("%s is 401 for every method, known or not", async (_name, headers) => {
    for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
      const reply = await app.request("/v1/things", { method, headers });
      expect([method, reply.status, reply.headers.get("www-authenticate")]).toEqual([method, 401, "Bearer"]);
      expect(await reply.json()).toEqual({ error: "a bearer token is needed" });
    }
  });
});

describe("with it", () => {
  test("a known method is answered, and HEAD as GET", async () => {
    expect(await (await app.request("/v1/things", { headers: BEARER })).json()).toEqual({ things: [] });
    expect((await app.request("/v1/things", { method: "HEAD", headers: BEARER })).status).toBe(200);
    expect(await (await app.request("/v1/things/x", { method: "DELETE", headers: BEARER })).json()).toEqual({
      gone: "x",
    });
  });

  test("another method is 405 with what is allowed", async () => {
    const reply = await app.request("/v1/things", { method: "PUT", headers: BEARER });
    expect([reply.status, reply.headers.get("allow")]).toEqual([405, "GET, POST"]);
  });

  test("an unknown parameter is refused", async () => {
    expect((await app.request("/v1/things?after=1", { headers: BEARER })).status).toBe(200);
    expect((await app.request("/v1/things?before=1", { headers: BEARER })).status).toBe(400);
  });
});

describe("a body", () => {
  test("that fits is handed on", async () => {
    const reply = await post('{"id":"a","seconds":5,"regions":["east"]}');
    expect([reply.status, await reply.json()]).toEqual([201, { id: "a", seconds: 5, regions: ["east"] }]);
  });

  test("is refused with everything that is wrong, and where", async () => {
    const reply = await post('{\n  "id": "A",\n  "second": 5,\n  "regions": ["east", 7]\n}');
    expect(reply.status).toBe(400);
    expect(await reply.json()).toEqual({
      error: "the body is not what is expected here",
      problems: [
        { path: "seconds", message: "missing: expected a whole number from 1 to 60 seconds", line: 1, column: 1 },
        { path: "id", message: 'expected an id, found "A"', line: 2, column: 9 },
        {
          path: "second",
          message: "unknown key `second`, did you mean `seconds`? Known here: id, seconds, regions",
          line: 3,
          column: 3,
        },
        { path: "regions[1]", message: "expected a region id, found 7", line: 4, column: 23 },
      ],
    });
  });

  test.each<[string, string | Uint8Array<ArrayBuffer>]>([
    ["nothing", ""],
    ["YAML", "id: a\nseconds: 5"],
    ["half of it", '{"id":"a"'],
    ["bytes that are no UTF-8", new Uint8Array([0x22, 0xff, 0xfe, 0x22])],
  ])("of %s is refused as no JSON", async (_name, body) => {
    const reply = await post(body);
    expect(reply.status).toBe(400);
    expect(await reply.json()).toMatchObject({
      problems: [{ message: "expected JSON in UTF-8, found something else" }],
    });
  });

  test("is refused from its first byte too many on", async () => {
    const order = '{"id":"a","seconds":5,"regions":["east"]}';
    expect((await post(order.padEnd(BODY_BYTES_MAX))).status).toBe(201);
    expect((await post(order.padEnd(BODY_BYTES_MAX + 1))).status).toBe(413);
  });

  test("is not read for a stranger", async () => {
    let pulled = 0;
    const body = new ReadableStream({ pull: () => void (pulled += 1) }, { highWaterMark: 0 });
    const request = new Request("http://x/v1/things", { method: "POST", body, duplex: "half" });
    expect((await app.request(request)).status).toBe(401);
    expect(pulled).toBe(0);
  });

  test("of a list nested without end is refused, and soon", async () => {
    const reply = await post(`{"id":"a","seconds":5,"regions":${"[".repeat(2000)}${"]".repeat(2000)}}`);
    expect(reply.status).toBe(400);
  });
});

describe("a token", () => {
  test.each([
    [undefined, null],
    ["", null],
    ["x".repeat(TOKEN_CHARACTERS_MIN - 1), null],
    ["x".repeat(TOKEN_CHARACTERS_MIN), "x".repeat(TOKEN_CHARACTERS_MIN)],
  ])("configured as %j is %j", (configured, usable) => {
    expect(usableToken(configured)).toBe(usable);
  });

  test("that is not configured leaves nothing there: 404, as any other path", async () => {
    const never = (): Promise<never> => Promise.reject(new Error("not asked"));
    const reports = { readRecent: never, readBuckets: never, readDays: never, readDay: never };
    const readers = { readStatus: never, readSelf: never, readRounds: never };
    const shut = makeApp({ topologyProblems: [], ...readers, reports, writes: null });
    for (const method of ["GET", "POST", "DELETE"]) {
      const reply = await shut.request("/v1/audit", { method, headers: BEARER });
      expect([reply.status, await reply.json()]).toMatchObject([404, { error: "nothing is at /v1/audit" }]);
    }
  });
});
