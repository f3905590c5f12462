// `monitor check` from this machine, with every phase, against the regions and the DNS server of a running local world.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localTopology } from "../../monitor/local/topology.ts";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { ROOT } from "../support/source-files.ts";
import { statusProblems } from "../support/status-check.ts";
import { AWS, INTERVAL_MS, startWorld, type World } from "./world.ts";

let world: World;
let topology: string;
beforeAll(async () => {
  world = await startWorld();
  const { regions, dns } = await world.control();
  topology = join(world.tempDir, "topology.yaml");
  const gatePort = Number(new URL(regions[0]?.url ?? "").port);
  const dnsPort = Number(dns.address.split(":")[1]);
  const dohPort = Number(new URL(dns.dohUrl).port);
  writeFileSync(
    topology,
    localTopology({ regions: 2, policy: "failover", intervalSeconds: INTERVAL_MS / 1000, gatePort, dnsPort, dohPort }),
  );
});
afterAll(() => world.stop());

async function check(...argv: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["monitor/cli/main.ts", "check", "--topology", topology, ...argv], {
    cwd: ROOT,
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (piece: Buffer) => (texts.stdout += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (texts.stderr += piece.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...texts };
}

test("with everything well it conforms, exit 0, and sees every phase that plain HTTP has", async () => {
  const { code, stdout } = await check("--json");
  const envelope = JSON.parse(stdout) as { command: string; verdict: string; data: StatusReport };
  expect({ code, command: envelope.command, verdict: envelope.verdict }).toEqual({
    code: 0,
    command: "check",
    verdict: "conforms",
  });
  expect(statusProblems(envelope.data)).toEqual([]);
  const [cell] = Object.values(envelope.data.matrix[AWS] ?? {});
  expect(Object.keys(cell?.phases ?? {})).toEqual(["connect", "ttfb", "transfer"]);
  expect(envelope.data.dns.map((one) => [one.view, one.answer])).toEqual([
    ["authoritative", ["127.0.10.1"]],
    ["recursive", ["127.0.10.1"]],
  ]);
});

test("it can ask as a vantage of the topology, one look is enough for an opinion, and the table is for people", async () => {
  const { code, stdout } = await check("--rounds", "1", "--as", "weur");
  expect(code).toBe(0);
  expect(stdout).toMatch(/ as weur/);
  expect(stdout).toMatch(/aws-us-east-1 +healthy +[\d.]+ +[\d.]+ +[\d.]+/);
  expect(stdout).toMatch(/demo\.multicloud\.example\.com: conforms\n$/);
});

test("a dead region makes it deviate, exit 1, with the cause that Node can name", async () => {
  await world.gate(AWS, "reset");
  const { code, stdout } = await check("--rounds", "1");
  expect(code).toBe(1);
  expect(stdout).toMatch(/aws-us-east-1 +unhealthy +[\d.]+ +reset: /);
});

test("with --wait it looks on until what converges has conformed or run out of time", async () => {
  await world.gate(AWS, "open");
  await world.untilStatus("calm", (report) => report.verdict === "conforms");
  await world.gate("dns", "stuck");
  await world.gate(AWS, "http-503");
  const { code, stdout } = await check("--rounds", "3", "--wait", "--json");
  expect(code).toBe(1);
  const { data } = JSON.parse(stdout) as { data: StatusReport };
  expect(data.dns.map((one) => one.verdict)).toEqual(["deviates", "deviates"]);
});
