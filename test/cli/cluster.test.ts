// `monitor cluster` as people use it: the plan first, the file only with --yes, and nothing at all when it would be wrong.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { ROOT } from "../support/source-files.ts";

const folder = mkdtempSync(join(tmpdir(), "cluster-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "topology.yaml");
const SHIPPED = readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8");
const LATENCY = SHIPPED.replace(/routing: failover\n.*\n.*\n/, "routing: latency\n");
beforeEach(() => writeFileSync(file, SHIPPED));

function cluster(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["monitor/cli/main.ts", "cluster", ...argv, "--topology", file],
    { cwd: ROOT, encoding: "utf8" },
  );
  return { status, stdout, stderr, text: readFileSync(file, "utf8") };
}

const FACTS = [
  "--region",
  "sa-east-1",
  "--context",
  "aws-sa-east-1",
  "--url",
  "https://sae1.demo.multicloud.example.com",
];
const SAO_PAULO = ["add", "aws-sa-east-1", ...FACTS, "--address", "203.0.113.30", "--replicas", "2"];

describe("cluster add", () => {
  test("shows the plan and what follows, and writes nothing", () => {
    const { status, stdout, stderr, text } = cluster(...SAO_PAULO);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(text).toBe(SHIPPED);
    expect(stdout).toMatch(/^.*topology\.yaml:\d+\n\+\n\+ {3}- id: aws-sa-east-1\n/);
    expect(stdout).toContain("Nothing was written: add --yes to write it.");
    const order = [
      "kubefedctl join aws-sa-east-1 ",
      "render all --topology",
      "kubectl --context HOST apply",
      "monitor -- check",
    ];
    const places = order.map((command) => stdout.indexOf(command));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(stdout).toContain("only aws-us-east-1 and gcp-europe-west1 have records");
  });

  test("--yes writes it; remove --yes gives the original text back", () => {
    expect(cluster(...SAO_PAULO, "--yes").text).toContain("\n  - id: aws-sa-east-1\n");
    const { status, stdout, text } = cluster("remove", "aws-sa-east-1", "--yes");
    expect(status).toBe(0);
    expect(stdout).toContain("-   - id: aws-sa-east-1\n");
    expect(stdout.indexOf("apply -f manifests/kubefed-manifests.yaml")).toBeLessThan(
      stdout.indexOf("kubefedctl unjoin"),
    );
    expect(text).toBe(SHIPPED);
  });

  test("--json gives the edit and the steps in one envelope", () => {
    const { stdout } = cluster(...SAO_PAULO, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      command: "cluster add",
      verdict: "conforms",
      data: { written: false, change: "added", lines: expect.arrayContaining(["  - id: aws-sa-east-1"]) as unknown },
    });
  });

  test.each([
    {
      name: "an id that is taken",
      argv: ["add", "aws-us-east-1", ...FACTS, "--address", "203.0.113.30"],
      words: "a region id that no other",
    },
    {
      name: "a hidden address",
      argv: ["add", "x", ...FACTS, "--address", "10.0.0.1"],
      words: "private addresses are not",
    },
    { name: "no replicas", argv: [...SAO_PAULO.slice(0, -1), "0"], words: "a whole number from 1 to 1000 replicas" },
    {
      name: "a context that no cluster can be called by",
      argv: [...SAO_PAULO, "--context", "arn:aws:eks:sa-east-1:1:cluster/demo"],
      words: "kubectl config rename-context arn:aws:eks:sa-east-1:1:cluster/demo NAME",
    },
  ])("$name: nothing is written, exit 2", ({ argv, words }) => {
    const { status, stdout, stderr, text } = cluster(...argv, "--yes");
    expect({ status, stdout, text }).toEqual({ status: 2, stdout: "", text: SHIPPED });
    expect(stderr).toContain("Nothing was written");
    expect(stderr).toContain(words);
  });

  test("under latency routing it asks for the AWS region, and for the record set afterwards", () => {
    writeFileSync(file, LATENCY);
    expect(cluster(...SAO_PAULO, "--yes")).toMatchObject({ status: 2, text: LATENCY });
    const { status, stdout } = cluster(...SAO_PAULO, "--aws-region", "sa-east-1");
    expect(status).toBe(0);
    expect(stdout).toContain("make the record set of aws-sa-east-1 in Route 53");
  });
});

describe("cluster remove", () => {
  test.each([
    { id: "aws-us-east-1", role: "primary" },
    { id: "gcp-europe-west1", role: "secondary" },
  ])("of the failover $role is refused with what to do first", ({ id, role }) => {
    const alone = cluster("remove", id, "--yes");
    expect(alone).toMatchObject({ status: 2, stdout: "", text: SHIPPED });
    expect(alone.stderr).toContain(
      `${id} is the failover ${role}: first give dns.policy.${role} to another region (add another`,
    );
    cluster(...SAO_PAULO, "--yes");
    expect(cluster("remove", id, "--yes").stderr).toContain("to another region (one of aws-sa-east-1)");
  });

  test("of an unknown region names the known ones", () => {
    const { status, stderr } = cluster("remove", "mars", "--yes");
    expect(status).toBe(2);
    expect(stderr).toContain('expected a region of the topology (aws-us-east-1, gcp-europe-west1), found "mars"');
  });

  test("under latency routing any region may go, but not the last one", () => {
    writeFileSync(file, LATENCY);
    expect(cluster("remove", "aws-us-east-1", "--yes").status).toBe(0);
    const last = cluster("remove", "gcp-europe-west1", "--yes");
    expect(last.status).toBe(2);
    expect(last.stderr).toContain("regions");
    expect(last.text).toContain("gcp-europe-west1");
  });
});

describe("usage", () => {
  test("--help is told on stdout, exit 0", () => {
    expect(cluster("--help")).toMatchObject({
      status: 0,
      stderr: "",
      stdout: expect.stringMatching(/^monitor cluster /) as unknown,
    });
  });

  test.each([
    { argv: [], words: 'expected "cluster add ID" or "cluster remove ID"' },
    { argv: ["rename", "x"], words: 'found "cluster rename x"' },
    { argv: ["add"], words: 'found "cluster add"' },
    { argv: ["add", "x"], words: "expected --region" },
    { argv: ["add", "x", "--region", "r", "--context", "c", "--url", "u"], words: "expected --address" },
    { argv: [...SAO_PAULO, "--replicas", "two"], words: '--replicas: expected a whole number, found "two"' },
    { argv: ["remove", "x", "--region", "r"], words: '--region: expected with "cluster add" only' },
  ])("$argv is refused on stderr with exit 2: $words", ({ argv, words }) => {
    const { status, stdout, stderr } = cluster(...argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(words);
  });
});
