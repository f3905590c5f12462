// The policy commands as scripts and people see them: exit codes, whole transcripts, and each way to say who asks of which zone.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/source-files.ts";
import { policy } from "./policy-run.ts";

const ZONES = join(ROOT, "test/cli/policy-zones");
const TREE = ["--zone", `${ZONES}/two-level-tree.json`, "--zone", `${ZONES}/health-checks.json`];
const STUBBORN = ["--zone", `${ZONES}/stubborn-branch.json`, "--zone", `${ZONES}/health-checks.json`];
const EVERY = ["--zone", `${ZONES}/every-policy.json`];
const GCP = "11111111-aaaa-4bbb-8ccc-000000000002";

const folder = mkdtempSync(join(tmpdir(), "policy-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}

describe("answer", () => {
  test.each([
    { name: "geo", asker: "--country BE", words: "EU-BE  192.0.2.1 (TTL 60 s)  be (country BE), which is healthy" },
    { name: "geo", asker: "--country DE", words: "EU-DE  192.0.2.2 (TTL 60 s)  eu (continent EU), which is healthy" },
    { name: "geo", asker: "--country US --subdivision CA", words: "NA-US-CA  192.0.2.3 " },
    { name: "geo", asker: "--country JP", words: "AS-JP  192.0.2.4 (TTL 60 s)  rest (default), which is healthy" },
    {
      name: "geo",
      asker: "--country BE --down be",
      words: "192.0.2.2 (TTL 60 s)  eu (continent EU), which is healthy (be",
    },
    { name: "near", asker: "--latitude 48.8 --longitude 2.3", words: "48.8, 2.3  192.0.2.11 " },
    { name: "near", asker: "--latitude -33 --longitude 151", words: "-33, 151  192.0.2.12 " },
    { name: "net", asker: "--ip 10.1.2.3", words: "10.1.2.3  192.0.2.21 " },
    { name: "net", asker: "--ip 203.0.113.0/24", words: "203.0.113.0/24  192.0.2.22 " },
    { name: "many", asker: "--down a", words: "anyone  192.0.2.32, 192.0.2.33 (TTL 60 s)  b, c, which are healthy" },
    { name: "fast", asker: "--aws-region-order eu-west-3,us-east-1", words: "eu-west-3 < us-east-1  192.0.2.42 " },
    { name: "split", asker: "--down be", words: "192.0.2.52 (TTL 60 s)  new (weight 0 of 3), which is healthy" },
    { name: "pair", asker: "", words: "anyone  192.0.2.61 (TTL 60 s)  the primary first, which is healthy" },
    { name: "plain", asker: "", words: "anyone  192.0.2.71 (TTL 300 s)  the only record" },
  ])("$name $asker: $words", async ({ name, asker, words }) => {
    const done = await policy(
      "answer",
      ...EVERY,
      "--name",
      `${name}.example.com`,
      ...asker.split(" ").filter((word) => word !== ""),
    );
    expect(done.status).toBe(0);
    expect(done.stdout).toContain(words);
  });

  test("a load balancer goes down by its name", async () => {
    const name = "dualstack.demo-1234567890.us-east-1.elb.amazonaws.com";
    const done = await policy("answer", ...TREE, "--down", name, "--aws-region-order", "us-east-1,eu-west-3");
    expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining("  198.51.100.20 (TTL 60 s)") });
  });

  test("several answers are legal for anyone where latencies are not known, exit 4", async () => {
    expect((await policy("answer", ...EVERY, "--name", "fast.example.com")).status).toBe(4);
  });

  test("a calculated check fails with a child, and by its own name", async () => {
    for (const id of ["be", "eu", "both"])
      expect(await policy("answer", ...EVERY, "--name", "pair.example.com", "--down", id)).toMatchObject({ status: 1 });
  });

  test("checks that were made just now are healthy, and it is said", async () => {
    const done = await policy("answer", "--from", "weur", "--health", "new");
    expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining("weur  192.0.2.10") });
    expect(done.stderr).toBe("note: health of checks that were made just now, before any data\n");
  });

  test("health comes from the snapshot, and it is said how", async () => {
    const done = await policy("answer", ...EVERY, "--name", "fast.example.com", "--health", "snapshot");
    expect(done.stdout).toContain(
      "anyone  192.0.2.42 (TTL 60 s)  eu (eu-west-3), which is healthy (us (us-east-1) unhealthy)",
    );
    expect(done.stderr).toBe(
      "note: not read into the snapshot: observations of rest: throttled\n" +
        "note: health of 2026-11-22T12:00:00.000Z: 2 from CloudWatch; 1 from the checkers' latest looks by the 18 % rule," +
        " which may be ahead of Route 53; 1 unknown (rest)\n",
    );
  });

  test("the topology's vantage keeps what the flags do not say", async () => {
    expect((await policy("answer", "--from", "weur", "--ip", "203.0.113.0/24")).stdout).toContain(
      "weur, 203.0.113.0/24  ",
    );
  });
});

describe("explain", () => {
  test("walks the tree, marks the way, and says what the other way would do", async () => {
    const done = await policy("explain", ...STUBBORN, "--aws-region-order", "us-east-1,eu-west-3", "--down", GCP);
    expect(done).toEqual({
      status: 0,
      stderr: "",
      stdout: `demo.multicloud.example.com A, asked by us-east-1 < eu-west-3

demo.multicloud.example.com: latency, healthy
  -> us (us-east-1): healthy, answers (no health check; alias target
       aws-us-east-1.demo.multicloud.example.com is healthy)
     to aws-us-east-1.demo.multicloud.example.com: simple, healthy
       -> the only record dualstack.demo-1234567890.us-east-1.elb.amazonaws.com: healthy, answers
            (no health check; alias target dualstack.demo-1234567890.us-east-1.elb.amazonaws.com is
            healthy)
  -  eu (eu-west-3): healthy, not needed (no health check; the target's health is not evaluated)
     to gcp-europe-west1.demo.multicloud.example.com: weighted, unhealthy, would fail open
       .  gcp-europe-west1-lb (weight 1 of 1) 198.51.100.20: unhealthy, would answer though
            unhealthy (health check 11111111-aaaa-4bbb-8ccc-000000000002 is unhealthy: at most 18 %
            of its checkers say healthy)

answer: dualstack.demo-1234567890.us-east-1.elb.amazonaws.com (TTL 60 s)
why:    us (us-east-1), which is healthy; the only record: simple routing answers whatever the
        health
`,
    });
  });

  test("no line is wider than a hundred columns, whatever the policy", async () => {
    for (const name of ["geo", "near", "net", "many", "fast", "split", "pair", "plain"]) {
      const { stdout } = await policy("explain", ...EVERY, "--name", `${name}.example.com`, "--down", "be");
      expect(stdout.split("\n").filter((line) => line.length > 100)).toEqual([]);
      expect(stdout).toContain("\nanswer: ");
    }
  });

  test("fail-open stands out, exit 1", async () => {
    const done = await policy("explain", "--from", "weur", "--down", "aws-us-east-1,gcp-europe-west1");
    expect(done.status).toBe(1);
    expect(done.stdout).toContain(
      "demo.multicloud.example.com: failover, unhealthy, FAILS OPEN\n  !> the primary aws-us-east-1",
    );
  });

  test("--json has the tree", async () => {
    const { stdout } = await policy("explain", "--json", "--down", "aws-us-east-1");
    const { command, data } = JSON.parse(stdout) as { command: string; data: { explanations: readonly unknown[] } };
    expect(command).toBe("policy explain");
    expect(data.explanations).toEqual([
      expect.objectContaining({
        askers: ["enam", "wnam", "weur", "apac-se", "oc"],
        exact: true,
        group: expect.objectContaining({ policy: "failover", failOpen: "no" }),
      }),
    ]);
  });
});

describe("what-if", () => {
  test("tells a failover and the time it takes, exit 0", async () => {
    expect(await policy("what-if", ...TREE, "--down", "eu")).toEqual({
      status: 0,
      stderr: "",
      stdout: `demo.multicloud.example.com: what if eu is down

  users nearest to eu-west-3:
       198.51.100.20 (eu/gcp-europe-west1-lb)
    -> dualstack.demo-1234567890.us-east-1.elb.amazonaws.com (us)
  users nearest to us-east-1: dualstack.demo-1234567890.us-east-1.elb.amazonaws.com (us), as before

Users have followed, counted from the failure
  detection        20 s to 48 s  (3 − 1) × 10 s to 3 × (10 s + 6 s)
  propagation      1 m           of the health to Route 53's name servers: a setting
  name servers by  1 m 48 s      3 × (10 s + 6 s) detection + 1 m propagation
  caches by        2 m 58 s      3 × (10 s + 6 s) detection + 1 m propagation + 60 s TTL + 10 s slack
`,
    });
  });

  test("calls users stranded who stay on something dead, exit 1", async () => {
    const done = await policy("what-if", ...STUBBORN, "--down", GCP, "--aws-region-order", "eu-west-3,us-east-1");
    expect(done.status).toBe(1);
    expect(done.stdout).toContain(
      "STRANDED: eu/gcp-europe-west1-lb is answered though dead, while something else lives",
    );
    expect(done.stdout).toContain("Nobody's answer changes.");
  });

  test.each([
    {
      argv: ["--down", "aws-us-east-1"],
      status: 0,
      words: "192.0.2.10 (aws-us-east-1) -> 198.51.100.20 (gcp-europe-west1)",
    },
    { argv: ["--down", "gcp-europe-west1"], status: 0, words: "192.0.2.10 (aws-us-east-1), as before" },
    {
      argv: ["--down", "aws-us-east-1", "--down", "gcp-europe-west1"],
      status: 1,
      words: "FAIL-OPEN: the primary aws-us-east-1",
    },
    { argv: ["--down", "aws-us-east-1", "--unknown", "gcp-europe-west1"], status: 4, words: "FAIL-OPEN: " },
    {
      argv: ["--down", "aws-us-east-1", "--propagation", "5", "--slack", "0"],
      status: 0,
      words: "caches by        1 m 53 s",
    },
  ])("$argv ends with $status and says: $words", async ({ argv, status, words }) => {
    const done = await policy("what-if", ...argv);
    expect(done.stdout).toContain(words);
    expect(done.status).toBe(status);
  });

  test("times are not known where the files hold no settings, or a load balancer decides", async () => {
    const bare = await policy("what-if", "--zone", `${ZONES}/two-level-tree.json`, "--down", GCP);
    expect(bare.stdout).toContain("detection        not known  its settings are in no file\n");
    expect(bare.stderr).toContain("no file holds health checks");
    expect((await policy("what-if", ...TREE, "--down", "us")).stdout).toContain(
      "not known  the load balancer's own health checks decide",
    );
  });
});

describe("prove", () => {
  test("a sound tree is proven, exit 0", async () => {
    expect(await policy("prove", ...TREE)).toEqual({
      status: 0,
      stderr: "",
      stdout: `demo.multicloud.example.com A
  2 leaves, 2 health checks: 4 states × 2 askers

PROVEN   no-stranding
         in none of 4 states × 2 askers is something dead answered while something lives
PROVEN   always-answers
         in none of 4 states × 2 askers is there no answer
PROVEN   fail-open-only-when-all-down
         in none of 4 states × 2 askers does it fail open while something lives
         it fails open when all are down: 11111111-aaaa-4bbb-8ccc-000000000002
           (eu/gcp-europe-west1-lb) + dualstack.demo-1234567890.us-east-1.elb.amazonaws.com (us)
PROVEN   every-leaf-is-watched
         a health check can tell of each leaf that it is dead
`,
    });
  });

  test.each([
    { argv: STUBBORN, status: 1 },
    { argv: [...STUBBORN, "--property", "always-answers"], status: 0 },
    { argv: [...STUBBORN, "--property", "always-answers", "--property", "no-stranding"], status: 1 },
    { argv: [...EVERY, "--name", "plain.example.com"], status: 0 },
    { argv: [...EVERY, "--name", "plain.example.com", "--property", "every-leaf-is-watched"], status: 1 },
    { argv: [], status: 0 },
  ])("$argv ends with $status", async ({ argv, status }) => {
    expect((await policy("prove", ...argv)).status).toBe(status);
  });

  test("what can only be looked at in part ends with 4", async () => {
    const names = Array.from({ length: 24 }, (_, index) => `c${index}`);
    const record = (id: string, role: string, rest: object): object => ({
      Name: "www.example.com.",
      Type: "A",
      SetIdentifier: id,
      Failover: role,
      ...rest,
    });
    const values = (value: string, check: string): object => ({
      TTL: 60,
      ResourceRecords: [{ Value: value }],
      HealthCheckId: check,
    });
    const target = { HostedZoneId: "ZOWN", DNSName: "in.example.com.", EvaluateTargetHealth: false };
    const inner = { Name: "in.example.com.", Type: "A", SetIdentifier: "a", Weight: 1, ...values("192.0.2.1", "sum") };
    const sets = [
      record("p", "PRIMARY", { AliasTarget: target }),
      record("s", "SECONDARY", values("192.0.2.2", "c0")),
      inner,
    ];
    const endpoint = { Type: "TCP", IPAddress: "192.0.2.9", Port: 443 };
    const sum = { Type: "CALCULATED", ChildHealthChecks: names, HealthThreshold: 12 };
    const zone = fileOf("sets.json", { ResourceRecordSets: sets });
    const checks = fileOf("checks.json", {
      HealthChecks: [
        ...names.map((Id) => ({ Id, HealthCheckConfig: endpoint })),
        { Id: "sum", HealthCheckConfig: sum },
      ],
    });
    const done = await policy("prove", "--zone", zone, "--zone", checks);
    expect(done.status).toBe(4);
    expect(done.stdout).toContain("bounded: only states with at most 4 failures were looked at\n");
    expect(done.stdout).toContain("OPEN     no-stranding\n         in none of 12,951 states × 1 asker ");
  });

  test("--json has every cut with its rule", async () => {
    const { stdout } = await policy("prove", "--json", ...STUBBORN);
    expect(JSON.parse(stdout)).toMatchObject({
      command: "policy prove",
      verdict: "deviates",
      data: {
        proofs: [
          {
            states: { count: 4, failuresMax: null },
            properties: [
              {
                property: "no-stranding",
                outcome: "failed",
                cuts: [
                  {
                    down: [GCP],
                    askers: ["nearest to eu-west-3"],
                    answered: ["eu/gcp-europe-west1-lb"],
                    rule: "alias `eu` keeps its branch because target health is not evaluated",
                  },
                ],
              },
              { property: "always-answers", outcome: "proven" },
              { property: "fail-open-only-when-all-down", outcome: "failed" },
              { property: "every-leaf-is-watched", outcome: "proven" },
            ],
          },
        ],
      },
    });
  });
});

describe("wrong usage", () => {
  const noZone = fileOf("text.json", "hello");
  const noRecords = fileOf("none.json", { HealthChecks: [] });
  test.each([
    {
      argv: [],
      words:
        'expected "policy answer", "policy explain", "policy what-if", "policy prove", "policy replay", found "policy "',
    },
    { argv: ["answer", "--down", "aws-us-east-2"], words: 'found "aws-us-east-2", did you mean "aws-us-east-1"?' },
    {
      argv: ["answer", "--from", "wuer"],
      words: '--from: expected a vantage of the topology (enam, wnam, weur, apac-se, oc), found "wuer"',
    },
    {
      argv: ["answer", ...EVERY],
      words: "--name: expected one of the names that the zone routes: geo.example.com, near.example.com",
    },
    {
      argv: ["answer", ...EVERY, "--name", "geo.example.com", "--from", "weur"],
      words: '--from: expected no vantage beside --zone, found "weur"',
    },
    { argv: ["answer", ...EVERY, "--topology", "x"], words: "expected --topology or --zone, found both" },
    {
      argv: ["answer", ...EVERY, "--name", "pair.example.com", "--down", "drill"],
      words: "health check drill is disabled, so it is unhealthy whatever happens",
    },
    { argv: ["answer", ...EVERY, "--name", "pair.example.com", "--down", "bth"], words: 'did you mean "both"?' },
    {
      argv: ["answer", "--health", "snapshot"],
      words: "--health snapshot: expected a snapshot among the --zone files, found none",
    },
    { argv: ["answer", "--health", "mine"], words: '--health: expected snapshot or new, found "mine"' },
    { argv: ["answer", "--health", "all healthy "], words: '--health: expected snapshot or new, found "all healthy "' },
    {
      argv: ["answer", "--ip", "10.0.0"],
      words: '--ip: expected an address or a network such as 203.0.113.0/24, found "10.0.0"',
    },
    {
      argv: ["answer", "--country", "Belgium"],
      words: '--country: expected a code of two letters such as BE, found "Belgium"',
    },
    {
      argv: ["answer", "--country", "ZZ"],
      words: "--country: expected --continent beside ZZ, which is not known here",
    },
    { argv: ["answer", "--subdivision", "CA"], words: "--subdivision: expected --country beside it, found none" },
    {
      argv: ["answer", "--latitude", "91", "--longitude", "0"],
      words: '--latitude: expected degrees from -90 to 90, found "91"',
    },
    { argv: ["answer", "--latitude", "50"], words: '--longitude: expected degrees from -180 to 180, found ""' },
    {
      argv: ["answer", "--aws-region-order", "EU"],
      words: "--aws-region-order: expected AWS regions such as us-east-1,eu-west-3",
    },
    { argv: ["answer", "--zone", noZone], words: "text.json:1:1: expected a hosted zone as JSON" },
    { argv: ["answer", "--zone", noRecords], words: "--zone: expected record sets in" },
    { argv: ["answer", "--zone", "nowhere.json"], words: "nowhere.json: expected a hosted zone's file" },
    { argv: ["answer", ...EVERY, ...EVERY], words: "--zone: expected one snapshot, found 2" },
    { argv: ["answer", "--slack", "1"], words: "expected no --slack with policy answer" },
    { argv: ["what-if"], words: "what-if: expected --down ID, found none" },
    { argv: ["what-if", "--down", "aws-us-east-1", "--slack", "1m"], words: '--slack: expected seconds, found "1m"' },
    { argv: ["prove", "--down", "aws-us-east-1"], words: "expected no --down with policy prove" },
    { argv: ["prove", "--property", "no-strandng"], words: 'found "no-strandng", did you mean "no-stranding"?' },
    { argv: ["prove", "--name", "none.example.com"], words: "--name: the zone has no A record none.example.com" },
  ])("$argv is refused with exit 2: $words", async ({ argv, words }) => {
    const { status, stdout, stderr } = await policy(...argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(words);
  });
});
