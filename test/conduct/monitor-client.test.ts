// How a drill hears a monitor, over a real server that says all the things that monitors say.
import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askFingerprint, makeMonitorClient } from "../../monitor/conduct/monitor-client.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { RICH } from "../monitor/report/rich-status.ts";

const TOKEN = "a-token-of-24-characters";
let server: Server;
let url = "";
let answer: { readonly status: number; readonly body: string } = { status: 200, body: "" };
let heard: { method: string; path: string; bearer: string; body: string } | null = null;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece: string) => (body += piece));
    request.on("end", () => {
      const { method = "", url: path = "" } = request;
      heard = { method, path, bearer: request.headers.authorization ?? "", body };
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
    });
  });
  url = `http://127.0.0.1:${await listenOn(server, { host: "127.0.0.1", port: 0 })}`;
});
afterAll(() => closeListener(server));

const ORDER = { id: "d1", title: "t", regions: ["a"], causes: ["region" as const], expiresAt: "2026-11-28T12:00:00Z" };

test.each([
  { status: 200, body: '{"policy":"0123456789abcdef","rounds":[]}', told: "0123456789abcdef" },
  { status: 200, body: "{}", told: null },
  { status: 404, body: "", told: null },
])(
  "what it watches by is read from an empty page of its history: $told of $status $body",
  async ({ told, ...given }) => {
    answer = given;
    expect(await askFingerprint(url)).toBe(told);
    expect(heard).toMatchObject({ path: "/rounds?from=1970-01-01T00:00:00Z&to=1970-01-01T00:00:00Z", bearer: "" });
  },
);

test("the status is read and checked", async () => {
  answer = { status: 200, body: JSON.stringify(RICH) };
  expect(await makeMonitorClient(url, null).readStatus()).toEqual({ kind: "answer", value: RICH });
  expect(heard).toMatchObject({ method: "GET", path: "/status", bearer: "" });
  answer = { status: 200, body: JSON.stringify({ ...RICH, verdict: "splendid" }) };
  expect(await makeMonitorClient(url, null).readStatus()).toMatchObject({
    kind: "silent",
    detail: expect.stringContaining("/status cannot be read") as unknown,
  });
});

test("a drill is told with the token, and what it costs comes back", async () => {
  answer = { status: 201, body: '{"drill":{},"cost":"at most 3"}' };
  const client = makeMonitorClient(url, TOKEN);
  expect(await client.startDrill(ORDER)).toEqual({ kind: "answer", value: "at most 3" });
  expect(heard).toEqual({
    method: "POST",
    path: "/v1/drills",
    bearer: `Bearer ${TOKEN}`,
    body: JSON.stringify(ORDER),
  });
  answer = { status: 200, body: '{"drill":{}}' };
  expect(await client.endDrill("a/b")).toEqual({ kind: "answer", value: null });
  expect(heard).toMatchObject({ method: "DELETE", path: "/v1/drills/a%2Fb" });
});

test("a refusal brings the monitor's words, problems included", async () => {
  const problems = [{ path: "regions[0]", message: "expected one of a, b" }];
  answer = { status: 400, body: JSON.stringify({ error: "the body is wrong", problems }) };
  expect(await makeMonitorClient(url, TOKEN).startDrill(ORDER)).toEqual({
    kind: "refused",
    status: 400,
    detail: "the body is wrong; regions[0]: expected one of a, b",
  });
});

test.each([
  ["no JSON", { status: 200, body: "<html>" }],
  ["more than is read", { status: 200, body: `"${"x".repeat(5 * 1024 * 1024)}"` }],
])("an answer that is %s is silence", async (_name, given) => {
  answer = given;
  expect((await makeMonitorClient(url, TOKEN).endDrill("d1")).kind).toBe("silent");
});

test("nobody there is silence, and says where", async () => {
  const reply = await makeMonitorClient("http://127.0.0.1:1", TOKEN).readStatus();
  expect(reply).toMatchObject({ kind: "silent", detail: expect.stringContaining("http://127.0.0.1:1") as unknown });
});
