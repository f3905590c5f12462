// `monitor verify` as people run it, against stand-ins for every API server: one thing is broken at a time, and what the
// command says, writes and ends with is held. Endpoints are not looked at here: see `node/cluster-readings.test.ts`.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import { CLUSTER_ROLE } from "../../monitor/clusters/cluster-role.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { applyPatch } from "../support/json-patch.ts";
import { type StandIns, startStandIns } from "../support/cluster-stand-ins.ts";
import { ROOT } from "../support/source-files.ts";

/** Each starts the command, some several times, on machines that have more to do. */
vi.setConfig({ testTimeout: 120_000 });

const HOST = "kubefed-host";
const TEXT = readFileSync(join(ROOT, "manifests/topology.yaml"), "utf8").replace(
  "# federation: { context: kubefed-host }",
  `federation: { context: ${HOST} }`,
);
const FILE = join(mkdtempSync(join(tmpdir(), "verify-")), "topology.yaml");
const [AWS, GCP] = ["aws-us-east-1", "gcp-europe-west1"];
const NAME = "multicloud-demo";

function topology(): Topology {
  const parsed = parseTopology(TEXT, {});
  if (!parsed.ok) throw new Error("the shipped topology is broken");
  return parsed.value;
}

let stands: StandIns;
beforeEach(async () => {
  writeFileSync(FILE, TEXT);
  stands = await startStandIns(topology(), "kubefed");
});
afterEach(() => stands.close());

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function verify(argv: readonly string[], kubeconfig = stands.kubeconfig): Promise<Ended> {
  const args = [
    "--no-warnings",
    join(ROOT, "monitor/cli/main.ts"),
    "verify",
    "--topology",
    FILE,
    "--without-claims",
    ...argv,
  ];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { env: { ...process.env, KUBECONFIG: kubeconfig } }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

function edit(context: string, kindPath: string, path: string, value: unknown, namespace = NAME): void {
  const server = stands.at(context);
  const object = server.take(kindPath, namespace, NAME);
  if (object === null) throw new Error(`no ${kindPath} at ${context}`);
  server.put(kindPath, namespace, applyPatch(object, [{ op: "add", path, value }]));
}

describe("exit codes", () => {
  test("0: every cluster and the host are as the topology says, and everything was only read", async () => {
    const { code, stdout, stderr } = await verify([]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`${HOST} (the federation's host): conforms`);
    expect(stdout).toContain("3 of 3 ready, image ghcr.io/your-org/multicloud-demo:1.0.0");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(`${NAME}: conforms (3 clusters: no findings)`);
    const asked = [...stands.servers.values()].flatMap((server) => server.asked);
    expect(asked.every((one) => one.startsWith("GET ") && !one.includes("secrets"))).toBe(true);
  });

  test("1: a cluster deviates, with rule and fix, and the others are told all the same", async () => {
    edit(GCP, "v1/configmaps", "/data/REGION", "unset");
    const { code, stdout } = await verify([]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /gcp-europe-west1 .*: deviates\n(.*\n)* {2}deviates +ConfigMap multicloud-demo +REGION=unset, expected europe-west1\n {6}error CL-REGION\n {8}fix: /,
    );
    expect(stdout).toContain(`${AWS} (region ${AWS}): conforms`);
  });

  test("0: what a cluster deviates in is waived there, and nowhere else", async () => {
    const waived = (...subjects: readonly string[]): string => {
      const rows = subjects.map((one) => `{ id: CL-REGION, subject: ${one}, reason: known, until: 9998-12-31 }`);
      return `${TEXT}\nlint: { waivers: [ ${rows.join(", ")} ] }\n`;
    };
    edit(GCP, "v1/configmaps", "/data/REGION", "unset");
    writeFileSync(FILE, waived(`ConfigMap ${NAME} in ${GCP}`, `Pods in ${GCP}`));
    const { code, stdout } = await verify([]);
    expect(stdout).toContain("waived CL-REGION\n        until 9998-12-31: known\n");
    expect(stdout.trimEnd().split("\n").at(-1)).toBe(`${NAME}: conforms (3 clusters: 3 waived)`);
    expect(code).toBe(0);
    writeFileSync(FILE, waived(`ConfigMap ${NAME} in ${AWS}`));
    const other = await verify([]);
    expect(other.stdout).toMatch(/^.*topology\.yaml:\d+:\d+: note TOPO-WAIVER-UNUSED: /m);
    expect(other.code).toBe(1);
  });

  test("4: a cluster is gone, and a rollout is under way", async () => {
    await stands.at(GCP).close();
    const gone = await verify(["--via", "plain"]);
    expect([gone.code, gone.stdout]).toEqual([4, expect.stringContaining("CL-UNREACHABLE")]);
    expect(gone.stdout).toContain(`${AWS} (region ${AWS}): conforms`);
    edit(AWS, "apps/v1/deployments", "/metadata/generation", 2);
    const moving = await verify(["--via", "plain", "--context", AWS]);
    expect([moving.code, moving.stdout]).toEqual([4, expect.stringContaining("converging")]);
  });

  test.each([
    { name: "an unknown federation", argv: ["--via", "fleet"], words: "--via: expected plain, kubefed, karmada" },
    {
      name: "a cluster of nobody's",
      argv: ["--context", "mars"],
      words: "--context: expected a cluster of the topology",
    },
    { name: "no time", argv: ["--timeout", "soon"], words: "--timeout: expected a time" },
    { name: "too much time", argv: ["--timeout", "1h"], words: "at most 120 s" },
    { name: "two formats", argv: ["--json", "--format", "junit"], words: "--json: expected no other" },
  ])("2: $name", async ({ argv, words }) => {
    const { code, stderr } = await verify(argv);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });
});

test("one cluster that accepts and says nothing ends with its own time, and hides no other", async () => {
  const silent = new (await import("node:net")).Server((socket) => void socket.on("error", () => {}));
  await new Promise<void>((resolve) => {
    silent.listen(0, "127.0.0.1", resolve);
  });
  const { port } = silent.address() as { port: number };
  const { writeKubeconfig } = await import("../support/kube-server.ts");
  const kubeconfig = writeKubeconfig({ [AWS]: `http://127.0.0.1:${port}`, [GCP]: stands.at(GCP).url });
  const { code, stdout } = await verify(["--via", "plain", "--timeout", "2s"], kubeconfig);
  silent.close();
  expect(code).toBe(4);
  expect(stdout).toContain("no answer in time to GET /api/v1/namespaces/multicloud-demo");
  expect(stdout).toContain(`${GCP} (region ${GCP}): conforms`);
});

test("a credential plugin that hangs is ended, and the command with it", async () => {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: ["-e", "setTimeout(() => {}, 600_000)"],
  };
  const path = join(mkdtempSync(join(tmpdir(), "kubeconfig-")), "config");
  const config = {
    clusters: [{ name: "c", cluster: { server: "http://127.0.0.1:1", "insecure-skip-tls-verify": true } }],
    users: [{ name: "u", user: { exec } }],
    contexts: [{ name: AWS, context: { cluster: "c", user: "u" } }],
  };
  writeFileSync(path, JSON.stringify(config));
  const { code, stdout } = await verify(["--via", "plain", "--context", AWS, "--timeout", "500ms"], path);
  expect([code, stdout]).toEqual([4, expect.stringContaining("no answer in time")]);
});

test("what the user may not read is told with verb and resource, and with the role that is enough", async () => {
  stands.at(AWS).forbidPath = (path) => path.endsWith("/endpointslices");
  const { code, stdout } = await verify(["--via", "plain", "--context", AWS]);
  expect(code).toBe(4);
  expect(stdout).toContain('cannot list resource "endpointslices" in API group "discovery.k8s.io"');
  expect(stdout).toContain("--cluster-role");
});

test("the printed ClusterRole allows exactly what was asked, and no more", async () => {
  const { stdout } = await verify(["--cluster-role"]);
  const role = parse(stdout) as {
    metadata: { name: string };
    rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  };
  expect(role.metadata.name).toBe(CLUSTER_ROLE);
  const allowed = role.rules.flatMap(({ apiGroups, resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${apiGroups[0] ?? ""}/${resource}`)),
  );
  await verify([]);
  const asked = new Set([...stands.servers.values()].flatMap((server) => server.asked.map(ruleOfRequest)));
  expect([...asked].toSorted()).toEqual(allowed.toSorted());
  expect(allowed.join()).not.toContain("secrets");
});

/** "GET /api/v1/namespaces/x/pods?…" -> "list /pods". */
function ruleOfRequest(request: string): string {
  const path = request.split(" ")[1]?.split("?")[0] ?? "";
  const steps = path.split("/").slice(1);
  const group = steps[0] === "api" ? "" : (steps[1] ?? "");
  const rest = steps.slice(group === "" ? 2 : 3);
  const own = rest[0] === "namespaces" && rest.length > 2 ? rest.slice(2) : rest;
  return `${own.length > 1 ? "get" : "list"} ${group}/${own[0] ?? ""}`;
}

test("--wait looks again until a rollout has come to rest", async () => {
  edit(AWS, "apps/v1/deployments", "/metadata/generation", 2);
  const args = ["--no-warnings", join(ROOT, "monitor/cli/main.ts"), "verify", "--topology", FILE];
  const more = ["--without-claims", "--via", "plain", "--context", AWS, "--wait"];
  const child = spawn(process.execPath, [...args, ...more], { env: { ...process.env, KUBECONFIG: stands.kubeconfig } });
  const ended = once(child, "close");
  await once(child.stderr, "data");
  edit(AWS, "apps/v1/deployments", "/status/observedGeneration", 2);
  expect((await ended)[0]).toBe(0);
});

describe("faces", () => {
  test("--json is the envelope, with verdicts by cluster and object, and findings", async () => {
    edit(AWS, "apps/v1/deployments", "/spec/replicas", 1);
    const { stdout } = await verify(["--json", "--via", "plain"]);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      command: "verify",
      verdict: "deviates",
      data: {
        via: "plain",
        clusters: [
          { context: AWS, region: AWS, verdict: "deviates" },
          { context: GCP, verdict: "conforms" },
        ],
      },
      findings: expect.arrayContaining([
        expect.objectContaining({ id: "CL-REPLICAS", message: "it wants 1 Pods, expected 3" }),
      ]) as unknown,
    });
  });

  test("--format junit has a suite for each cluster", async () => {
    const { stdout } = await verify(["--format", "junit"]);
    expect(stdout).toContain('<testsuites name="monitor verify" tests="3" failures="0" skipped="0">');
    expect(stdout).toContain(`<testsuite name="cluster:${AWS}"`);
  });

  test("control characters of an API server do not reach the terminal", async () => {
    edit(AWS, "apps/v1/deployments", "/spec/template/spec/containers/0/image", "\u001B[2Jevil:1");
    const { stdout } = await verify(["--via", "plain"]);
    expect(stdout).not.toContain("\u001B");
    expect(stdout).toContain("[2Jevil:1, expected");
  });
});

test("--strict fails for warnings", async () => {
  edit(AWS, "v1/resourcequotas", "/status/used/pods", "7");
  expect((await verify(["--via", "plain"])).code).toBe(0);
  expect((await verify(["--via", "plain", "--strict"])).code).toBe(1);
});
