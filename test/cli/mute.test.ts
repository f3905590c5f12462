// `monitor mute` as people call it: every wish that can be refused without a monitor, and the whole way against the faces of a
// monitor whose mutes are kept in memory.
import { type AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseMute } from "../../monitor/cli/mute-arguments.ts";
import { makeApp } from "../../monitor/http/app.ts";
import { sqlOf } from "../../monitor/node/store.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { HOUR_MS, toIso } from "../../monitor/time.ts";
import { MuteDesk } from "../../monitor/wire/mute-desk.ts";
import { makeAuditShelf } from "../../monitor/wire/sql-audit.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { ROOT } from "../support/source-files.ts";

const TOKEN = "a-token-of-24-characters";
const NOW = Date.UTC(2026, 10, 28, 12);

describe("a wish", () => {
  test("to start is an order from now on, under an id that tells when and what", () => {
    const argv = ["start", "region:a", "dns:*", "--for", "2h", "--reason", "known", "--by", "anna", "--yes"];
    expect(parseMute(argv, NOW)).toEqual({
      verb: "start",
      order: {
        id: "20261128T120000Z-region-a",
        subjects: ["region:a", "dns:*"],
        until: toIso(NOW + 2 * HOUR_MS),
        reason: "known",
        by: "anna",
      },
      url: undefined,
      port: undefined,
      consent: "yes",
      output: "text",
    });
  });

  test.each<[readonly string[], string]>([
    [[], "expected list, start or end, found nothing"],
    [["stop"], 'expected list, start or end, found "stop"'],
    [["list", "all"], 'list: found "all" too much'],
    [["list", "--for", "2h"], "list: --for is for start"],
    [["end"], "end: expected one id, found none"],
    [["end", "a", "b"], 'end: expected one id, found "a" "b"'],
    [["end", "a", "--reason", "r"], "end: --reason is for start"],
    [
      ["start", "--for", "2h", "--reason", "r"],
      "start: expected a subject, such as region:aws-us-east-1 or dns:*, found none",
    ],
    [["start", "dns:*", "--reason", "r"], "start: expected --for: no mute is endless"],
    [["start", "dns:*", "--for", "2h"], "start: expected --reason: whoever finds it muted must learn why"],
    [
      ["start", "dns:*", "--for", "25h", "--reason", "r"],
      '--for: expected a time such as 500ms, 60s or 2m, at most 1 d, found "25h"',
    ],
    [
      ["start", "pod:x", "--for", "2h", "--reason", "r", "--id", "x"],
      "subjects.0: expected a subject such as failover or region:aws-us-east-1, or how it begins, such as dns:*",
    ],
    [["start", "dns:*", "--for", "2h", "--reason", ""], "reason: expected a line of at most 200 characters"],
  ])("%j is refused", (argv, refusal) => {
    expect(parseMute(argv, NOW)).toEqual({ refusal });
  });
});

describe("at a monitor", () => {
  const AWS = "region:aws-us-east-1";
  let folder = "";
  let server: ReturnType<typeof serve>;
  let url = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "mute-"));
    const sql = sqlOf(new DatabaseSync(":memory:"));
    const desk = new MuteDesk(sql, makeAuditShelf(sql));
    const never = (): Promise<never> => Promise.reject(new Error("not asked"));
    const incident = { id: "1", subject: AWS, openedAt: NOW, closedAt: null, reason: "down" };
    const incidents = { open: [incident], closed: [] };
    const app = makeApp({
      topologyProblems: [],
      readStatus: async () =>
        makeStatus(EXAMPLE, { ...EMPTY_STATE, incidents, mutes: desk.standing(Date.now()) }, Date.now()),
      readSelf: never,
      readRounds: never,
      readMetrics: never,
      reports: { readRecent: never, readBuckets: never, readDays: never, readDay: never },
      writes: {
        token: TOKEN,
        readAudit: never,
        drills: { readDrills: never, startDrill: never, endDrill: never },
        alerts: { readAlerts: never, testAlert: never, retryAlerts: never },
        mutes: {
          readMutes: async () => desk.read(Date.now()),
          startMute: async (order) => desk.start(EXAMPLE, order, Date.now()),
          endMute: async (id) => desk.end(id, Date.now()),
        },
      },
    });
    server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function at(...argv: readonly string[]) {
    const env = { ...process.env, ADMIN_TOKEN: TOKEN, TMPDIR: folder };
    const words = ["monitor/cli/main.ts", "mute", ...argv, "--url", url];
    const child = spawn(process.execPath, words, { cwd: ROOT, env });
    let out = "";
    let err = "";
    child.stdout.on("data", (piece: Buffer) => (out += piece.toString()));
    child.stderr.on("data", (piece: Buffer) => (err += piece.toString()));
    await once(child, "close");
    return { status: child.exitCode, out, err };
  }

  test("a mute is shown first, ordered with --yes, and listed", async () => {
    const order = ["start", AWS, "--for", "2h", "--reason", "a known fault", "--by", "anna", "--id", "q1"];
    const plan = await at(...order);
    expect(plan).toMatchObject({ status: 0, err: "Nothing was changed: --yes does it.\n" });
    expect(plan.out).toContain(`! ${AWS} is open now: nobody is told of it again\n`);
    expect(plan.out).toContain("! the topology names no channel, so nobody is told of anything\n");
    const done = await at(...order, "--yes", "--json");
    expect([done.status, JSON.parse(done.out)]).toMatchObject([
      0,
      { command: "mute start", verdict: "conforms", data: { done: true, mute: { id: "q1", by: "anna" } } },
    ]);
    expect((await at("list")).out).toMatch(/ left +q1 .* region:aws-us-east-1 +a known fault \(anna\)\n$/);
  }, 60_000);

  test("a mute is ended, and what people would be told of then is shown before", async () => {
    const order = ["start", "region:*", "--for", "2h", "--reason", "a known fault", "--id", "q2", "--yes"];
    expect(await at(...order)).toMatchObject({ status: 0 });
    expect((await at("end", "q2")).out).toMatch(
      /^a known fault \(q2\) ends now, (2 h|1 h 59 m) early\n {2}! region:aws-us-east-1 is open: people are told of it then\n$/,
    );
    expect(await at("end", "q2", "--yes")).toMatchObject({ status: 0, out: "q2 is over\n" });
    expect((await at("end", "q2", "--yes")).out).toMatch(/^q2 was over at /);
  }, 60_000);

  test("what the monitor refuses is told in its words, with --yes and without", async () => {
    const mars = ["start", "region:mars", "--for", "1h", "--reason", "r"];
    const words =
      'subjects[0]: expected one of region:aws-us-east-1, region:gcp-europe-west1, or region:*, found "region:mars"\n';
    expect(await at(...mars)).toMatchObject({ status: 2, out: "", err: words });
    expect(await at(...mars, "--yes")).toMatchObject({ status: 2, out: "" });
    expect((await at(...mars, "--yes")).err).toContain(words.trim());
    expect((await at("end", "none", "--yes")).err).toBe('there is no mute "none"\n');
    expect((await at("end", "none")).err).toBe('there is no mute "none"\n');
  }, 60_000);
});
