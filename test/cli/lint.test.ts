import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { edited, MANIFESTS, TOPOLOGY } from "../monitor/lint/manifests.ts";

const ENTRY = join(import.meta.dirname, "../../monitor/cli/main.ts");
const WRONG_IMAGE = edited(MANIFESTS, [["              image: demo:1", "              image: demo:2"]]);
const NO_REQUESTS = edited(MANIFESTS, [["{ cpu: 50m, memory: 64Mi }", "{ cpu: 50m }"]]);

function folder(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), "monitor-lint-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function lint(cwd: string, argv: readonly string[], stdin = ""): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ["--no-warnings", ENTRY, "lint", ...argv],
      { cwd },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
    child.stdin?.end(stdin);
  });
}

describe("exit codes", () => {
  test.each([
    { name: "no findings", manifests: MANIFESTS, argv: [], code: 0 },
    { name: "an error", manifests: WRONG_IMAGE, argv: [], code: 1 },
    { name: "a warning", manifests: NO_REQUESTS, argv: [], code: 0 },
    { name: "a warning that counts", manifests: NO_REQUESTS, argv: ["--strict"], code: 1 },
    { name: "no YAML", manifests: "a: [", argv: [], code: 1 },
    { name: "a source that is not there", manifests: MANIFESTS, argv: ["nowhere.yaml"], code: 2 },
    { name: "a format that there is not", manifests: MANIFESTS, argv: ["--format", "xml"], code: 2 },
    { name: "two formats", manifests: MANIFESTS, argv: ["--json", "--format", "sarif"], code: 2 },
    { name: "an option that there is not", manifests: MANIFESTS, argv: ["--fix"], code: 2 },
    { name: "help", manifests: MANIFESTS, argv: ["--help"], code: 0 },
  ])("$name: $code", async ({ manifests, argv, code }) => {
    const dir = folder({ "topology.yaml": TOPOLOGY, "manifests.yaml": manifests });
    const ended = await lint(dir, ["topology.yaml", "manifests.yaml", ...argv]);
    expect([ended.code, ended.stderr === ""]).toEqual([code, code !== 2]);
  });
});

describe("sources", () => {
  test("are the topology and KubeFed's manifests where none is named", async () => {
    const dir = folder({ "manifests/topology.yaml": TOPOLOGY, "manifests/kubefed-manifests.yaml": WRONG_IMAGE });
    const { code, stdout } = await lint(dir, []);
    expect([code, stdout.includes("TOPO-IMAGE-DIFFERS")]).toEqual([1, true]);
    expect((await lint(folder({}), [])).code).toBe(2);
  });

  test("may be a folder, whose YAML files are all looked at, and the others not", async () => {
    const dir = folder({
      "in/topology.yaml": TOPOLOGY,
      "in/deep/a.yml": WRONG_IMAGE,
      "in/b.txt": "a: [",
      "in/.git/c.yaml": "[",
    });
    const { code, stdout } = await lint(dir, ["in", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ data: { files: ["in/deep/a.yml", "in/topology.yaml"] } });
  });

  test("may be standard input", async () => {
    const { code, stdout } = await lint(
      folder({}),
      ["-"],
      edited(MANIFESTS, [["          targetPort: http", "          targetPort: x"]]),
    );
    expect([code, stdout]).toEqual([1, expect.stringContaining("K8S-TARGET-PORT")]);
  });
});

describe("faces", () => {
  const dir = (): string => folder({ "topology.yaml": TOPOLOGY, "manifests.yaml": WRONG_IMAGE });

  test("JSON is the envelope, with the findings where they belong", async () => {
    const { stdout } = await lint(dir(), ["topology.yaml", "manifests.yaml", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: "lint",
      verdict: "deviates",
      findings: [{ id: "TOPO-IMAGE-DIFFERS", place: { file: "manifests.yaml", line: 55 }, waiver: null }],
    });
  });

  test.each([
    {
      format: "text",
      begins: "manifests.yaml\n  55:15   error    TOPO-IMAGE-DIFFERS  FederatedDeployment demo/demo\n",
    },
    { format: "sarif", begins: '{\n  "$schema": "https://json.schemastore.org/sarif-2.1.0.json"' },
    {
      format: "junit",
      begins: '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="monitor lint" tests="2" failures="1"',
    },
  ])("$format", async ({ format, begins }) => {
    const { stdout } = await lint(dir(), ["topology.yaml", "manifests.yaml", "--format", format]);
    expect(stdout.slice(0, begins.length)).toBe(begins);
  });

  test("--rules lists every rule", async () => {
    const { code, stdout } = await lint(dir(), ["--rules"]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^ {2}KF-PLACEMENT-MISSING +error +\S/m)]);
  });
});

test("our own manifests have no findings but one thing to know before Istio comes", async () => {
  const { code, stdout } = await lint(join(import.meta.dirname, "../.."), ["--strict", "--json"]);
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly { readonly id: string }[] };
  expect([code, findings.map(({ id }) => id)]).toEqual([0, ["ISTIO-INIT-REFUSED"]]);
});
