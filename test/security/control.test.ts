// The local world's control listens where any page in a browser and any process of the machine can reach it: only who has
// the token is heard, and nobody is listened to for long.
import { request as httpRequest } from "node:http";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { openControl, type Switches, type WorldState } from "../../monitor/local/control.ts";

const TOKEN = "f00d".repeat(16);
let set: string[] = [];
beforeEach(() => void (set = []));

const state: WorldState = {
  statusUrl: "http://127.0.0.1:8787",
  regions: [{ id: "east", url: "http://127.0.10.1:4000", fault: "open" }],
  dns: { address: "127.0.0.1:5353", dohUrl: "http://127.0.0.1:5354/dns-query", fault: "open" },
  pids: { parent: 1, dns: 2, worker: 3, services: { east: 4 } },
  faults: { region: ["open", "refuse"], dns: ["open"] },
};
const switches: Switches = {
  state: () => state,
  topology: () => "local: true\n",
  setRegionFault: (id, fault) => Promise.resolve(void set.push(`${id} ${fault}`)),
  setDnsFault: (fault) => Promise.resolve(void set.push(fault)),
};
const control = await openControl(switches, TOKEN);
afterAll(() => control.close());

const ORDER = JSON.stringify({ target: "east", fault: "refuse" });

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: readonly string[];
}

function send({
  method = "POST",
  path = "/gate",
  headers = {},
  body = [],
}: Sent): Promise<{ status: number; headers: object; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(control.url + path, { method, headers, agent: false }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }));
    });
    outgoing.on("error", reject);
    for (const piece of body) outgoing.write(piece);
    outgoing.end();
  });
}

const authorization = `Bearer ${TOKEN}`;

test("an order with the token is obeyed: the way to be refused below is not the only way there is", async () => {
  expect((await send({ headers: { authorization }, body: [ORDER] })).status).toBe(200);
  expect(set).toEqual(["east refuse"]);
});

describe("without the token nothing is told and nothing is done", () => {
  test.each([
    { what: "none", sent: {} },
    { what: "another of the same length", sent: { headers: { authorization: `Bearer ${"dead".repeat(16)}` } } },
    { what: "its beginning", sent: { headers: { authorization: `Bearer ${TOKEN.slice(0, -1)}` } } },
    { what: "it and more", sent: { headers: { authorization: `${authorization} x` } } },
    { what: "it in the query", sent: { path: `/gate?token=${TOKEN}&access_token=${TOKEN}` } },
    { what: "it in a cookie", sent: { headers: { cookie: `token=${TOKEN}` } } },
    {
      what: "it as a password",
      sent: { headers: { authorization: `Basic ${Buffer.from(`x:${TOKEN}`).toString("base64")}` } },
    },
    { what: "it in another header", sent: { headers: { "proxy-authorization": authorization, "x-token": TOKEN } } },
    { what: "a page's preflight", sent: { method: "OPTIONS", headers: { origin: "https://evil.example" }, body: [] } },
    { what: "a read", sent: { method: "GET", path: "/", body: [] } },
    { what: "a long body", sent: { body: ["x".repeat(100_000)] } },
  ] as const)("$what", async ({ sent }) => {
    const { status, headers, body } = await send({ body: [ORDER], ...sent });
    expect([status, JSON.parse(body)]).toEqual([401, { problem: "A bearer token is needed." }]);
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    expect(set).toEqual([]);
  });
});

describe("with the token", () => {
  test.each([
    { what: "a body whose length is told", headers: { "content-length": String(5 * 2000) } },
    { what: "a body whose length is not told", headers: { "transfer-encoding": "chunked" } },
  ])("$what is not read beyond the limit", async ({ headers }) => {
    const body = Array.from({ length: 5 }, () => " ".repeat(2000));
    const reply = await send({ headers: { authorization, ...headers }, body });
    expect([reply.status, reply.body]).toEqual([413, '{"problem":"The body is too long."}']);
    expect(set).toEqual([]);
  });

  test.each([
    { target: "mars", fault: "refuse" },
    { target: "east", fault: "explode" },
    { target: "__proto__", fault: "open" },
    { target: "east", fault: "toString" },
    { target: "east", fault: "refuse", also: "dns" },
    { target: ["east"], fault: "refuse" },
    ["east", "refuse"],
    null,
  ])("the order %j is refused with what is valid", async (order) => {
    const reply = await send({ headers: { authorization }, body: [JSON.stringify(order)] });
    expect([reply.status, Object.keys(JSON.parse(reply.body) as object)]).toEqual([400, ["problem", "valid"]]);
    expect(set).toEqual([]);
  });

  test.each(["GET", "PUT", "DELETE", "PATCH"])("%s on the gate is nothing", async (method) => {
    expect((await send({ method, headers: { authorization } })).status).toBe(404);
    expect(set).toEqual([]);
  });
});
