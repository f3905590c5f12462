// `monitor watch` as a person, a supervisor and a reader of its faces have it: a process with a beginning, an end, and a file.
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { OPENAPI } from "../../monitor/http/openapi.ts";
import { openAlertReceiver } from "../support/alert-receiver.ts";
import { statusProblems } from "../support/status-check.ts";
import { until } from "../support/until.ts";
import {
  makeScratch,
  roundsOf,
  type Scratch,
  spawnWatch,
  startWatch,
  topologyText,
  type Watching,
} from "./watch-process.ts";

const TOKEN = "a-token-of-this-test";

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
});
afterEach(() => scratch.remove());

async function start(argv: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Watching> {
  const watching = await startWatch(scratch, argv, env);
  onTestFinished(() => void watching.process.kill("SIGKILL"));
  return watching;
}

/** Accepts and stays silent; gives its address and how many came. */
async function serveSilence(): Promise<{ readonly address: string; readonly sockets: readonly Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket.on("error", () => {}))).listen(0, "127.0.10.1");
  await once(server, "listening");
  onTestFinished(() => {
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });
  return { address: `127.0.10.1:${(server.address() as AddressInfo).port}`, sockets };
}

describe("its end", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s ends it with 0: nothing listens, and nothing is half written",
    async (signal) => {
      const watching = await start();
      watching.process.kill(signal);
      expect(await watching.ended).toEqual([0, null]);
      await expect(watching.get("/healthz")).rejects.toThrow("fetch failed");
      expect(readdirSync(scratch.folder).toSorted()).toEqual(["topology.yaml", "watch.db", "watch.db.lock"]);
    },
  );

  test("a round that hangs when it is asked to stop ends by its deadline and is stored", async () => {
    const { address, sockets } = await serveSilence();
    const watching = await start();
    writeFileSync(scratch.topology, topologyText({ primaryAt: address, timeoutMs: 500 }));
    await until("a look that hangs", () => sockets.length > 0);
    watching.process.kill("SIGTERM");
    expect(await watching.ended).toEqual([0, null]);
    const row = new DatabaseSync(scratch.database, { readOnly: true })
      .prepare("SELECT row FROM rounds ORDER BY slot DESC LIMIT 1")
      .get();
    expect(String(row?.["row"])).toContain('"cause":"timeout"');
  });

  test("a second signal does not wait for the message that a first one waits for", async () => {
    const hook = await openAlertReceiver();
    onTestFinished(() => hook.close());
    hook.behave("hang");
    const channel = `alerts: [ { name: on-call, kind: webhook, url: "${hook.url}", on: [opened] } ]\n`;
    writeFileSync(scratch.topology, topologyText() + channel);
    const watching = await start([], { ADMIN_TOKEN: TOKEN });
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const body = JSON.stringify({ channel: "on-call" });
    const asked = await fetch(`${watching.url}/v1/alerts/test`, { method: "POST", headers, body });
    expect(asked.status).toBe(202);
    await until("a message on its way", () => hook.received.length > 0);
    watching.process.kill("SIGINT");
    await until("the end of its faces", () =>
      watching.get("/healthz").then(
        () => false,
        () => true,
      ),
    );
    expect(watching.process.exitCode).toBeNull();
    watching.process.kill("SIGTERM");
    expect(await watching.ended).toEqual([130, null]);
  });

  test("when nobody reads what it says any more, it ends as if asked to", async () => {
    const { address } = await serveSilence();
    const watching = await start();
    watching.process.stdout?.destroy();
    // Another cause of the same failure is a change that it wants to tell.
    writeFileSync(scratch.topology, topologyText({ primaryAt: address }));
    expect(await watching.ended).toEqual([0, null]);
    expect(readdirSync(scratch.folder).toSorted()).toEqual(["topology.yaml", "watch.db", "watch.db.lock"]);
  });

  test.each([
    ["--rounds", "2"],
    ["--for", "1s"],
  ])("%s %s ends it with 0", async (...argv) => {
    const { ended } = spawnWatch(["--topology", scratch.topology, "--port", "0", ...argv]);
    expect(await ended).toEqual([0, null]);
  });

  test("kill -9 costs no stored round, and the next one goes on where it was", async () => {
    const first = await start();
    await until("three rounds", async () => (await roundsOf(first)) >= 3);
    const told = await roundsOf(first);
    first.process.kill("SIGKILL");
    await first.ended;
    const second = await start();
    expect(await roundsOf(second)).toBeGreaterThanOrEqual(told);
    await until("a round of its own", async () => (await roundsOf(second)) > told + 1);
    expect(await second.json("/healthz")).toMatchObject({ status: "pass" });
    const [check] = new DatabaseSync(scratch.database, { readOnly: true }).prepare("PRAGMA integrity_check").all();
    expect(check).toEqual({ integrity_check: "ok" });
  });
});

describe("what it does not begin", () => {
  const refusal = async (argv: readonly string[]) => {
    const { output, ended } = spawnWatch(argv);
    const [code] = await ended;
    return { code, stdout: output.stdout, stderr: output.stderr };
  };

  test("a second one on the same file, which is told by its process", async () => {
    const watching = await start();
    const { code, stdout, stderr } = await refusal([
      "--topology",
      scratch.topology,
      "--db",
      scratch.database,
      "--port",
      "0",
    ]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(`watch.db: process ${watching.process.pid} on `);
    expect((await watching.get("/healthz")).status).toBe(200);
  });

  test("where its port is taken, or its host is nobody's", async () => {
    const { url } = await start();
    const own = ["--topology", scratch.topology];
    const taken = await refusal([...own, "--port", new URL(url).port]);
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining("EADDRINUSE")]);
    const nobody = await refusal([...own, "--port", "0", "--host", "192.0.2.1"]);
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining("EADDRNOTAVAIL")]);
  });

  test("with a broken topology, whose problems it tells all at once", async () => {
    writeFileSync(scratch.topology, topologyText({ primary: "north", timeoutMs: 1 }));
    const { code, stderr } = await refusal(["--topology", scratch.topology]);
    expect(code).toBe(2);
    expect(stderr.split("\n").filter((line) => line.startsWith(`${scratch.topology}:`))).toHaveLength(2);
  });
});

describe("its faces", () => {
  test("are those of the document that it serves, but for the router's", async () => {
    const watching = await start([], { ADMIN_TOKEN: TOKEN });
    const paths = Object.entries(OPENAPI.paths)
      .filter(([path, methods]) => "get" in methods && !path.includes("{"))
      .map(([path]) => path);
    const answers = await Promise.all(
      paths.map(async (path) => [path, (await watching.get(path, TOKEN)).status] as const),
    );
    const odd = answers.filter(([, status]) => status !== 200);
    expect(odd).toEqual([
      ["/v1/route", 404],
      ["/v1/drains", 404],
    ]);
    expect(statusProblems(await watching.json("/status"))).toEqual([]);
  });

  test("let nobody change anything without a token, and say why where it is too short", async () => {
    const watching = await start([], { ADMIN_TOKEN: "short" });
    expect((await watching.get("/v1/drills", "short")).status).toBe(404);
    expect(watching.output().stderr).toContain("ADMIN_TOKEN: expected at least 16 characters");
  });

  test("take a drill from the bearer of the token, and audit it", async () => {
    const watching = await start([], { ADMIN_TOKEN: TOKEN });
    expect((await watching.get("/v1/drills")).status).toBe(401);
    const body = JSON.stringify({
      id: "drill-1",
      title: "the primary goes",
      regions: ["east"],
      causes: ["region"],
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    });
    const headers = { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" };
    const started = await fetch(`${watching.url}/v1/drills`, { method: "POST", headers, body });
    expect([started.status, await started.clone().text()]).toEqual([201, expect.stringContaining("drill-1")]);
    expect(await (await watching.get("/v1/audit", TOKEN)).text()).toContain('"drill.start"');
    await until("the drill on /status", async () => "drill" in (await watching.json("/status")));
  });

  test("name one vantage: this machine, or who is asked for", async () => {
    const watching = await start(["--as", "weur"]);
    const { vantages } = await watching.json("/status");
    expect(vantages).toEqual([expect.objectContaining({ id: "here as weur", colo: "node" })]);
  });

  test("print one line for each change, and talk on stderr", async () => {
    const watching = await start();
    const { stdout, stderr } = watching.output();
    expect(stdout).toMatch(/^\d\d:\d\d:\d\dZ overall is \w+$/m);
    expect(stderr).toContain("demo: a round every 1 s from here; http://127.0.0.1:");
    expect(stderr).toContain("one place: what it cannot reach is down for its users");
  });
});
