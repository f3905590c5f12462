// `monitor zone diff` as scripts and people see it, from snapshot files: the API's part is in the suite with moto.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/source-files.ts";
import { IDS, shipped, snapshotFile as snapshotAt } from "./zone-files.ts";

const folder = mkdtempSync(join(tmpdir(), "zone-diff-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function diff(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["monitor/cli/main.ts", "zone", "diff", ...argv], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

const snapshotFile = (name: string, zone: object): string => snapshotAt(join(folder, name), zone);

const ADDRESSES = shipped("addresses");
const SLOW = {
  resourceRecordSets: ADDRESSES.resourceRecordSets.map((record) =>
    record.Failover === "PRIMARY" ? { ...record, TTL: 300 } : record,
  ),
  healthChecks: ADDRESSES.healthChecks.map((check, index) =>
    index === 0 ? check : { ...check, HealthCheckConfig: { ...check.HealthCheckConfig, RequestInterval: 30 } },
  ),
  protections: [{ RecordName: "demo.multicloud.example.com.", RecordType: "A" }],
};

test.each(["addresses", "tree"] as const)("a zone as the topology asks for it, as %s, is settled: exit 0", (form) => {
  const file = snapshotFile(`${form}.json`, shipped(form));
  expect(diff("--snapshot", file)).toEqual({
    status: 0,
    stdout:
      "demo.multicloud.example.com in multicloud.example.com (Z0123456789EXAMPLE), as of 2026-11-22T12:00:00.000Z: nothing to change\n",
    stderr: "",
  });
  expect(diff("--snapshot", file, "--form", form).status).toBe(0);
  expect(diff("--snapshot", file, "--form", form === "tree" ? "addresses" : "tree").status).toBe(1);
});

test("what differs is told field by field, with what users wait for: exit 1", () => {
  const { status, stdout } = diff("--snapshot", snapshotFile("slow.json", SLOW));
  expect(status).toBe(1);
  expect(stdout)
    .toBe(`demo.multicloud.example.com in multicloud.example.com (Z0123456789EXAMPLE), as of 2026-11-22T12:00:00.000Z

health checks
  replace  gcp-europe-west1 (check-of-gcp-europe-west1): Route 53 changes none of these in a check that exists, so make another one
             RequestInterval: 30 -> 10

record sets
  update   A demo.multicloud.example.com aws-us-east-1
             TTL: 300 -> 60
  update   A demo.multicloud.example.com gcp-europe-west1
             HealthCheckId: "check-of-gcp-europe-west1" -> "ID-OF-THE-HEALTH-CHECK-FOR-gcp-europe-west1"

protected
  A demo.multicloud.example.com: the API refuses every change of it

when users follow
  Route 53's servers: when GetChange says INSYNC, usually within 60 s. From then on, at most:
  A demo.multicloud.example.com: 300 s more: caches hold the old answer by the old TTL; a lower one takes effect after that
  a new health check counts as healthy at first: a region that is down is noticed after 48 s at most

to do it
  aws route53 create-health-check --cli-input-json …   # each of \`npm run -s monitor -- render route53\`
  npm run -s monitor -- zone diff --batch --check-id gcp-europe-west1=ID > batch.json
  aws route53 change-resource-record-sets --hosted-zone-id Z0123456789EXAMPLE --change-batch file://batch.json
`);
});

test("--batch prints what the API takes, and says on stderr what no batch does", () => {
  const file = snapshotFile("batch.json", SLOW);
  const pending = diff("--snapshot", file, "--batch");
  expect(pending.status).toBe(1);
  expect(pending.stderr).toContain(
    "health checks have to be made first: gcp-europe-west1; then give their ids with --check-id REGION=ID",
  );
  expect(pending.stderr).toContain("protected, a change of it is refused: A demo.multicloud.example.com.");
  const { stdout, stderr } = diff("--snapshot", file, "--batch", "--check-id", "gcp-europe-west1=abc-def");
  expect(stderr).not.toContain("made first");
  const batch = JSON.parse(stdout) as { readonly Comment: string; readonly Changes: readonly unknown[] };
  expect(batch.Comment.length).toBeLessThanOrEqual(256);
  expect(batch.Changes).toMatchObject([
    { Action: "UPSERT", ResourceRecordSet: { SetIdentifier: "aws-us-east-1", TTL: 60 } },
    { Action: "UPSERT", ResourceRecordSet: { SetIdentifier: "gcp-europe-west1", HealthCheckId: "abc-def" } },
  ]);
});

test("--json gives one envelope with the whole plan", () => {
  const { status, stdout } = diff("--snapshot", snapshotFile("json.json", SLOW), "--json");
  expect(status).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    schemaVersion: 1,
    command: "zone diff",
    verdict: "deviates",
    data: {
      zone: { id: IDS.zoneId, pulledAt: "2026-11-22T12:00:00.000Z" },
      checks: [{ kind: "same" }, { kind: "replace" }],
      records: [{ kind: "update" }, { kind: "update" }],
      holds: [{ seconds: 300, because: "old-answer" }],
    },
  });
});

test("a check that could not be read leaves the rest undecided: exit 4", () => {
  const file = snapshotFile("unread.json", { ...ADDRESSES, healthChecks: [], notes: ["GetHealthCheck x: Throttling"] });
  const { status, stdout, stderr } = diff("--snapshot", file);
  expect({ status, stderr }).toEqual({ status: 4, stderr: "not read: GetHealthCheck x: Throttling\n" });
  expect(stdout).toContain("unread   aws-us-east-1: check-of-aws-us-east-1 could not be read, so it may be right");
});

describe("what cannot be read is exit 4", () => {
  test.each([
    { name: "no such file", text: null, words: "expected a snapshot: " },
    { name: "no JSON", text: "<html>", words: ":1:1: expected a hosted zone as JSON" },
    { name: "a change batch", text: '{"Changes": []}', words: "expected a route53-snapshot made by" },
    { name: "half a snapshot", text: '{"kind": "route53-snapshot"}', words: "schemaVersion: missing: expected 1" },
  ])("$name", ({ name, text, words }) => {
    const file = join(folder, `${name.replaceAll(" ", "-")}.txt`);
    if (text !== null) writeFileSync(file, text);
    const { status, stdout, stderr } = diff("--snapshot", file);
    expect({ status, stdout }).toEqual({ status: 4, stdout: "" });
    expect(stderr).toContain(words);
  });
});

describe("usage is exit 2", () => {
  test.each([
    { argv: ["--form", "cname"], words: '--form: expected addresses or tree, found "cname"' },
    { argv: ["--batch", "--json"], words: "expected --batch or --json, found both" },
    { argv: ["--snapshot", "x", "--zone", "y"], words: "found --snapshot and --zone" },
    { argv: ["--snapshot", "x", "--endpoint", "http://x"], words: "--endpoint: expected no --snapshot beside it" },
    { argv: ["--endpoint", "x"], words: '--endpoint: expected a URL, found "x"' },
    { argv: ["--check-id", "mars=1", "--snapshot", "x"], words: "expected a region of the topology" },
    { argv: ["--topology", "nowhere.yaml"], words: "nowhere.yaml: expected a topology file" },
    { argv: ["x"], words: "Unexpected argument" },
  ])("$argv: $words", ({ argv, words }) => {
    const { status, stdout, stderr } = diff(...argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(words);
  });

  test("--help is told on stdout", () => {
    expect(diff("--help")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^monitor zone diff /) as unknown,
    });
  });
});
