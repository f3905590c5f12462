// `monitor maintenance` as people call it: every wish that can be refused without a monitor, and the whole way against the
// faces of a monitor whose windows are kept in memory.
import { type AddressInfo } from "node:net";
import { DatabaseSync } from "node:sqlite";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@hono/node-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseMaintenance } from "../../monitor/cli/maintenance-arguments.ts";
import { makeApp } from "../../monitor/http/app.ts";
import { sqlOf } from "../../monitor/node/store.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { DAY_MS, HOUR_MS, toIso } from "../../monitor/time.ts";
import { MaintenanceDesk } from "../../monitor/wire/maintenance-desk.ts";
import { makeAuditShelf } from "../../monitor/wire/sql-audit.ts";
import { AWS, EXAMPLE, GCP } from "../support/example-topology.ts";
import { ROOT } from "../support/source-files.ts";

const TOKEN = "a-token-of-24-characters";
const NOW = Date.UTC(2026, 10, 28, 12);

describe("a wish", () => {
  test("to start is an order from now on, under an id that tells when and what", () => {
    const argv = ["start", "New kernel!", "--for", "2h", "--region", "a", "--region", "b", "--by", "anna", "--yes"];
    expect(parseMaintenance(argv, NOW)).toEqual({
      verb: "start",
      order: {
        id: "20261128T120000Z-new-kernel",
        title: "New kernel!",
        regions: ["a", "b"],
        until: toIso(NOW + 2 * HOUR_MS),
        by: "anna",
      },
      url: undefined,
      port: undefined,
      consent: "yes",
      output: "text",
    });
  });

  test("to schedule has its beginning in UTC, and its end by length or by time", () => {
    const from = "2026-11-29T02:00:00+01:00";
    const order = { from: "2026-11-29T01:00:00.000Z", until: "2026-12-02T01:00:00.000Z", id: "x", title: "t" };
    for (const end of [
      ["--for", "3d"],
      ["--until", "2026-12-02T02:00:00+01:00"],
    ])
      expect(parseMaintenance(["schedule", "t", "--id", "x", "--from", from, ...end], NOW)).toMatchObject({ order });
  });

  test.each<[readonly string[], string]>([
    [[], "expected list, start, schedule or end, found nothing"],
    [["begin"], 'expected list, start, schedule or end, found "begin"'],
    [["list", "all"], 'list: found "all" too much'],
    [["start", "", "--for", "2h", "--id", "x"], "title: expected a line of at most 120 characters"],
    [
      ["start", "t", "--for", "2h", "--id", "a:b"],
      "id: expected an id of at most 80 letters, digits, dots, dashes and underscores",
    ],
    [["list", "--for", "2h"], "list: --for is for start and schedule"],
    [["end"], "end: expected one id, found none"],
    [["end", "a", "b"], 'end: expected one id, found "a" "b"'],
    [["end", "a", "--by", "anna"], "end: --by is for start and schedule"],
    [["start"], "start: expected one title (in quotes), found none"],
    [["start", "new", "kernel"], 'start: expected one title (in quotes), found "new" "kernel"'],
    [["start", "t"], "expected --for or --until, found neither"],
    [["start", "t", "--for", "8d"], '--for: expected a time such as 500ms, 60s or 2m, at most 7 d, found "8d"'],
    [["start", "t", "--from", "x"], "start: it begins now and lasts --for a time; schedule takes --from and --until"],
    [["schedule", "t", "--for", "2h"], "schedule: expected --from"],
    [
      ["schedule", "t", "--from", "tomorrow", "--for", "2h"],
      '--from: expected an ISO 8601 time with zone, such as 2026-11-29T02:00:00Z, found "tomorrow"',
    ],
    [
      ["schedule", "t", "--from", "2026-11-29T02:00:00Z", "--until", "2026-11-29T02:00:00Z"],
      "--until: expected a time after 2026-11-29T02:00:00.000Z, found 2026-11-29T02:00:00.000Z",
    ],
    [
      ["schedule", "t", "--from", "2026-11-29T02:00:00Z", "--until", "2026-11-29T03:00:00Z", "--for", "1h"],
      "expected --for or --until, found both",
    ],
  ])("%j is refused", (argv, refusal) => {
    expect(parseMaintenance(argv, NOW)).toEqual({ refusal });
  });
});

describe("at a monitor", () => {
  let folder = "";
  let server: ReturnType<typeof serve>;
  let url = "";
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "maintenance-"));
    const sql = sqlOf(new DatabaseSync(":memory:"));
    const desk = new MaintenanceDesk(sql, makeAuditShelf(sql));
    const never = (): Promise<never> => Promise.reject(new Error("not asked"));
    const app = makeApp({
      topologyProblems: [],
      readStatus: async () =>
        makeStatus(EXAMPLE, { ...EMPTY_STATE, maintenance: desk.standing(Date.now()) }, Date.now()),
      readSelf: never,
      readRounds: never,
      readMetrics: never,
      reports: { readRecent: never, readBuckets: never, readDays: never, readDay: never },
      writes: {
        token: TOKEN,
        readAudit: never,
        drills: { readDrills: never, startDrill: never, endDrill: never },
        alerts: { readAlerts: never, testAlert: never, retryAlerts: never },
        maintenance: {
          readMaintenance: async () => desk.read(EXAMPLE, Date.now()),
          scheduleMaintenance: async (order) => desk.schedule(EXAMPLE, order, Date.now()),
          endMaintenance: async (id) => desk.end(EXAMPLE, id, Date.now()),
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

  async function maintenance(argv: readonly string[], token = TOKEN) {
    const env = { ...process.env, ADMIN_TOKEN: token, TMPDIR: folder };
    const child = spawn(process.execPath, ["monitor/cli/main.ts", "maintenance", ...argv], { cwd: ROOT, env });
    let out = "";
    let err = "";
    child.stdout.on("data", (piece: Buffer) => (out += piece.toString()));
    child.stderr.on("data", (piece: Buffer) => (err += piece.toString()));
    await once(child, "close");
    return { status: child.exitCode, out, err };
  }
  const at = (...argv: readonly string[]) => maintenance([...argv, "--url", url]);

  test("a window is shown first, announced with --yes, listed, and ended", async () => {
    expect(await at("list")).toMatchObject({ status: 0, out: "No maintenance, and none announced.\n" });
    const order = ["start", "New kernel", "--for", "2h", "--region", AWS.id, "--by", "anna", "--id", "m1"];
    const plan = await at(...order);
    expect(plan).toMatchObject({ status: 0, err: "Nothing was changed: --yes does it.\n" });
    expect(plan.out).toMatch(
      /^New kernel\n\n {2}from {5}now\n {2}until {4}\d{4}-.* UTC, 2 h\n {2}regions {2}aws-us-east-1, unknown for users/,
    );
    expect(plan.out).toContain(`the others are to bear it, and ${GCP.id} is not healthy for users`);
    expect((await at("list")).out).toBe("No maintenance, and none announced.\n");

    const done = await at(...order, "--yes", "--json");
    expect([done.status, JSON.parse(done.out)]).toMatchObject([
      0,
      {
        command: "maintenance start",
        verdict: "conforms",
        data: { done: true, maintenance: { id: "m1", by: "anna" } },
      },
    ]);
    expect((await at("list")).out).toMatch(/ left {2}m1 .* 2 h +aws-us-east-1 +New kernel \(anna\)\n$/);
    expect((await at("start", "Another", "--for", "1h", "--id", "m2")).out).toContain("! it overlaps with m1\n");

    expect((await at("end", "m1")).out).toMatch(/^New kernel \(m1\) ends now, (2 h|1 h 59 m) early\n$/);
    expect(await at("end", "m1", "--yes")).toMatchObject({ status: 0, out: "m1 is over\n" });
    expect((await at("end", "m1", "--yes")).out).toMatch(/^m1 was over at /);
    expect((await at("end", "m1")).out).toMatch(/^New kernel \(m1\) is over since .* UTC\n$/);
  });

  test("one that lies ahead is called off", async () => {
    const from = toIso(Date.now() + DAY_MS);
    expect((await at("schedule", "Later", "--from", from, "--for", "30m", "--id", "m3", "--yes")).status).toBe(0);
    expect((await at("end", "m3")).out).toMatch(/^Later \(m3\) will not begin at .* UTC\n$/);
    expect((await at("end", "m3", "--yes")).out).toBe(`m3 will not begin at ${from}\n`);
  });

  test("what the monitor refuses is told in its words, and what cannot be asked has a code of its own", async () => {
    const mars = await at("start", "t", "--for", "1h", "--region", "mars", "--yes");
    expect([mars.status, mars.err]).toEqual([
      2,
      'the body is not what is expected here; regions[0]: expected one of aws-us-east-1, gcp-europe-west1, found "mars"\n',
    ]);
    const past = await at("schedule", "t", "--from", "2020-01-01T00:00:00Z", "--for", "1h");
    expect([past.status, past.out]).toEqual([2, ""]);
    expect(past.err).toMatch(
      /^from: expected a time in the next 366 d, and it is .*\nuntil: expected a time after now, /,
    );
    expect(await at("end", "none", "--yes")).toMatchObject({ status: 2, err: 'there is no window "none"\n' });
    expect((await at("end", "fix-404", "--yes")).err).toBe('there is no window "fix-404"\n');
    expect(await maintenance(["list", "--url", url], "another-token-of-24-chars")).toMatchObject({
      status: 4,
      err: "the monitor does not know this token\n",
    });
    const closed = serve({
      fetch: () => new Response("404 Not Found", { status: 404 }),
      port: 0,
      hostname: "127.0.0.1",
    });
    await once(closed, "listening");
    const tokenless = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
    expect(await maintenance(["list", "--url", tokenless])).toMatchObject({
      status: 2,
      err: "no token is configured there, so nothing can be changed\n",
    });
    closed.close();
    expect((await maintenance(["list", "--url", "http://127.0.0.1:1"])).status).toBe(4);
    expect(await maintenance(["list", "--url", url], "")).toMatchObject({
      status: 2,
      err: "--url: expected its token in ADMIN_TOKEN\n",
    });
    expect(await maintenance(["list"])).toMatchObject({
      status: 2,
      err: "no local world runs: start one with `npm start`\n",
    });
  });
});
