// `monitor alert` as people call it: from here to a receiver, at a running monitor, and as the receiver.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { alertRoutes } from "../../monitor/http/alert-routes.ts";
import { addWriteRoutes } from "../../monitor/http/write-routes.ts";
import { createAppServer } from "../../monitor/local/app-server.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { heartbeat, webhook } from "../support/alert-channels.ts";
import { type AlertReceiver, openAlertReceiver } from "../support/alert-receiver.ts";
import { type AlertWatch, watchWith } from "../support/alert-watch.ts";
import { ROOT } from "../support/source-files.ts";
import { extended } from "../support/topology-text.ts";
import { until } from "../support/until.ts";

const TOKEN = "a-token-of-24-characters";
const SECRET = `whsec_${"A".repeat(43)}=`;

let folder = "";
let file = "";
let hook: AlertReceiver;
let watch: AlertWatch;
let monitor: Server;
let monitorUrl = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "alert-"));
  file = join(folder, "topology.yaml");
  const channels = [
    "{ name: a, kind: webhook, url: '${HOOK}', secret: '${SECRET}' }",
    "{ name: b, kind: slack, url: '${HOOK}' }",
  ];
  writeFileSync(
    file,
    `local: true\n${extended("alerts:", ...channels.map((one) => `  - ${one}`), "  - { name: c, kind: heartbeat, url: '${HOOK}' }")}`,
  );
  hook = await openAlertReceiver();
});
afterAll(async () => {
  await hook.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A monitor that has a channel, and nothing else. */
beforeEach(async () => {
  hook.behave({ status: 204 });
  watch = watchWith([webhook({ name: "a", url: hook.url }), heartbeat("c", hook.url)]);
  const { desk, topology, now } = watch;
  const app = new Hono();
  const faces = {
    readAlerts: async () => desk.read(topology),
    testAlert: async (channel: string) => desk.test(topology, channel, now()),
    retryAlerts: async () => desk.retry(topology, now()),
  };
  addWriteRoutes(app, TOKEN, alertRoutes(faces));
  monitor = createAppServer(app);
  monitorUrl = `http://127.0.0.1:${await listenOn(monitor, { host: "127.0.0.1", port: 0 })}`;
  return async () => {
    monitor.closeAllConnections();
    await closeListener(monitor);
  };
});

interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function begin(argv: readonly string[], variables: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, ADMIN_TOKEN: TOKEN, HOOK: hook.url, SECRET, TMPDIR: folder, ...variables };
  const child = spawn(process.execPath, ["monitor/cli/main.ts", "alert", ...argv], { cwd: ROOT, env });
  const seen = { out: "", err: "" };
  child.stdout.on("data", (piece: Buffer) => (seen.out += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (seen.err += piece.toString()));
  return { child, seen, ended: once(child, "close") };
}

async function alert(argv: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Run> {
  const { child, seen, ended } = begin(argv, variables);
  await ended;
  return { status: child.exitCode, ...seen };
}

describe("a test from here", () => {
  test("only says what it would do, and with --yes does it: signed, marked, and no sign of life", async () => {
    const before = hook.received.length;
    const plan = await alert(["test", "--topology", file]);
    expect([plan.status, plan.out]).toEqual([
      0,
      "would send a message that is marked as a test from here to a, b\nnothing was sent: --yes sends it\n",
    ]);
    expect(hook.received).toHaveLength(before);
    const done = await alert(["test", "--topology", file, "--yes"]);
    expect([done.status, done.out]).toEqual([0, "a (webhook): delivered\nb (slack): delivered\n"]);
    const sent = hook.received.slice(before);
    expect(sent.map(({ method }) => method)).toEqual(["POST", "POST"]);
    expect(sent.some(({ headers }) => (headers["webhook-signature"] ?? "").startsWith("v1,"))).toBe(true);
    expect(sent.every(({ body }) => body.includes("a test: nothing has happened"))).toBe(true);
  });

  test("of one channel that does not take it says why, without its address", async () => {
    hook.behave({ status: 404 });
    const run = await alert(["test", "b", "--topology", file, "--yes", "--json"]);
    expect(run.status).toBe(1);
    expect(run.out).not.toContain("127.0.0.1");
    expect(JSON.parse(run.out)).toMatchObject({
      command: "alert test",
      verdict: "deviates",
      data: [{ channel: "b", kind: "slack", outcome: "failed", detail: "status 404" }],
    });
  });

  test.each([
    { argv: ["test", "c"], says: 'expected a channel (a, b), found "c"' },
    { argv: ["tset"], says: 'expected list, test, retry or listen, found "tset"' },
    { argv: ["list", "a"], says: 'list: expected no more words, found "a"' },
    { argv: ["retry", "--topology", "x"], says: "--topology: only a test is sent from here" },
    { argv: ["test", "--topology", "x", "--url", "http://x"], says: "expected --topology, --port or --url" },
    { argv: ["list", "--url", "ftp://x"], says: '--url: expected an http or https URL, found "ftp://x"' },
    { argv: ["listen", "0"], says: 'listen: expected a number from 1 to 65535, found "0"' },
    { argv: ["listen", "--for", "soon"], says: "--for: expected a time" },
  ])("$argv is wrong usage", async ({ argv, says }) => {
    const run = await alert(argv[0] === "test" && !argv.includes("--topology") ? [...argv, "--topology", file] : argv);
    expect([run.status, run.out]).toEqual([2, ""]);
    expect(run.err).toContain(says);
  });

  test("needs the variables that others may do without", async () => {
    const run = await alert(["test", "--topology", file], { SECRET: "short" });
    expect(run.status).toBe(2);
    expect(run.err).toContain("alerts[0].secret: expected whsec_");
    expect(run.err).not.toContain("short");
  });
});

describe("at a running monitor", () => {
  test("a test waits for the next round, and the list shows it", async () => {
    expect((await alert(["test", "--url", monitorUrl])).out).toContain(`from ${monitorUrl} to a`);
    expect(watch.desk.read(watch.topology).waiting).toEqual([]);
    expect(await alert(["test", "a", "--url", monitorUrl, "--yes"])).toMatchObject({ status: 0 });
    const { out } = await alert(["list", "--url", monitorUrl]);
    expect(out).toContain("a test: nothing has happened");
    await watch.deliver();
    expect((await alert(["list", "--url", monitorUrl])).out).toMatch(/a {8}webhook {4}2026-01-01T00:00:00\.000Z {2}0 /);
  });

  test("what was given up is code 1, and revived only with --yes", async () => {
    hook.behave({ status: 400 });
    watch.desk.test(watch.topology, "a", watch.now());
    await watch.deliver();
    const listed = await alert(["list", "--url", monitorUrl]);
    expect(listed.status).toBe(1);
    expect(listed.out).toContain("status 400");
    expect((await alert(["retry", "--url", monitorUrl])).out).toContain("would try again: 1 given up, 0 that wait");
    expect(watch.desk.read(watch.topology).dead).toHaveLength(1);
    expect(await alert(["retry", "--url", monitorUrl, "--yes"])).toMatchObject({ status: 0 });
    expect(watch.desk.read(watch.topology)).toMatchObject({ dead: [], waiting: [{ channel: "a" }] });
  });

  test("a channel that it does not have is wrong usage; a monitor that is not there, or another token, is code 4", async () => {
    expect((await alert(["test", "x", "--url", monitorUrl])).status).toBe(2);
    expect((await alert(["list", "--url", "http://127.0.0.1:1"])).status).toBe(4);
    const other = await alert(["list", "--url", monitorUrl], { ADMIN_TOKEN: "another-token-of-24-char" });
    expect([other.status, other.err]).toEqual([4, expect.stringContaining("a bearer token is needed")]);
  });
});

test("listen refuses a secret that nobody can have signed with, without telling it", async () => {
  const run = await alert(["listen", "1"], { ALERT_WEBHOOK_SECRET: "whsec_short" });
  expect([run.status, run.out]).toEqual([2, ""]);
  expect(run.err).toContain("ALERT_WEBHOOK_SECRET: expected whsec_ and 24 to 64 random bytes in base64");
  expect(run.err).not.toContain("short");
});

test("listen prints what arrives and whose signature is right, moves no cursor, and ends by a signal", async () => {
  const free = await openAlertReceiver();
  await free.close();
  const { child, seen, ended } = begin(["listen", String(free.port)], { ALERT_WEBHOOK_SECRET: SECRET });
  await until("it listens", () => seen.err.includes("listening on"));
  const url = `http://127.0.0.1:${free.port}/`;
  expect((await alert(["test", "a", "--topology", file, "--yes"], { HOOK: url })).out).toBe("a (webhook): delivered\n");
  const other = `whsec_${"B".repeat(43)}=`;
  await alert(["test", "a", "--topology", file, "--yes"], { HOOK: url, SECRET: other });
  await fetch(url, { method: "POST", body: '{"type":"x","text":"\\u001b[2J"}' });
  await fetch(url, { method: "POST", body: "no json\u001b" });
  await fetch(url);
  child.kill("SIGINT");
  await ended;
  expect(child.exitCode).toBe(0);
  expect(
    seen.out
      .trim()
      .split("\n")
      .map((line) => line.replace(/^\S+ {2}/, "").replace(/msg_\S+/, "msg")),
  ).toEqual([
    "msg  signed  test  demo: a test: nothing has happened",
    "msg  WRONG SIGNATURE  test  demo: a test: nothing has happened",
    "not signed  x   [2J",
    "not signed  no json ",
    "GET /",
  ]);
  expect(seen.out).not.toContain("\u001b");
});
