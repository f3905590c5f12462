// Addresses and keys of those who are told stand in no byte of what is stored, logged or shown, whatever goes wrong on the way.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { alertRoutes } from "../../monitor/http/alert-routes.ts";
import { addWriteRoutes } from "../../monitor/http/write-routes.ts";
import { makeMetrics } from "../../monitor/report/metrics.ts";
import { NO_METERS } from "../../monitor/report/meters.ts";
import { makePage } from "../../monitor/report/page.ts";
import { makeSelf } from "../../monitor/report/self.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { Hono } from "hono";
import { heartbeat, pagerDuty, slack, webhook } from "../support/alert-channels.ts";
import { openAlertReceiver } from "../support/alert-receiver.ts";
import { THRESHOLD, watchWith } from "../support/alert-watch.ts";
import { AWS } from "../support/example-topology.ts";
import { extended } from "../support/topology-text.ts";

const SECRET = `whsec_${Buffer.from("marker-marker-marker-marker").toString("base64")}`;
const TOKEN = "a-token-of-24-characters";

/** As it is written, and as its base64 is. */
function markersIn(text: string): readonly string[] {
  return ["marker", SECRET.slice(6), "0123456789abcdef0123456789abcdef"].filter((mark) => text.includes(mark));
}

test("neither the database, nor a log line, nor a face holds an address or a key", async () => {
  const hook = await openAlertReceiver();
  onTestFinished(() => hook.close());
  hook.behave({ status: 302, headers: { location: "http://127.0.0.1:1/marker" }, body: "marker" });
  const folder = mkdtempSync(join(tmpdir(), "alert-secrets-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const watch = watchWith(
    [
      webhook({ name: "redirected", url: `${hook.url}/marker?sig=marker`, secret: SECRET }),
      slack("refused", "http://127.0.0.1:1/marker"),
      pagerDuty("nameless", "http://marker.invalid/marker"),
      webhook({ name: "broken", url: "http://[marker/" }),
      heartbeat("beat", "http://127.0.0.1:1/marker"),
    ],
    join(folder, "monitor.sqlite"),
  );
  const lines = [...(await watch.rounds(THRESHOLD, [])), ...(await watch.rounds(THRESHOLD, [AWS.id]))];
  expect(lines.length).toBeGreaterThan(4);
  expect(markersIn(lines.join("\n"))).toEqual([]);
  for (const file of readdirSync(folder)) expect(markersIn(readFileSync(join(folder, file), "latin1"))).toEqual([]);
  const { topology, desk } = watch;
  const state = { ...watch.state(), channels: desk.standing(topology) };
  const status = makeStatus(topology, state, watch.now());
  expect(status.alerts?.channels.map(({ name, failing }) => [name, failing])).toEqual([
    ["redirected", true],
    ["refused", true],
    ["nameless", true],
    ["broken", true],
    ["beat", true],
  ]);
  const fine = { storage: null, round: null };
  const app = new Hono();
  const faces = {
    readAlerts: async () => desk.read(topology),
    testAlert: async () => false,
    retryAlerts: async () => 0,
  };
  addWriteRoutes(app, TOKEN, alertRoutes(faces));
  const outbox = await app.request("/v1/alerts", { headers: { authorization: `Bearer ${TOKEN}` } });
  const shown = [
    JSON.stringify(status),
    makeMetrics({ status, meters: NO_METERS }),
    makePage(status, { refresh: "on", history: null }),
    JSON.stringify(makeSelf(topology, state, fine, 0, watch.now())),
    await outbox.text(),
  ];
  expect(shown.join("\n")).toContain("redirected");
  expect(markersIn(shown.join("\n"))).toEqual([]);
});

test("a problem of the topology shows none of it, also where it stands in the file itself", () => {
  const text = extended(
    "alerts:",
    "  - { name: a, kind: webhook, url: 'http://user:marker@hooks.example.com/marker', secret: marker }",
    "  - { name: b, kind: slack, url: 'http://hooks.example.com/marker' }",
    "  - { name: c, kind: pagerduty, routingKey: '${KEY}', url: 'gopher://marker' }",
    "  - { name: d, kind: webhook, url: ['marker'], secret: { marker: 1 } }",
  );
  const parsed = parseTopology(text, { KEY: "marker" });
  const told = parsed.ok ? [] : parsed.problems;
  expect(told.length).toBeGreaterThan(5);
  expect(markersIn(JSON.stringify(told))).toEqual([]);
});
