// `monitor render` as scripts see it: what it writes, what it finds, and with which exit code.
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT } from "../support/source-files.ts";

const folder = mkdtempSync(join(tmpdir(), "render-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const out = join(folder, "out");

function render(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["monitor/cli/main.ts", "render", ...argv], {
    cwd: ROOT,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("the manifests in the repository are current", () => {
  const { status, stdout } = render("all", "--check");
  expect(stdout).toMatch(/^(\d+) of \1 files are current\n$/);
  expect(status).toBe(0);
});

describe("in an empty folder", () => {
  test("files are written, then current, then drift is named, then mended", () => {
    const plain = join(out, "plain/aws-us-east-1.yaml");
    expect(render("plain", "--check", "--out", out)).toMatchObject({ status: 1 });
    expect(existsSync(out)).toBe(false);

    const written = render("plain", "--out", out);
    expect(written.stdout).toBe(
      `new      ${plain}\nnew      ${out}/plain/gcp-europe-west1.yaml\n0 of 2 files are current\n`,
    );
    expect(render("plain", "--check", "--out", out)).toEqual({
      status: 0,
      stdout: "2 of 2 files are current\n",
      stderr: "",
    });

    const lines = readFileSync(plain, "utf8").split("\n");
    const at = lines.findIndex((line) => line.includes("REGION: us-east-1"));
    writeFileSync(plain, lines.with(at, "  REGION: mars").join("\n"));
    const drift = render("plain", "--check", "--out", out);
    expect(drift.status).toBe(1);
    expect(drift.stdout).toBe(
      [
        `differs   ${plain}:${at + 1}`,
        "  found       REGION: mars",
        "  expected    REGION: us-east-1",
        "1 of 2 files are current; to write: npm run -s monitor -- render plain",
        "",
      ].join("\n"),
    );
    expect(readFileSync(plain, "utf8")).toContain("REGION: mars");
    expect(render("plain", "--out", out).stdout).toBe(`changed  ${plain}\n1 of 2 files are current\n`);
    expect(readFileSync(plain, "utf8")).toBe(lines.join("\n"));
  });

  test("lines after the end are drift too", () => {
    render("istio", "--out", out);
    appendFileSync(join(out, "istio-addon-manifests.yaml"), "more: 1\n");
    expect(render("istio", "--check", "--out", out).stdout).toContain("  found     more: 1\n  expected  \n");
  });

  test("a file of a cluster that is gone is named, then removed; a file that is not ours stays", () => {
    render("plain", "--out", out);
    const gone = join(out, "plain/aws-sa-east-1.yaml");
    const own = join(out, "plain/notes.yaml");
    writeFileSync(gone, readFileSync(join(out, "plain/aws-us-east-1.yaml")));
    writeFileSync(own, "mine: true\n");
    expect(render("plain", "--check", "--out", out)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(`left over ${gone}\n`) as unknown,
    });
    expect(render("plain", "--out", out).stdout).toContain(`removed  ${gone}\n`);
    expect([existsSync(gone), existsSync(own)]).toEqual([false, true]);
  });

  test("--region-by env is its own rendering", () => {
    render("kubefed", "--out", out, "--region-by", "env");
    const text = readFileSync(join(out, "kubefed-manifests.yaml"), "utf8");
    expect(text).toContain("path: /spec/template/spec/containers/0/env/0/value\n          value: us-east-1");
    expect(text).not.toContain("FederatedConfigMap");
    expect(render("kubefed", "--check", "--out", out, "--region-by", "env").status).toBe(0);
    expect(render("kubefed", "--check", "--out", out).status).toBe(1);
  });

  test("ids of Route 53 take the place of the placeholders", () => {
    const batch = join(out, "route53/failover/change-batch-tree.json");
    render("route53", "--out", out);
    expect(readFileSync(batch, "utf8").match(/ID-OF-THE-[A-Z-]+/g)).toHaveLength(4);
    const given = [
      "--check-id",
      "aws-us-east-1=abc",
      "--check-id",
      "gcp-europe-west1=def",
      "--zone-id",
      "/hostedzone/Z1",
    ];
    expect(render("route53", "--out", out, ...given).stdout).toContain(`changed  ${batch}\n`);
    expect(readFileSync(batch, "utf8")).not.toContain("ID-OF-THE-");
    expect(render("route53", "--check", "--out", out, ...given).status).toBe(0);
  });

  test("a scenario that the regions can no longer have is removed; what is not ours stays", () => {
    render("route53", "--out", out);
    const file = join(folder, "no-latency.yaml");
    const text = readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8");
    writeFileSync(file, text.replace("    awsRegion: eu-west-3\n", ""));
    writeFileSync(join(out, "route53/latency/notes.json"), "[]\n");
    const { stdout } = render("route53", "--out", out, "--topology", file);
    expect(stdout.match(/^removed .*$/gm)).toEqual(
      ["change-batch-tree", "change-batch", "health-checks"].map(
        (name) => `removed  ${out}/route53/latency/${name}.json`,
      ),
    );
    expect(existsSync(join(out, "route53/latency/notes.json"))).toBe(true);
  });

  test("--json gives one envelope with the state of each file", () => {
    const { status, stdout } = render("loadbalancer", "--check", "--json", "--out", join(folder, "nowhere"));
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: "render",
      verdict: "deviates",
      data: { mode: "check", files: [{ path: "loadbalancer/service.yaml", state: "missing" }] },
    });
  });
});

describe("usage", () => {
  test("--help is told on stdout, exit 0", () => {
    expect(render("--help")).toMatchObject({
      status: 0,
      stderr: "",
      stdout: expect.stringMatching(/^monitor render /) as unknown,
    });
  });

  test.each([
    { argv: [], words: "expected one of kubefed, istio, loadbalancer, karmada, argocd, plain, route53, external-dns" },
    { argv: ["helm"], words: 'found "helm"' },
    { argv: ["toString"], words: 'found "toString"' },
    { argv: ["plain", "istio"], words: 'found "plain istio"' },
    { argv: ["plain", "--region-by", "label"], words: '--region-by: expected configmap or env, found "label"' },
    { argv: ["route53", "--check-id", "mars=1"], words: "--check-id: expected a region of the topology" },
    { argv: ["route53", "--check-id", "aws-us-east-1"], words: "--check-id: expected REGION=ID" },
    {
      argv: ["route53", "--check-id", "aws-us-east-1=a", "--check-id", "aws-us-east-1=b"],
      words: "--check-id: expected each region once, found aws-us-east-1 again",
    },
    { argv: ["route53", "--zone-id", "a zone"], words: "--zone-id: expected the id of a hosted zone" },
    { argv: ["plain", "--topology", "nowhere.yaml"], words: "nowhere.yaml: expected a topology file" },
    { argv: ["plain", "--frob"], words: "--frob" },
  ])("$argv is refused on stderr with exit 2: $words", ({ argv, words }) => {
    const { status, stdout, stderr } = render(...argv);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(words);
  });

  test("a folder that cannot be written to is named, exit 2", () => {
    const taken = join(folder, "taken");
    writeFileSync(taken, "");
    const { status, stderr } = render("plain", "--out", taken);
    expect(status).toBe(2);
    expect(stderr).toContain(`${taken}/plain/aws-us-east-1.yaml: expected to write here: `);
  });

  test("a topology that is valid and cannot be rendered names what is wrong, and writes nothing", () => {
    const file = join(folder, "arn.yaml");
    const text = readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8");
    writeFileSync(file, text.replace("context: aws-us-east-1", "context: arn:aws:eks:us-east-1:1:cluster/demo"));
    const target = join(folder, "arn");
    const { status, stderr } = render("all", "--topology", file, "--out", target);
    expect(status).toBe(2);
    expect(stderr).toContain(
      `${file}: regions[0].cluster.context: expected a name that a cluster can have in federation`,
    );
    expect(existsSync(target)).toBe(false);
  });
});
