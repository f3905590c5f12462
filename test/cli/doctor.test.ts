// `monitor doctor`: what it finds on a machine made for the test, what it must never show, and that only the local world fails.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, describe, expect, test } from "vitest";
import { doctorText } from "../../monitor/cli/doctor-text.ts";
import { nodeRow, packagesRow } from "../../monitor/local/doctor-basis.ts";
import { examineAccounts, examineContexts, examineTools } from "../../monitor/local/doctor-machine.ts";
import { examineServers } from "../../monitor/local/doctor-online.ts";
import { type DoctorRow, lacksNeeded, missing, present, skipped } from "../../monitor/local/doctor-row.ts";
import { portRow } from "../../monitor/local/doctor-world.ts";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { localTopology } from "../../monitor/local/topology.ts";
import { makeNodeClock } from "../../monitor/node/clock.ts";
import { parseTopology } from "../../monitor/topology/parse.ts";
import { startDnsServer } from "../support/dns-server.ts";

const MAIN = join(import.meta.dirname, "../../monitor/cli/main.ts");
const ROOT = join(import.meta.dirname, "../..");
const SECRET = "s3cret-value";
const home = mkdtempSync(join(tmpdir(), "doctor-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, contents: string): string {
  const file = join(home, path);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, contents);
  return file;
}

const ONE = write(
  "one.yaml",
  `contexts: [{ name: aws-us-east-1 }]\nusers: [{ name: a, user: { token: ${SECRET} } }]\n`,
);
const TWO = write("two.yaml", "contexts: [{ name: gcp-europe-west1 }, { name: aws-us-east-1 }]\n");
const BROKEN = write("broken.yaml", `token: "${SECRET}\n`);
const ODD = write("odd.yaml", "contexts: 7\n");
const LOGIN = write("config/.wrangler/config/default.toml", `oauth_token = "${SECRET}"\n`);
const AWS = write("aws", `[default]\naws_secret_access_key = ${SECRET}\n[other]\n`);
const TOOL = write("bin/kubectl", "");
chmodSync(TOOL, 0o755);
write("bin/helm", "");

const stateOf = (rows: readonly DoctorRow[], name: string): readonly [string, string] => {
  const row = rows.find((one) => one.name === name);
  return [row?.state ?? "no row", row?.seen ?? ""];
};

test.each([
  { env: { KUBECONFIG: `${ONE}:${TWO}` }, context: "gcp-europe-west1", state: "ok", seen: `in ${TWO}` },
  { env: { KUBECONFIG: `${ONE}:${TWO}` }, context: "aws-us-east-1", state: "ok", seen: `in ${ONE}` },
  { env: { KUBECONFIG: ONE }, context: "gcp-europe-west1", state: "missing", seen: "which has 1 contexts" },
  { env: { KUBECONFIG: BROKEN }, context: "aws-us-east-1", state: "missing", seen: "cannot be read as YAML" },
  { env: { KUBECONFIG: ODD }, context: "aws-us-east-1", state: "missing", seen: "is no kubeconfig" },
  { env: {}, context: "aws-us-east-1", state: "missing", seen: join(home, ".kube", "config") },
])("the context $context with $env is $state", async ({ env, context, state, seen }) => {
  const rows = await examineContexts([context], { env, home });
  const [found, words] = stateOf(rows, `context ${context}`);
  expect(found).toBe(state);
  expect(words).toContain(seen);
  expect(JSON.stringify(rows)).not.toContain(SECRET);
});

test.each([
  { name: "Cloudflare account", env: {}, state: "missing", seen: "CLOUDFLARE_API_TOKEN is not set" },
  { name: "Cloudflare account", env: { CLOUDFLARE_API_TOKEN: " " }, state: "missing", seen: "is not set" },
  {
    name: "Cloudflare account",
    env: { CLOUDFLARE_API_TOKEN: SECRET },
    state: "ok",
    seen: "CLOUDFLARE_API_TOKEN is set",
  },
  { name: "Cloudflare account", env: { CLOUDFLARE_API_KEY: SECRET }, state: "missing", seen: "no login" },
  { name: "Cloudflare account", env: { XDG_CONFIG_HOME: join(home, "config") }, state: "ok", seen: LOGIN },
  { name: "AWS credentials", env: {}, state: "missing", seen: "no profile default" },
  { name: "AWS credentials", env: { AWS_ACCESS_KEY_ID: "a" }, state: "missing", seen: "no profile" },
  {
    name: "AWS credentials",
    env: { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: SECRET },
    state: "ok",
    seen: "is set",
  },
  { name: "AWS credentials", env: { AWS_SHARED_CREDENTIALS_FILE: AWS }, state: "ok", seen: "profile default" },
  {
    name: "AWS credentials",
    env: { AWS_SHARED_CREDENTIALS_FILE: AWS, AWS_PROFILE: "other" },
    state: "ok",
    seen: "profile other",
  },
  {
    name: "AWS credentials",
    env: { AWS_SHARED_CREDENTIALS_FILE: AWS, AWS_PROFILE: "none" },
    state: "missing",
    seen: "no profile none",
  },
  {
    name: "AWS credentials",
    env: { AWS_WEB_IDENTITY_TOKEN_FILE: "/x" },
    state: "ok",
    seen: "AWS_WEB_IDENTITY_TOKEN_FILE",
  },
])("$name with $env is $state, and no value is shown", async ({ name, env, state, seen }) => {
  const rows = await examineAccounts({ env, home });
  const [found, words] = stateOf(rows, name);
  expect(found).toBe(state);
  expect(words).toContain(seen);
  expect(JSON.stringify(rows)).not.toContain(SECRET);
});

test("a program counts where it is on the PATH and may be run", async () => {
  const rows = await examineTools({ env: { PATH: `/nowhere:${join(home, "bin")}` }, home });
  expect(rows.map(({ name, state }) => [name, state])).toEqual([
    ["git", "missing"],
    ["kubectl", "ok"],
    ["helm", "missing"],
    ["kubefedctl", "missing"],
  ]);
});

test.each([
  { version: "24.0.0", state: "ok" },
  { version: "25.1.0", state: "ok" },
  { version: "22.18.0", state: "missing" },
])("Node $version is $state", ({ version, state }) => {
  expect(nodeRow(version).state).toBe(state);
});

test("packages that are not installed are named", () => {
  expect(packagesRow(["yaml", "not-there-at-all"])).toMatchObject({
    state: "missing",
    seen: "not installed: not-there-at-all",
    fix: "npm ci",
  });
  expect(packagesRow().state).toBe("ok");
});

async function takePort(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  return { server, port: await listenOn(server, { host: "127.0.0.1", port: 0 }) };
}

test("a port that somebody has is missing, with another one as the fix", async () => {
  const { server, port } = await takePort();
  expect(await portRow(port)).toMatchObject({
    state: "missing",
    seen: "taken",
    fix: expect.stringContaining(`--port ${port + 1}`) as string,
  });
  await closeListener(server);
  expect(await portRow(port)).toMatchObject({ state: "ok", seen: "free" });
});

describe("name servers", () => {
  test.each([
    { name: "that answer are there by both ways", broken: false, states: ["ok", "ok"] },
    { name: "that nobody answers for are missing by both", broken: true, states: ["missing", "missing"] },
  ])("$name", async ({ broken, states }) => {
    const dns = await startDnsServer();
    const nameServer = `127.0.0.1:${broken ? dns.addresses.closedPort : dns.addresses.port}`;
    const plan = { regions: 2, policy: "failover", intervalSeconds: 2, gatePort: 1, dnsPort: 1, dohPort: 1 } as const;
    const parsed = parseTopology(localTopology(plan));
    if (!parsed.ok) throw new Error("the local topology is right");
    const { service, dns: settings } = parsed.value;
    const topology = {
      ...parsed.value,
      service: { ...service, host: "ok.multicloud.example.com" },
      dns: { ...settings, nameServers: [nameServer] },
    };
    const rows = await examineServers(topology, makeNodeClock());
    expect(["name servers by TCP", "name servers by UDP"].map((name) => stateOf(rows, name)[0])).toEqual(states);
    dns.close();
  });
});

describe("only the local world fails", () => {
  const about = { name: "x", neededFor: "y" };
  test.each([
    {
      rows: [missing({ ...about, group: "local world" }, "none", "get it")],
      lacks: true,
      last: "The local world cannot run yet.",
    },
    {
      rows: [missing({ ...about, group: "deploy" }, "none", "get it")],
      lacks: false,
      last: "Incomplete, where you need them: deploy.",
    },
    {
      rows: [skipped({ ...about, group: "local world" }, "not asked", null)],
      lacks: false,
      last: "The local world can run: npm start",
    },
    {
      rows: [present({ ...about, group: "Route 53" }, "there")],
      lacks: false,
      last: "The local world can run: npm start",
    },
  ])("$last", ({ rows, lacks, last }) => {
    expect(lacksNeeded(rows)).toBe(lacks);
    expect(doctorText(rows, "off").trimEnd().split("\n").at(-1)).toBe(last);
  });

  test("a missing thing is shown with what it is for and how to get it", () => {
    const row = missing({ group: "federation", name: "helm", neededFor: "installing" }, "not on the PATH", "get helm");
    expect(doctorText([row], "off")).toBe(
      "federation\n  missing  helm                         not on the PATH\n           for installing\n           fix: get helm\n\nThe local world can run: npm start\nIncomplete, where you need them: federation.\n",
    );
  });
});

async function doctor(words: readonly string[], env: Readonly<Record<string, string>>) {
  const all = { PATH: process.env["PATH"], HOME: home, TMPDIR: tmpdir(), ...env };
  const child = spawn(process.execPath, [MAIN, "doctor", ...words], {
    cwd: ROOT,
    env: all,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

describe("monitor doctor", () => {
  test("on a machine without accounts ends with 0, says what it skipped, and leaves no file", async () => {
    const { server, port } = await takePort();
    await closeListener(server);
    const temporary = join(home, "tmp");
    mkdirSync(temporary);
    const { code, stdout, stderr } = await doctor(["--port", String(port), "--json"], {
      CLOUDFLARE_API_TOKEN: SECRET,
      TMPDIR: temporary,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain(SECRET);
    const { data, ...rest } = JSON.parse(stdout) as { data: { rows: DoctorRow[] } };
    expect(rest).toMatchObject({ schemaVersion: 1, command: "doctor", verdict: "conforms", findings: [] });
    expect(data.rows.filter(({ group }) => group === "local world").map(({ state }) => state)).toEqual(
      Array(7).fill("ok"),
    );
    expect(stateOf(data.rows, "Cloudflare account")[0]).toBe("ok");
    expect(stateOf(data.rows, "topology")[1]).toContain("2 regions");
    expect(data.rows.filter(({ state }) => state === "skipped")).toHaveLength(3);
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("where the port is taken ends with 1", async () => {
    const { server, port } = await takePort();
    const { code, stdout } = await doctor(["--port", String(port)], {});
    await closeListener(server);
    expect(code).toBe(1);
    expect(stdout).toContain(`  missing  port ${port}`);
    expect(stdout).toContain("The local world cannot run yet.");
  });

  test.each([
    {
      contents: "service: { name: 7 }\n",
      words: /missing {2}topology .*topology-\d\.yaml:1:1: regions: .* \(and \d+ more\)/,
    },
    {
      contents: 'service: { name: demo, host: demo.example.com, image: "${IMAGE_OF_DEMO}" }\n',
      words: /missing {2}variables +not set: IMAGE_OF_DEMO/,
    },
  ])("of a topology $contents says what is wrong with it, and does not fail", async ({ contents, words }) => {
    const file = write(`topology-${contents.length % 10}.yaml`, contents);
    const { server, port } = await takePort();
    await closeListener(server);
    const { code, stdout } = await doctor(["--topology", file, "--port", String(port)], {});
    expect(code).toBe(0);
    expect(stdout).toMatch(words);
  });

  test.each([
    { words: ["--port", "0"], say: '--port: expected a number from 1 to 65535, found "0"' },
    { words: ["--frob"], say: "Unknown option '--frob'" },
  ])("with $words is refused: $say", async ({ words, say }) => {
    const { code, stdout, stderr } = await doctor(words, {});
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(say);
  });
});
