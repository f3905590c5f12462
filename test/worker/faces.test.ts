// The faces in workerd (in Node, over a real server, see `security/faces.test.ts`), and what the Worker itself adds to them:
// its own environment, which no face may show.
import { createExecutionContext, runDurableObjectAlarm } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, test, vi } from "vitest";
import worker from "../../worker/index.ts";
import { OPENAPI } from "../../monitor/http/openapi.ts";
import { facesContract } from "../contract/faces.ts";
import { endEach } from "./stubs.ts";

facesContract((app) => async (path, init) => await app.request(`https://probe.example.com${path}`, init));

describe("the Worker itself", () => {
  const urls = Object.keys(OPENAPI.paths).map(
    (path) => `https://probe.example.com${path.replace("{day}", "2026-11-22")}`,
  );

  endEach();

  test("shows what its vantages saw, and no URL of an endpoint or a resolver", async () => {
    const stub = env.COORDINATOR.getByName("coordinator");
    await stub.readSelf();
    await runDurableObjectAlarm(stub);
    for (const url of urls) {
      const text = await (await exports.default.fetch(url)).text();
      expect([url, /127\.0\.10\.\d:1|dns-query/.exec(text)?.[0]]).toEqual([url, undefined]);
    }
    const status = await (await exports.default.fetch("https://probe.example.com/status")).text();
    expect(status).toContain('"cause":"refused"');
    expect(status).toContain("no answer from 127.0.0.1:1");
  });

  test("shows nothing of its secrets, and nothing of a topology that is broken", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const marked = {
      ...env,
      ADMIN_TOKEN: "marker-1",
      ALERT_WEBHOOK_URL: "https://marker-2.example.com",
      TOPOLOGY: 'regions: [ { id: marker-3, endpoint: { url: "gopher://marker-4", addresses: [10.66.77.88] } } ]',
    };
    for (const url of urls) {
      const reply = await worker.fetch(new Request(url), marked, createExecutionContext());
      const bytes = `${JSON.stringify([...reply.headers])}${await reply.text()}`;
      expect([url, /marker|10\.66\.77\.88/.exec(bytes)?.[0]]).toEqual([url, undefined]);
    }
  });
});
