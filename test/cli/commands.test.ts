// The command line as scripts see it: exit codes, what goes to stdout and to stderr, and the one JSON envelope.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/source-files.ts";

const folder = mkdtempSync(join(tmpdir(), "cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const broken = join(folder, "broken.yaml");
writeFileSync(broken, "service: { name: 7 }\nregions: []\n");

function monitor(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["monitor/cli/main.ts", ...argv], {
    cwd: ROOT,
    encoding: "utf8",
    env: { ...process.env, AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "not-a-secret" },
  });
  return { status, stdout, stderr };
}

describe("usage", () => {
  test.each([
    ["--help"],
    ["up", "--help"],
    ["gate", "--help"],
    ["check", "--help"],
    ["probe", "--help"],
    ["policy", "--help"],
    ["doctor", "--help"],
  ])("%s %s is told on stdout, exit 0", (...argv) => {
    const { status, stdout, stderr } = monitor(...argv);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^monitor /);
  });

  test.each([
    { argv: [], words: "expected a command" },
    { argv: ["frobnicate"], words: 'expected a command, found "frobnicate"' },
    { argv: ["toString"], words: 'expected a command, found "toString"' },
    {
      argv: ["policy", "guess"],
      words:
        'expected "policy answer", "policy explain", "policy what-if", "policy prove", "policy replay", found "policy guess"',
    },
    {
      argv: ["policy", "answer", "--down", "mars"],
      words: 'expected a region of the topology (aws-us-east-1, gcp-europe-west1), found "mars"',
    },
    { argv: ["policy", "answer", "--from", "mars"], words: "--from: expected a vantage of the topology" },
    { argv: ["policy", "answer", "--type", "MX"], words: '--type: expected A or AAAA, found "MX"' },
    { argv: ["policy", "answer", "--frob"], words: "--frob" },
    { argv: ["check", "--rounds", "0"], words: '--rounds: expected a whole number from 1 to 100, found "0"' },
    { argv: ["check", "--as", "mars"], words: "--as: expected a vantage of the topology" },
    { argv: ["check", "--topology", "nowhere.yaml"], words: "nowhere.yaml: expected a topology file" },
  ])("$argv is refused on stderr with exit 2: $words", ({ argv, words }) => {
    const { status, stdout, stderr } = monitor(...argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(words);
  });

  test.each(["check", "policy"])(
    "a broken topology gives %s all its problems, each with file, line and column",
    (command) => {
      const { status, stderr } = monitor(
        ...(command === "policy" ? ["policy", "answer"] : [command]),
        "--topology",
        broken,
      );
      expect(status).toBe(2);
      expect(stderr.split("\n").filter((line) => line.startsWith(`${broken}:`)).length).toBeGreaterThan(2);
      expect(stderr).toMatch(/broken\.yaml:1:18: service\.name: /);
    },
  );
});

describe("policy answer", () => {
  test.each([
    { argv: [], status: 0, words: "192.0.2.10 (TTL 60 s)  the primary aws-us-east-1, which is healthy" },
    {
      argv: ["--down", "aws-us-east-1"],
      status: 0,
      words:
        "198.51.100.20 (TTL 60 s)  the secondary gcp-europe-west1, which is healthy (the primary aws-us-east-1 unhealthy)",
    },
    {
      argv: ["--down", "aws-us-east-1", "--down", "gcp-europe-west1"],
      status: 1,
      words: "because nothing is healthy and Route 53 then treats all as healthy",
    },
    { argv: ["--unknown", "aws-us-east-1"], status: 4, words: "192.0.2.10 (TTL 60 s) or 198.51.100.20 (TTL 60 s)" },
    { argv: ["--name", "other.example.com"], status: 1, words: "no answer" },
  ])("$argv ends with $status and says: $words", ({ argv, status, words }) => {
    const done = monitor("policy", "answer", "--from", "weur", ...argv);
    expect(done.status).toBe(status);
    expect(done.stdout).toContain(words);
  });

  test("gives the envelope as one line of JSON", () => {
    const { stdout } = monitor("policy", "answer", "--json", "--down", "aws-us-east-1");
    expect(stdout.trimEnd().split("\n")).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: "policy answer",
      verdict: "conforms",
      findings: [],
      data: {
        name: "demo.multicloud.example.com",
        answers: expect.arrayContaining([
          expect.objectContaining({
            vantage: "enam",
            expected: expect.objectContaining({ values: ["198.51.100.20"] }),
          }),
        ]),
      },
    });
  });
});

describe("--json gives one envelope also where the world cannot be asked", () => {
  const NOBODY = "http://127.0.0.1:9";
  test.each([
    ["report", "--url", NOBODY],
    ["slo", "--url", NOBODY],
    ["lint", "--zone-id", "Z1", "--endpoint", NOBODY],
    ["zone", "diff", "--zone-id", "Z1", "--endpoint", NOBODY],
    ["zone", "compare", "--url", NOBODY, "--zone-id", "Z1", "--endpoint", NOBODY],
  ])("%s %s", (...argv) => {
    const { status, stdout, stderr } = monitor(...argv, "--json");
    expect(status).toBe(4);
    const told = stderr.split("\n").filter((line) => line !== "" && !line.endsWith("; trying again"));
    expect(told).not.toEqual([]);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      command: argv[0] === "zone" ? argv.slice(0, 2).join(" ") : argv[0],
      at: expect.any(String),
      verdict: "undecided",
      data: { error: told.join("\n") },
      findings: [],
    });
  });
});

test("the rules of lint are one envelope as well", () => {
  const { status, stdout } = monitor("lint", "--rules", "--json");
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    command: "lint",
    data: { rules: expect.arrayContaining([expect.objectContaining({ id: "R53-TTL-HIGH", severity: "warning" })]) },
  });
});
