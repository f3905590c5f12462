// `monitor cluster` as people use it: the plan first, the file only with --yes, and nothing at all when it would be wrong.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { stepsAfterAdding, stepsAfterRemoving } from "../../monitor/cli/cluster-next.ts";
import { renderFiles, RENDERINGS } from "../../monitor/render/render.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
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
    expect(stdout).toContain("only aws-us-east-1 and gcp-europe-west1 have records");
    expect(stdout).not.toContain("a health check");
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

  test("under latency routing it asks for the AWS region, and for the record set last", () => {
    writeFileSync(file, LATENCY);
    expect(cluster(...SAO_PAULO, "--yes")).toMatchObject({ status: 2, text: LATENCY });
    const { status, stdout } = cluster(...SAO_PAULO, "--aws-region", "sa-east-1");
    expect(status).toBe(0);
    expect(stdout).toContain("latency sa-east-1, set identifier aws-sa-east-1");
  });
});

/** The steps as they are told: commands as they are, sentences with "- " before them. */
function stepsOf(stdout: string): readonly string[] {
  const envelope = JSON.parse(stdout) as {
    readonly data: { readonly next: readonly { readonly command?: string; readonly because: string }[] };
  };
  return envelope.data.next.map(({ command, because }) => command ?? `- ${because}`);
}

const CENTRAL =
  "add gcp-us-central1 --region us-central1 --context gcp-us-central1 --url https://usc1.demo.multicloud.example.com --address 203.0.113.40 --aws-region us-east-2".split(
    " ",
  );
const ISTIO = (...contexts: readonly string[]): string =>
  `for c in ${contexts.join(" ")}; do kubectl --context "$c" apply -f manifests/istio-certificate.yaml -f manifests/istio-addon-manifests.yaml; done`;

describe("what follows for a third and a fourth cluster", () => {
  test("a region gets users last, after it has answered as itself", () => {
    writeFileSync(file, LATENCY);
    cluster(...SAO_PAULO, "--aws-region", "sa-east-1", "--yes");
    expect(stepsOf(cluster(...CENTRAL, "--json").stdout)).toEqual([
      "kubefedctl join gcp-us-central1 --cluster-context gcp-us-central1 --host-cluster-context HOST --host-cluster-name host",
      "kubectl --context HOST -n kube-federation-system wait --for=condition=Ready kubefedcluster/gcp-us-central1 --timeout=120s",
      `npm run -s monitor -- render all --topology ${file}`,
      `npm run -s monitor -- lint ${file} manifests/kubefed-types.yaml manifests/kubefed-manifests.yaml`,
      "kubectl --context HOST apply -f manifests/kubefed-types.yaml",
      "kubectl --context HOST apply -f manifests/kubefed-manifests.yaml",
      "kubectl --context gcp-us-central1 -n multicloud-demo rollout status deployment/multicloud-demo --timeout=120s",
      ISTIO("aws-us-east-1", "gcp-europe-west1", "aws-sa-east-1", "gcp-us-central1"),
      "kubectl --context gcp-us-central1 apply -f manifests/loadbalancer/service.yaml",
      "- give that entrance the address 203.0.113.40, reserved at the cloud: the topology says that DNS answers it",
      "- by hand in Route 53: A usc1.demo.multicloud.example.com 203.0.113.40, TTL 60, the name by which it is probed",
      "npx wrangler deploy",
      `npm run -s monitor -- check --topology ${file}`,
      "- by hand in Route 53: a health check HTTPS usc1.demo.multicloud.example.com:443/healthz at 203.0.113.40, every 10 s, 3 in a row",
      "- by hand in Route 53: A demo.multicloud.example.com 203.0.113.40, TTL 60, latency us-east-2, set identifier gcp-us-central1, with its health check: from then on it gets users",
      `npm run -s monitor -- check --topology ${file}`,
    ]);
  });

  test("a region loses its users first, and what nobody deletes with the namespace is told", () => {
    writeFileSync(file, LATENCY);
    cluster(...SAO_PAULO, "--aws-region", "sa-east-1", "--yes");
    cluster(...CENTRAL, "--yes");
    expect(stepsOf(cluster("remove", "aws-sa-east-1", "--json").stdout)).toEqual([
      "- take out of Route 53: A demo.multicloud.example.com 203.0.113.30, TTL 60, latency sa-east-1, set identifier aws-sa-east-1, with its health check; then wait 60 s, its TTL: after the next steps nobody answers there",
      `npm run -s monitor -- render all --topology ${file}`,
      `npm run -s monitor -- lint ${file} manifests/kubefed-types.yaml manifests/kubefed-manifests.yaml`,
      "npx wrangler deploy",
      "kubectl --context aws-sa-east-1 delete -f manifests/loadbalancer/service.yaml --ignore-not-found",
      "kubectl --context aws-sa-east-1 delete -f manifests/istio-addon-manifests.yaml -f manifests/istio-certificate.yaml --ignore-not-found",
      "kubectl --context aws-sa-east-1 -n istio-system delete secret multicloud-demo-tls --ignore-not-found",
      "kubectl --context HOST apply -f manifests/kubefed-manifests.yaml",
      "kubectl --context aws-sa-east-1 get namespace multicloud-demo",
      "kubefedctl unjoin aws-sa-east-1 --cluster-context aws-sa-east-1 --host-cluster-context HOST --host-cluster-name host",
      ISTIO("aws-us-east-1", "gcp-europe-west1", "gcp-us-central1"),
      "- take out of Route 53: the health check HTTPS sae1.demo.multicloud.example.com:443/healthz at 203.0.113.30, every 10 s, 3 in a row",
      "- take out of Route 53: A sae1.demo.multicloud.example.com 203.0.113.30, TTL 60",
      `npm run -s monitor -- check --topology ${file}`,
    ]);
  });

  test("a third region under failover has a name of its own in Route 53 and no more, coming and going", () => {
    const added = stepsOf(cluster(...SAO_PAULO, "--yes", "--json").stdout).filter((step) => step.includes("Route 53"));
    expect(added).toEqual([
      expect.stringContaining("A sae1.demo.multicloud.example.com 203.0.113.30, TTL 60"),
      expect.stringContaining("no more in Route 53: under failover routing"),
    ]);
    const removed = stepsOf(cluster("remove", "aws-sa-east-1", "--json").stdout);
    expect(removed.filter((step) => step.includes("Route 53"))).toEqual([
      "- take out of Route 53: A sae1.demo.multicloud.example.com 203.0.113.30, TTL 60",
    ]);
  });

  test("under simple routing its addresses join the others, IPv6 beside IPv4", () => {
    writeFileSync(file, SHIPPED.replace(/routing: failover\n.*\n.*\n/, "routing: simple\n"));
    const steps = stepsOf(cluster(...SAO_PAULO, "--address", "2001:db8::30", "--json").stdout);
    expect(steps.filter((step) => step.includes("among the values"))).toEqual([
      "- by hand in Route 53: 203.0.113.30 among the values of A demo.multicloud.example.com: from then on it gets users",
      "- by hand in Route 53: 2001:db8::30 among the values of AAAA demo.multicloud.example.com: from then on it gets users",
    ]);
    expect(steps.join("\n")).toContain("AAAA sae1.demo.multicloud.example.com 2001:db8::30, TTL 60");
  });

  const parsed = parseTopology(SHIPPED);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const topology = parsed.value;
  const [region] = topology.regions;
  if (region === undefined) throw new Error("the shipped topology has regions");

  test("names no file that is not rendered", () => {
    const rendered = renderFiles(topology, Object.keys(RENDERINGS), "configmap");
    const paths = rendered.ok ? rendered.value.map(({ path }) => `manifests/${path}`) : [];
    const steps = [...stepsAfterAdding(topology, region, "t"), ...stepsAfterRemoving(topology, region, "t")];
    const named = [...JSON.stringify(steps).matchAll(/manifests\/[\w/.-]+\.yaml/g)].map(([path]) => path);
    expect(new Set(named).size).toBe(5);
    expect(named.filter((path) => !paths.includes(path))).toEqual([]);
  });

  test("a Secret that opens the registry is made by hand, before the Pods are waited for", () => {
    const told = (imagePullSecret: string | undefined): readonly string[] =>
      stepsAfterAdding({ ...topology, service: { ...topology.service, imagePullSecret } }, region, "t").map(
        ({ because }) => because,
      );
    const steps = told("ghcr");
    const at = steps.findIndex((step) =>
      step.startsWith("make the Secret ghcr in the namespace multicloud-demo of aws-us-east-1"),
    );
    expect(at).toBeGreaterThan(0);
    expect(steps[at + 1]).toContain("KubeFed takes some seconds");
    expect(told(undefined)).toEqual(steps.toSpliced(at, 1));
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
