// The faces of who is told: what bearers of the token see and may do. That nothing is there without a token is shown with the
// other routes that write.
import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { type AlertFaces, alertRoutes, OUTBOX_SCHEMA } from "../../monitor/http/alert-routes.ts";
import { addWriteRoutes } from "../../monitor/http/write-routes.ts";
import { webhook } from "../support/alert-channels.ts";
import { watchWith } from "../support/alert-watch.ts";

const TOKEN = "a-token-of-24-characters";
const URL_MARK = "https://hooks.example.com/marker";

/** Over a real desk whose channel is never reached. */
function deskApp() {
  const { desk, topology, now } = watchWith([webhook({ url: URL_MARK })]);
  const app = new Hono();
  const faces: AlertFaces = {
    readAlerts: async () => desk.read(topology),
    testAlert: async (channel) => desk.test(topology, channel, now()),
    retryAlerts: async () => desk.retry(topology, now()),
  };
  addWriteRoutes(app, TOKEN, alertRoutes(faces));
  return (method: string, path: string, body?: object, token = TOKEN) =>
    app.request(path, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
}

describe("/v1/alerts", () => {
  test("shows what waits, and no address", async () => {
    const ask = deskApp();
    expect((await ask("POST", "/v1/alerts/test", { channel: "on-call" })).status).toBe(202);
    const reply = await ask("GET", "/v1/alerts");
    const text = await reply.text();
    expect(text).not.toContain("marker");
    expect(OUTBOX_SCHEMA.safeParse(JSON.parse(text)).error).toBeUndefined();
    expect(JSON.parse(text)).toEqual({
      channels: [
        {
          name: "on-call",
          kind: "webhook",
          lastDeliveredAt: null,
          failures: 0,
          detail: null,
          waiting: 1,
          delivered: 0,
          failed: 0,
          dead: 0,
        },
      ],
      waiting: [
        {
          key: expect.stringMatching(/^msg_/),
          channel: "on-call",
          type: "test",
          text: "a test: nothing has happened",
          at: "2026-01-01T00:00:00.000Z",
          attempts: 0,
        },
      ],
      dead: [],
    });
  });

  test.each([
    { body: { channel: "nobody" }, status: 404 },
    { body: { channel: "No Name" }, status: 400 },
    { body: { channel: "on-call", url: "https://evil.example" }, status: 400 },
    { body: {}, status: 400 },
  ])("a test for $body is answered with $status", async ({ body, status }) => {
    const ask = deskApp();
    expect((await ask("POST", "/v1/alerts/test", body)).status).toBe(status);
    expect(await (await ask("GET", "/v1/alerts")).json()).toMatchObject({ waiting: [] });
  });

  test("another try is counted", async () => {
    expect(await (await deskApp()("POST", "/v1/alerts/retry")).json()).toEqual({ retried: 0 });
  });

  test.each([
    ["GET", "/v1/alerts"],
    ["POST", "/v1/alerts/test"],
    ["POST", "/v1/alerts/retry"],
  ])("%s %s is for the bearer of the token alone", async (method, path) => {
    expect((await deskApp()(method, path, undefined, "another-token-of-24-char")).status).toBe(401);
  });
});
