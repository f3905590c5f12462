// `monitor drill` on a machine where no local world runs: what it understands, what it refuses, and what it shows without one.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type DrillArguments, parseDrill } from "../../monitor/cli/drill-arguments.ts";
import { makeProgress } from "../../monitor/cli/drill-progress.ts";
import { restoredLines } from "../../monitor/cli/drill-restored-text.ts";
import { createJournal, openJournals } from "../../monitor/lever/journal.ts";
import { journalFolder } from "../../monitor/lever/state-folder.ts";
import { createRecordFile, recordFolder } from "../../monitor/conduct/record-file.ts";
import { parseScript } from "../../monitor/drill/parse-script.ts";
import { planDrill } from "../../monitor/drill/plan.ts";
import type { DrillEvent } from "../../monitor/drill/record.ts";
import type { DrillPlan } from "../../monitor/drill/script.ts";
import { until } from "../support/until.ts";
import { SNAPSHOT_VALUE } from "../support/example-snapshot.ts";
import { AWS, EXAMPLE } from "../support/example-topology.ts";
import { ROOT } from "../support/source-files.ts";

let home: string;
beforeAll(() => void (home = mkdtempSync(join(tmpdir(), "drill-cli-"))));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function drill(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(ROOT, "monitor/cli/main.ts"), "drill", ...argv],
    {
      cwd: ROOT,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], TMPDIR: home, MULTICLOUD_PROBE_STATE: join(home, "state") },
    },
  );
  return { status, stdout, stderr };
}

describe("the command line", () => {
  test.each<[string[], Partial<DrillArguments>]>([
    [["primary-outage", "--yes"], { verb: "run", name: "primary-outage", consent: "yes", mode: "real" }],
    [["run", "x", "--simulate-only", "--seed", "7"], { verb: "run", mode: "simulated", seed: 7, consent: "plan only" }],
    [["plan", "x", "--approve", "a", "--approve", "b"], { verb: "plan", approvals: ["a", "b"] }],
    [["plan", "x", "--topology", "f", "--zone-id", "/hostedzone/Z1"], { topology: "f", zoneId: "Z1", snapshot: null }],
    [["simulate", "x", "--topology", "f", "--snapshot", "s"], { snapshot: "s", zoneId: null }],
    [["report", "--format", "html", "--out", "f"], { verb: "report", name: null, format: "html", out: "f" }],
    [["simulate", "x", "--trials", "1000"], { verb: "simulate", trials: 1000 }],
    [["restore"], { verb: "restore", name: null, settle: null }],
    [["restore", "d1", "--settle", " gone "], { verb: "restore", name: "d1", settle: "gone" }],
  ])("%j is understood", (argv, wanted) => {
    expect(parseDrill(argv)).toMatchObject(wanted);
  });

  test.each<[string[], string | RegExp]>([
    [[], /^expected list, plan, .* or the name of a drill$/],
    [["plan"], "drill plan: expected the name of a drill; `monitor drill list` lists them"],
    [["list", "x"], 'drill list: expected no name, found "x"'],
    [["plan", "x", "y"], 'drill plan: expected one name at most, found "x y"'],
    [["restore", "--yes"], "drill restore: --yes means nothing here; it knows --url --port --settle --json"],
    [["restore", "--settle", "gone"], /^--settle: expected the id of one drill before it; /],
    [["restore", "d1", "--settle", " "], "--settle: expected a reason of 1 to 500 characters"],
    [["run", "x", "--port", "0"], '--port: expected a number from 1 to 65535, found "0"'],
    [["simulate", "x", "--trials", "1e3"], '--trials: expected a number from 1 to 1000, found "1e3"'],
    [["run", "x", "--format", "pdf"], '--format: expected text, md, json, junit, html, found "pdf"'],
    [["run", "x", "--json", "--format", "md"], "expected --json or --format, found both"],
    [["run", "x", "--url", "file:///etc"], '--url: expected an http or https URL, found "file:///etc"'],
    [["run", "x", "--url", "http://a", "--port", "1"], "expected --url or --port, found both"],
    [["run", "x", "--zone-id", "../x"], /^--zone-id: expected the id of a hosted zone such as Z\w+, found "\.\.\/x"$/],
    [["run", "x", "--zone-id", "Z1"], /^--zone-id: expected --url or --topology beside it; a local world has/],
    [["plan", "x", "--snapshot", "f"], /^--snapshot: expected --url or --topology beside it; a local world has/],
    [
      ["run", "x", "--url", "http://a", "--snapshot", "f", "--zone-id", "Z1"],
      "expected --snapshot or --zone-id, found both",
    ],
    [["restore", "--zone-id", "Z1"], /^drill restore: --zone-id means nothing here/],
    [["run", "x", "--frobnicate"], /Unknown option '--frobnicate'/],
  ])("%j is refused", (argv, sentence) => {
    const given = parseDrill(argv);
    expect("refusal" in given && given.refusal).toMatch(sentence);
    if (typeof sentence === "string") expect("refusal" in given && given.refusal).toBe(sentence);
  });
});

describe("without a local world", () => {
  test("list names what is shipped, and where each can be run", () => {
    const { status, stdout } = drill("list");
    expect([status, stdout]).toEqual([
      0,
      expect.stringMatching(/^ {2}primary-outage +anywhere +The primary goes away$/m),
    ]);
  });

  test("plan shows everything that follows from the topology, and what speaks against it: exit 4", () => {
    const { status, stdout } = drill("plan", "primary-outage", "--topology", "manifests/topology.yaml");
    expect(status).toBe(4);
    for (const part of ["proves    detection and DNS", "rollback  written to a journal", "allowed", "Against it:"])
      expect(stdout).toContain(part);
  });

  test("plan --json gives one envelope", () => {
    const { stdout } = drill("plan", "primary-outage", "--topology", "manifests/topology.yaml", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      command: "drill plan",
      verdict: "undecided",
      data: { plan: {}, refusals: [{ id: "monitor-unread" }, { id: "lever" }] },
    });
  });

  test("plan goes by the zone that was pulled, and says what is wrong with its file", () => {
    const file = join(home, "zone.json");
    const given = ["standby-outage", "--topology", "manifests/topology.yaml", "--snapshot", file, "--json"];
    writeFileSync(file, JSON.stringify(SNAPSHOT_VALUE));
    expect(JSON.parse(drill("plan", ...given).stdout)).toMatchObject({ data: { plan: { faulted: [AWS.id] } } });
    writeFileSync(file, JSON.stringify({ ...SNAPSHOT_VALUE, resourceRecordSets: [] }));
    expect(drill("simulate", ...given)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/zone\.json: resourceRecordSets: expected an A record demo\.multicloud/) as unknown,
    });
    rmSync(file);
    expect(drill("plan", ...given)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/zone\.json: expected what `monitor zone pull` wrote: ENOENT/) as unknown,
    });
  });

  test("run says that there is none, and breaks nothing", () => {
    expect(drill("primary-outage", "--yes")).toEqual({
      status: 2,
      stdout: "",
      stderr: "no local world runs: start one with `npm start`, or name a monitor with --url and its --topology\n",
    });
  });

  test("run of a real monitor without its token is refused", () => {
    const { status, stderr } = drill(
      "primary-outage",
      "--url",
      "http://127.0.0.1:1",
      "--topology",
      "manifests/topology.yaml",
    );
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^ADMIN_TOKEN: expected the monitor's token/)]);
  });

  test("--simulate-only gives a report of a trial, and keeps no history", () => {
    const simulated = drill(
      "run",
      "primary-outage",
      "--topology",
      "manifests/topology.yaml",
      "--simulate-only",
      "--json",
    );
    expect(simulated.status).toBe(0);
    expect(JSON.parse(simulated.stdout)).toMatchObject({ data: { simulated: true, outcome: "passed" } });
    expect(drill("history")).toEqual({ status: 4, stdout: "", stderr: "No drill was run from here yet.\n" });
    expect(drill("report")).toEqual({ status: 2, stdout: "", stderr: "no drill was run from here yet\n" });
  });

  test("a report goes into the file that is named", () => {
    const file = join(home, "report.md");
    const args = ["--topology", "manifests/topology.yaml", "--simulate-only", "--format", "md", "--out", file];
    const { stdout, stderr } = drill("run", "standby-outage", ...args);
    expect([stdout, stderr]).toEqual(["", expect.stringContaining("the report is in ")]);
    expect(readFileSync(file, "utf8")).toContain("# ");
  });

  test("a script that is wrong is told with every line, and one that is missing with those there are", () => {
    const file = join(home, "bad.yaml");
    writeFileSync(file, "schemaVersion: 2\nid: Bad\n");
    const bad = drill("plan", file, "--topology", "manifests/topology.yaml");
    expect([bad.status, bad.stderr]).toEqual([2, expect.stringMatching(/bad\.yaml:1:16: .*\n[^]*bad\.yaml:2:5: /)]);
    const missing = drill("plan", "nowhere", "--topology", "manifests/topology.yaml");
    expect([missing.status, missing.stderr]).toEqual([
      2,
      expect.stringMatching(/^expected a drill, found no drills\/nowhere\.yaml; there are both-down, /),
    ]);
  });

  test("a drill that cannot be named is not taken for one of which nothing is left", () => {
    const folder = join(home, "state/drills");
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "20261128T120000Z-gone.journal");
    writeFileSync(file, "nonsense\n");
    expect(drill("restore", "20261128T120000Z-gnoe")).toEqual({
      status: 2,
      stdout: "",
      stderr: `20261128T120000Z-gnoe: no drill of this id was run from here, so nothing was put back (--url or --port names a monitor that counts it as running); open: ${file}\n`,
    });
    expect(drill("restore").stdout).toMatch(/20261128T120000Z-gone\.journal: its journal cannot be read, so look/);
    rmSync(file);
  });

  test("a report that cannot be written where it was wished is shown", () => {
    const given = ["primary-outage", "--simulate-only", "--topology", "manifests/topology.yaml"];
    const told = drill("run", ...given, "--out", join(home, "no/such/folder.txt"));
    expect([told.status, told.stdout, told.stderr]).toEqual([
      2,
      expect.stringContaining("The primary goes away"),
      expect.stringMatching(/^the report is not in \S+folder\.txt: ENOENT/),
    ]);
  });

  test("a port on which no world runs is named", () => {
    expect(drill("run", "primary-outage", "--port", "8999", "--yes")).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^no local world runs on port 8999: start one/) as unknown,
    });
  });

  test("nothing is left to restore", () => {
    expect(drill("restore")).toEqual({ status: 0, stdout: "Nothing is left of any drill.\n", stderr: "" });
  });

  test("what no lever can put back is closed by a person, with a reason", async () => {
    const folder = journalFolder(join(home, "state"));
    const at = { startedAt: 0, expiresAt: 1, pid: process.pid };
    const journal = await createJournal(folder, { kind: "drill", schemaVersion: 1, drill: "d1", title: "One", ...at });
    await journal.release();
    const settled = drill("restore", "d1", "--settle", "the cluster is gone");
    expect([settled.status, settled.stdout]).toEqual([
      0,
      "d1: counts as put back by hand (the cluster is gone); no lever acted\n",
    ]);
    expect(await openJournals(folder)).toEqual([]);
  });
});

function primaryOutage(): DrillPlan {
  const script = parseScript(readFileSync(join(ROOT, "drills/primary-outage.yaml"), "utf8"));
  const plan = script.ok ? planDrill(script.value, EXAMPLE) : script;
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  return plan.value;
}

test("a drill that put everything back is told to its monitor by its id, and it is said when that hears nothing", async () => {
  const id = "20261128T130000Z-primary-outage";
  const head = { schemaVersion: 1, id, plan: primaryOutage(), simulated: false, startedAt: 0 } as const;
  const blank = { ...head, endedAt: null, events: [] };
  const watcher = { url: "http://127.0.0.1:1", worldPort: null };
  const file = await createRecordFile(recordFolder(join(home, "state")), blank, watcher);
  await file.end(1000);
  expect(drill("restore", id)).toEqual({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(
      new RegExp(`^${id}: nothing was left to put back, and the monitor was not told that it is over \\(http`),
    ) as unknown,
  });
  const json = drill("restore", id, "--json");
  expect([json.status, JSON.parse(json.stdout)]).toMatchObject([
    1,
    { command: "drill restore", verdict: "deviates", data: [{ id, restored: { kind: "finished", steps: [] } }] },
  ]);
});

describe("progress", () => {
  function told(events: readonly DrillEvent[]): { readonly lines: string[] } {
    const plan = primaryOutage();
    const quick = { ...plan, cadence: { ...plan.cadence, dnsMs: 1, requestMs: 1 } };
    const lines: string[] = [];
    const progress = makeProgress(quick, 1000, (line) => void lines.push(line));
    for (const event of events) progress(event);
    return { lines };
  }
  const health = (at: number, state: "healthy" | "unhealthy"): DrillEvent => ({
    kind: "health",
    at,
    region: "aws-us-east-1",
    view: "users",
    health: state,
  });
  const dns = (vantage: string, address: string, at = 3000): DrillEvent => ({
    kind: "dns",
    at,
    vantage,
    view: "authoritative",
    answer: [address],
    ttlSeconds: 60,
    expected: [],
    verdict: null,
  });

  test("tells a change once, with the time since the start", () => {
    const { lines } = told([health(1000, "healthy"), health(2000, "healthy"), health(13_300, "unhealthy")]);
    expect(lines).toEqual([
      "    0.0 s  aws-us-east-1 is healthy for users",
      "   12.3 s  aws-us-east-1 is unhealthy for users",
    ]);
  });

  test("a request that hung and is given up behind one that was sent later and served is no news", async () => {
    const request = (at: number, totalMs: number, served: string | null): DrillEvent => ({
      kind: "request",
      at,
      via: "dns",
      vantage: "enam",
      served,
      totalMs,
      cause: served === null ? "timeout" : null,
    });
    const { lines } = told([
      request(3800, 800, null),
      request(4020, 20, "gcp-europe-west1"),
      request(4300, 800, null),
      request(4520, 20, "gcp-europe-west1"),
      request(6000, 20, "aws-us-east-1"),
    ]);
    await until("the last line", () => lines.some((line) => line.includes("aws-us-east-1")));
    expect(lines.map((line) => line.slice(11))).toEqual([
      "users in enam are lost: timeout",
      "users in enam are served by gcp-europe-west1",
      "users in enam are served by aws-us-east-1",
    ]);
  });

  test("a slow answer that was asked for before the last change is no news", async () => {
    const { lines } = told([
      dns("enam", "198.51.100.20", 4000),
      dns("enam", "192.0.2.10", 3900),
      dns("enam", "198.51.100.20", 4100),
      dns("weur", "192.0.2.10", 4100),
    ]);
    await until("both lines", () => lines.length === 2);
    expect(lines.toSorted()).toEqual([
      "    3.0 s  the name servers lead in enam to gcp-europe-west1",
      "    3.1 s  the name servers lead in weur to aws-us-east-1",
    ]);
  });

  test("gathers places that changed in the same way, and names regions by their ids", async () => {
    const { lines } = told([dns("enam", "192.0.2.10"), dns("weur", "192.0.2.10"), dns("oc", "198.51.100.20")]);
    await until("both lines", () => lines.length === 2);
    expect(lines.toSorted()).toEqual([
      "    2.0 s  the name servers lead in enam, weur to aws-us-east-1",
      "    2.0 s  the name servers lead in oc to gcp-europe-west1",
    ]);
  });
});

test("what could not be put back is said with what to do by hand", () => {
  expect(
    restoredLines("d1", {
      kind: "stuck",
      drill: "d1",
      steps: [
        { step: 1, lever: "gate", result: { kind: "failed", cause: "moved", detail: "it moved", byHand: ["mend it"] } },
        { step: 0, lever: "dns-gate", result: { kind: "done", detail: "open again" } },
      ],
    }),
  ).toEqual([
    "d1: NOT everything could be put back; the journal stays, and `monitor drill restore` tries again",
    "  gate: it moved",
    "    by hand: mend it",
    "  dns-gate: open again",
    "  put right by hand? `monitor drill restore d1 --settle REASON` closes the journal",
  ]);
});
