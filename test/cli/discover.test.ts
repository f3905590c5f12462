// `monitor discover` as people run it, against stand-ins for the API servers.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { type StandIns, startStandIns } from "../support/cluster-stand-ins.ts";
import { ROOT } from "../support/source-files.ts";

/** Each starts the command, one twice, on machines that have more to do. */
vi.setConfig({ testTimeout: 120_000 });

const TEXT = readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8");
const FILE = join(mkdtempSync(join(tmpdir(), "discover-")), "topology.yaml");
const [AWS, GCP] = ["aws-us-east-1", "gcp-europe-west1"] as const;

let stands: StandIns;
beforeEach(async () => {
  writeFileSync(FILE, TEXT);
  const parsed = parseTopology(TEXT, {});
  if (!parsed.ok) throw new Error("the shipped topology is broken");
  stands = await startStandIns(parsed.value);
  balancer(AWS, [{ ip: "192.0.2.10" }]);
  balancer(GCP, [{ ip: "203.0.113.77" }]);
});
afterEach(() => stands.close());

function balancer(context: string, ingress: readonly object[]): void {
  const metadata = { name: "istio-ingressgateway", namespace: "istio-system", labels: { istio: "ingressgateway" } };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { type: "LoadBalancer" },
    status: { loadBalancer: { ingress } },
  };
  stands.at(context).put("v1/services", "istio-system", service);
}

function discover(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string; text: string }> {
  const args = ["--no-warnings", join(ROOT, "monitor/cli/main.ts"), "discover", "--topology", FILE, ...argv];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { env: { ...process.env, KUBECONFIG: stands.kubeconfig } },
      (error, stdout, stderr) =>
        resolve({
          code: typeof error?.code === "number" ? error.code : 0,
          stdout,
          stderr,
          text: readFileSync(FILE, "utf8"),
        }),
    );
  });
}

test("shows the line that would change, writes nothing and ends with 1", async () => {
  const { code, stdout, text } = await discover();
  expect([code, text]).toEqual([1, TEXT]);
  expect(stdout).toMatch(/aws-us-east-1 +same +istio-system\/istio-ingressgateway, as the topology says/);
  expect(stdout).toMatch(/topology\.yaml:\d+\n- addresses: \[198\.51\.100\.20\]\n\+ addresses: \[203\.0\.113\.77\]\n/);
  expect(stdout).toContain("Nothing was written: add --yes to write it.");
});

test("--yes writes that line and nothing else; then nothing differs", async () => {
  const { code, text } = await discover("--yes");
  expect([code, text]).toEqual([0, TEXT.replace("[198.51.100.20]", "[203.0.113.77]")]);
  const again = await discover("--json");
  expect([again.code, JSON.parse(again.stdout)]).toMatchObject([
    0,
    { command: "discover", data: { written: false, edits: [] } },
  ]);
});

test("a file whose regions have another order when the clusters have answered is left as it is", async () => {
  const swapped = TEXT.replace(AWS, "swap").replace(GCP, AWS).replace("swap", GCP);
  // Asked on behalf of every call, so the file has changed before the answer is there.
  stands.at(GCP).forbidPath = () => {
    writeFileSync(FILE, swapped);
    return false;
  };
  const { code, stderr, text } = await discover("--yes");
  expect([code, text]).toEqual([2, swapped]);
  expect(stderr).toContain("changed while the clusters were asked");
});

test("an address that Route 53's checkers cannot reach is refused, and nothing is written", async () => {
  balancer(GCP, [{ ip: "10.0.0.7" }]);
  const { code, stderr, text } = await discover("--yes");
  expect([code, text]).toEqual([2, TEXT]);
  expect(stderr).toContain("private addresses are not");
});

test("a name is no address, and a cluster that is gone hides no other", async () => {
  balancer(AWS, [{ hostname: "a1b2.elb.us-east-1.amazonaws.com" }]);
  await stands.at(GCP).close();
  const { code, stdout } = await discover();
  expect(code).toBe(4);
  expect(stdout).toMatch(/aws-us-east-1 +named .*a1b2\.elb.*--resolve/);
  expect(stdout).toMatch(/gcp-europe-west1 +unread .*ECONNREFUSED/);
});

test("--resolve asks for the addresses of a name", async () => {
  balancer(AWS, [{ hostname: "localhost" }]);
  const { code, stderr } = await discover("--resolve", "--context", AWS);
  expect([code, stderr]).toEqual([2, expect.stringMatching(/loopback addresses are not/)]);
});
