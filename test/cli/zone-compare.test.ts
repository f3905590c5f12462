// `monitor zone compare` as scripts and people see it: from files and a running monitor; each cause alone is in
// `verify/disagreement.test.ts`, the API's part of a snapshot in `zone-pull.test.ts`.
import { createServer } from "node:http";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { runZone } from "../../monitor/cli/zone.ts";
import { loadTopology } from "../../monitor/cli/topology-file.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import type { Observation, VantageOutcome } from "../../monitor/model/observation.ts";
import { makeStatus } from "../../monitor/report/status.ts";
import { foldRound } from "../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../monitor/run/state.ts";
import { CAUSE_RULES } from "../../monitor/verify/disagreement-causes.ts";
import type { Region, Topology } from "../../monitor/topology/topology.ts";
import { badLook, dnsLook, goodLook } from "../support/looks.ts";
import { ROOT } from "../support/source-files.ts";
import { IDS, shipped, snapshotFile } from "./zone-files.ts";

const folder = mkdtempSync(join(tmpdir(), "zone-compare-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function shippedTopology(): Topology {
  const loaded = loadTopology(join(ROOT, "manifests/topology.yaml"));
  if (loaded.kind === "broken") throw new Error(loaded.lines.join("\n"));
  return loaded.topology;
}

const TOPOLOGY = shippedTopology();
const GUIDE = readFileSync(join(ROOT, "docs/zone.md"), "utf8");

async function compare(...argv: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const toOut = vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  const toErr = vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
  try {
    const status = await runZone(["compare", ...argv, "--topology", join(ROOT, "manifests/topology.yaml")]);
    return { status, stdout: out.join(""), stderr: err.join("") };
  } finally {
    toOut.mockRestore();
    toErr.mockRestore();
  }
}

type Look = (region: Region, vantage: string, at: number) => Observation;

/** Four rounds in which every vantage sees the same. */
function statusOf(look: Look, answer: string): object {
  let state = EMPTY_STATE;
  for (let at = 0; at < 4 * 30_000; at += 30_000) {
    const outcomes = TOPOLOGY.probe.vantages.map(({ id }): VantageOutcome => {
      const observations = TOPOLOGY.regions.map((region) => look(region, id, at));
      const dns = [dnsLook(id, "authoritative", at, [answer]), dnsLook(id, "recursive", at, [answer])];
      return { kind: "reported", report: { vantage: id, colo: `colo-${id}`, observations, dns } };
    });
    state = foldRound(TOPOLOGY, state, outcomes, at, at).state;
  }
  return makeStatus(TOPOLOGY, state, 3 * 30_000 + 500);
}

function fileOf(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
}

const CHECKERS = ["us-east-1", "us-east-1", "eu-west-1", "eu-west-1", "ap-southeast-2", "ap-southeast-2"];
const said = (status: string) => CHECKERS.map((Region) => ({ Region, StatusReport: { Status: status } }));
const OK = "Success: HTTP Status Code 200, OK";

const GOOD: Look = (region, vantage, at) => goodLook(region, vantage, at);
const expired: Look = (region, vantage, at) =>
  region.id === "aws-us-east-1"
    ? badLook(region, vantage, at, { cause: "tls", detail: "certificate has expired" }, { phases: { connect: 5 } })
    : goodLook(region, vantage, at);

const SEEN = {
  ...shipped("addresses"),
  observations: Object.fromEntries(TOPOLOGY.regions.map(({ id }) => [IDS.checkId(id), said(OK)])),
};
const SNAPSHOT = snapshotFile(join(folder, "seen.json"), SEEN);
const FINE = fileOf("fine.json", statusOf(GOOD, "192.0.2.10"));
const EXPIRED = fileOf("expired.json", statusOf(expired, "192.0.2.10"));

describe("three observers", () => {
  test("who agree end with 0", async () => {
    const { status, stdout, stderr } = await compare("--status", FINE, "--snapshot", SNAPSHOT);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toBe(`demo.multicloud.example.com
  region            users    our vantages  Route 53                   DNS           so
  aws-us-east-1     healthy  healthy       healthy (6 of 6 checkers)  conforms      conforms
  gcp-europe-west1  healthy  healthy       healthy (6 of 6 checkers)  not answered  conforms
`);
  });

  test("who differ about a certificate end with 1, the likely cause and the fix", async () => {
    const { status, stdout } = await compare("--status", EXPIRED, "--snapshot", SNAPSHOT);
    expect(status).toBe(1);
    expect(stdout).toContain("likely CERTIFICATE: users fail in TLS at enam, wnam, weur, apac-se, oc");
    expect(GUIDE).toContain(stdout);
  });

  test("are told to programs in one envelope, with what each of them saw", async () => {
    const { stdout } = await compare("--status", EXPIRED, "--snapshot", SNAPSHOT, "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      command: "zone compare",
      verdict: "deviates",
      data: {
        regions: [
          {
            region: "aws-us-east-1",
            causes: [{ id: "CERTIFICATE" }],
            sight: { theirs: { id: "check-of-aws-us-east-1" } },
          },
          { region: "gcp-europe-west1", verdict: "conforms", causes: [] },
        ],
      },
    });
  });

  test("are found in a tree of aliases as well", async () => {
    const tree = snapshotFile(join(folder, "tree.json"), { ...SEEN, ...shipped("tree") });
    expect((await compare("--status", FINE, "--snapshot", tree)).status).toBe(0);
  });

  test("are undecided without Route 53's observations, and say how to get them", async () => {
    const bare = snapshotFile(join(folder, "bare.json"), shipped("addresses"));
    const { status, stderr } = await compare("--status", FINE, "--snapshot", bare);
    expect(status).toBe(4);
    expect(stderr).toContain("pull it with --observations");
  });

  test("cannot steer the terminal by what they say", async () => {
    const evil = { [IDS.checkId("aws-us-east-1")]: said("Failure: \u001B[2J\r timed out") };
    const file = snapshotFile(join(folder, "evil.json"), { ...SEEN, observations: evil });
    const { status, stdout } = await compare("--status", FINE, "--snapshot", file);
    expect(status).toBe(1);
    expect(stdout).toContain("likely FIREWALL");
    expect(stdout).not.toMatch(/[^\P{Cc}\n]/u);
  });
});

test("a running monitor is asked for its status", async () => {
  const server = createServer((_request, reply) => reply.end(readFileSync(FINE)));
  const url = `http://127.0.0.1:${await listenOn(server, { host: "127.0.0.1", port: 0 })}`;
  expect((await compare("--url", url, "--snapshot", SNAPSHOT)).status).toBe(0);
  await closeListener(server);
  const { status, stderr } = await compare("--url", url, "--snapshot", SNAPSHOT);
  expect(status).toBe(4);
  expect(stderr).toContain(`${url}: fetch failed`);
});

test.each([
  { argv: ["--status", "nowhere.json"], status: 2, words: "nowhere.json: expected what GET /status gave" },
  { argv: ["--status", SNAPSHOT], status: 2, words: "expected what GET /status gave, found something else" },
  { argv: ["--status", FINE, "--url", "http://x"], status: 2, words: "expected --url or --status, found both" },
  { argv: ["--url", "localhost"], status: 2, words: "--url: expected an http or https URL" },
  { argv: ["--status", FINE, "--zone", "x.example.com"], status: 2, words: "expected one of --snapshot, --zone and" },
  { argv: ["--status", FINE, "--check-id", "x=y"], status: 2, words: "--check-id: expected a region of the topology" },
  { argv: ["--status", FINE, "--observations"], status: 2, words: "Unknown option" },
])("$argv ends with $status: $words", async ({ argv, status, words }) => {
  const told = await compare("--snapshot", SNAPSHOT, ...argv);
  expect({ status: told.status, stdout: told.stdout }).toEqual({ status, stdout: "" });
  expect(told.stderr).toContain(words);
});

test("the guide names every cause, and no other", () => {
  const rows = [...GUIDE.matchAll(/^\| `([A-Z0-9-]+)` \|/gm)].map(([, id]) => id);
  expect(rows).toEqual(CAUSE_RULES.map(({ id }) => id));
});
