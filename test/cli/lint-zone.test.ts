// `monitor lint` on a hosted zone, as scripts see it: read by the API, from Terraform, or from a file that is none.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import {
  errorXml,
  type Route53Server,
  startRoute53Server,
  type WrittenAnswer,
  xml,
} from "../support/route53-server.ts";
import { checkXml, recordsXml, recordXml, zonesXml, zoneXml } from "../support/route53-zone-xml.ts";
import { ROOT } from "../support/source-files.ts";
import { state } from "../support/terraform-show.ts";

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIDEXAMPLE", AWS_SECRET_ACCESS_KEY: "not-a-secret" };

function run(cwd: string, command: string, argv: readonly string[]): Promise<Ended> {
  const entry = join(ROOT, "monitor/cli/main.ts");
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--no-warnings", entry, command, ...argv],
      { cwd, env: { ...process.env, ...CREDENTIALS } },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

function folder(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), "monitor-lint-zone-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(dir, path), text);
  return dir;
}

/** Two weighted records, the first with a check that resolves their own name. */
function smallZone(request: string): WrittenAnswer {
  if (request.includes("/hostedzonesbyname")) return zonesXml(zoneXml("Z1", "public"));
  if (request.includes("/rrset")) return recordsXml(`${recordXml("a", "own")}${recordXml("b", "gone")}`, "");
  const named =
    "<Port>443</Port><Type>HTTPS</Type><FullyQualifiedDomainName>demo.multicloud.example.com</FullyQualifiedDomainName>";
  if (request.endsWith("/healthcheck/own")) return checkXml("own", named);
  if (request.includes("/healthcheck/"))
    return errorXml("NoSuchHealthCheck", "No health check exists with the specified ID.", 404);
  if (request.includes("protection"))
    return xml("ListResourceRecordSetProtectionsResponse", "<ResourceRecordSetProtections/>");
  return xml("GetHostedZoneResponse", `${zoneXml("Z1", "public")}<DelegationSet><NameServers/></DelegationSet>`);
}

let server: Route53Server | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

describe("a zone read by the API", () => {
  test("has its findings at the lines of the snapshot that a pull writes", async () => {
    server = await startRoute53Server(smallZone);
    const ask = ["--zone", "multicloud.example.com", "--endpoint", server.url];
    const dir = folder({});
    const { code, stdout } = await run(dir, "lint", [...ask, "--json"]);
    const {
      findings,
      data,
    }: { findings: readonly { id: string; place: { file: string; line: number } }[]; data: object } =
      JSON.parse(stdout);
    expect([code, data]).toEqual([1, { files: ["route53:multicloud.example.com"] }]);
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(["R53-SELF-REF", "R53-HC-DELETED"]));
    const { stdout: pulled } = await run(dir, "zone", ["pull", ...ask]);
    const deleted = findings.find(({ id }) => id === "R53-HC-DELETED");
    expect(
      pulled
        .split("\n")
        .slice(deleted?.place.line, (deleted?.place.line ?? 0) + 4)
        .join("\n"),
    ).toContain('"SetIdentifier": "b"');
    expect(server.asked.every((line) => line.startsWith("GET "))).toBe(true);
  });

  test.each([
    ["may not be read", errorXml("AccessDenied", "not authorized", 403), /AccessDenied.*not authorized/],
    [
      "is answered by something else",
      { status: 200, type: "text/html", body: "<html>Sign in</html>" },
      /not one of AWS's/,
    ],
  ] as const)("that %s is undecided, with what came back", async (_, answer, sentence) => {
    server = await startRoute53Server(() => answer);
    const ended = await run(folder({}), "lint", ["--zone-id", "Z1", "--endpoint", server.url]);
    expect([ended.code, ended.stdout]).toEqual([4, ""]);
    expect(ended.stderr).toMatch(sentence);
  });

  test.each([
    ["two of them", ["--zone", "a", "--zone-id", "b"], "--zone-id: expected no --zone beside it"],
    ["none, asked for health", ["--observations"], "expected --zone NAME or --zone-id ID"],
  ])("is one: %s", async (_, argv, sentence) => {
    const ended = await run(folder({}), "lint", argv);
    expect([ended.code, ended.stderr.startsWith(sentence)]).toEqual([2, true]);
  });
});

const PAIR = state({
  resources: ["PRIMARY", "SECONDARY"].map((role) => ({
    type: "aws_route53_record",
    name: role.toLowerCase(),
    values: {
      name: "demo.example.com",
      type: "A",
      zone_id: "Z1",
      ttl: 300,
      set_identifier: role,
      records: ["192.0.2.10"],
      failover_routing_policy: [{ type: role }],
      health_check_id: "h",
    },
  })),
});

describe("what Terraform shows", () => {
  test("is linted, in every face", async () => {
    const dir = folder({ "plan.json": PAIR });
    const [text, sarif, junit] = await Promise.all(
      ["text", "sarif", "junit"].map((format) => run(dir, "lint", ["plan.json", "--format", format])),
    );
    expect([text?.code, sarif?.code, junit?.code]).toEqual([1, 1, 1]);
    expect(text?.stdout).toContain("error    R53-SHARED-HC  A demo.example.com SECONDARY");
    expect(JSON.parse(sarif?.stdout ?? "")).toMatchObject({
      runs: [{ results: expect.arrayContaining([expect.objectContaining({ ruleId: "R53-SHARED-HC" })]) }],
    });
    expect(junit?.stdout).toContain("R53-SHARED-HC");
  });

  test("is asked and proven like any other zone", async () => {
    const dir = folder({ "plan.json": PAIR });
    const answer = await run(dir, "policy", ["answer", "--zone", "plan.json", "--down", "h"]);
    expect(answer.stdout).toContain("192.0.2.10");
    const proof = await run(dir, "policy", ["prove", "--zone", "plan.json"]);
    expect(proof.code).toBe(0);
    expect(proof.stdout).toContain("demo.example.com A");
  });

  test("of several zones asks which one", async () => {
    const record = (zone_id: string) => ({
      type: "aws_route53_record",
      name: zone_id,
      values: { name: `demo.${zone_id}.example`, type: "A", zone_id, ttl: 60, records: ["192.0.2.10"] },
    });
    const dir = folder({ "state.json": state({ resources: [record("Z1"), record("Z2")] }) });
    const asked = await run(dir, "policy", ["answer", "--zone", "state.json", "--name", "demo.z2.example"]);
    expect([asked.code, asked.stderr]).toEqual([
      2,
      expect.stringContaining("expected one hosted zone, found Z1, Z2: choose by --zone-id"),
    ]);
    const chosen = await run(dir, "policy", [
      "answer",
      "--zone",
      "state.json",
      "--zone-id",
      "Z2",
      "--name",
      "demo.z2.example",
    ]);
    expect([chosen.code, chosen.stdout.includes("192.0.2.10")]).toEqual([0, true]);
  });
});

describe("a file that no rule is about", () => {
  test.each([
    ["package.json", '{\n  "name": "x",\n  "version": "1"\n}', "found the keys name, version"],
    ["values.yaml", "replicas: 2\n", "found the keys replicas"],
    [
      "terraform.tfstate",
      '{"version":4,"terraform_version":"1.9.5","serial":3,"resources":[]}',
      "give what `terraform show -json` prints",
    ],
    ["list.json", "[]", "found something else"],
    ["plan.json", "\n", "found nothing"],
  ])("is refused where it is named: %s", async (file, text, found) => {
    const { code, stderr } = await run(folder({ [file]: text }), "lint", [file]);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file}:1:1: expected a Kubernetes object`);
    expect(stderr).toContain(found);
  });

  test("is left out of a folder", async () => {
    const dir = folder({ "package.json": '{"name":"x"}', "plan.json": PAIR });
    const { stdout } = await run(dir, "lint", [".", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ data: { files: ["plan.json"] } });
  });
});
