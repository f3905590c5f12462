import { chmod, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import * as z from "zod";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { closeListener, listenOn } from "../../monitor/local/listening.ts";
import { type FoundWorld, readLiveWorlds } from "../../monitor/local/world-file.ts";
import {
  BUNDLE_DIR,
  descendantsOf,
  listRemains,
  makeTempDir,
  runCommand,
  startCommand,
  startUp,
  untilNothingIsLeft,
} from "./commands.ts";
import { answerOf } from "./dns-questions.ts";
import { until } from "../support/until.ts";

const SMALL = ["--policy", "latency", "--regions", "1"];
const TIMEOUT_MS = 60_000;

const TOLD = z.object({
  note: z.string(),
  topology: z.string(),
  traceUrl: z.string(),
  looks: z.number(),
  vantage: z.string(),
  region: z.nullable(z.string()),
});

function portsOf({ dns }: { dns: { address: string; dohUrl: string } }) {
  return { dns: Number(dns.address.split(":")[1]), doh: Number(new URL(dns.dohUrl).port) };
}

async function worldsIn(tempDir: string): Promise<readonly FoundWorld[]> {
  vi.stubEnv("TMPDIR", tempDir);
  onTestFinished(() => void vi.unstubAllEnvs());
  return await readLiveWorlds();
}

describe("a running world", { timeout: TIMEOUT_MS }, () => {
  test("has all its parts, takes orders, and leaves nothing behind after Ctrl-C", async () => {
    const world = await startUp();
    const { command, state, stock } = world;
    const [first, second] = state.regions;
    expect(stock.processes.join("\n")).toContain("workerd");
    expect(await listRemains(stock)).not.toEqual([]);

    const told = TOLD.parse(await (await fetch(`${world.statusUrl}/?region=${first?.url}/`)).json());
    expect(told).toMatchObject({ note: "bundled: as text\n", traceUrl: "", vantage: "vantage:enam:v1" });
    expect(told.looks).toBeGreaterThan(0);
    expect(told.topology).toContain("zone: multicloud.example.com");
    expect(JSON.parse(told.region ?? "")).toMatchObject({
      region: "us-east-1",
      cluster: "aws-us-east-1",
      podIP: "10.42.1.10",
    });
    expect(await (await fetch(`${second?.url}/`)).json()).toMatchObject({ region: "europe-west1" });
    expect(await answerOf(portsOf(state))).toBe("127.0.10.1");

    const [file] = await worldsIn(command.tempDir);
    const drainUrl = new URL("/drain", first?.url);
    const headers = { authorization: `Bearer ${file?.drainToken}` };
    expect((await fetch(drainUrl)).status).toBe(401);
    expect(await (await fetch(drainUrl, { headers })).json()).toMatchObject({ drainedUntil: null });
    const shown = [command.stdout(), command.stderr(), JSON.stringify(state), JSON.stringify(told)].join("\n");
    for (const secret of [file?.token, file?.drainToken]) expect(shown).not.toContain(secret);

    // Only the parent ends children: none of them listens to signals that were meant for it.
    for (const pid of [state.pids.worker, state.pids.dns]) {
      for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(pid, signal);
    }
    for (const pid of Object.values(state.pids.services)) process.kill(pid, "SIGINT");
    expect(await answerOf(portsOf(state))).toBe("127.0.10.1");
    expect((await fetch(world.statusUrl)).status).toBe(200);
    expect((await fetch(`${first?.url}/`)).status).toBe(200);

    const broken = await runCommand("gate", ["aws-us-east-1", "refuse"], command.tempDir);
    expect([broken.code, broken.stdout()]).toEqual([0, "aws-us-east-1 refuse\n"]);
    await expect(fetch(`${first?.url}/`)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    const silent = await runCommand("gate", ["dns", "nxdomain", "--json"], command.tempDir);
    expect(JSON.parse(silent.stdout())).toMatchObject({
      schemaVersion: 1,
      command: "gate",
      verdict: "conforms",
      data: { dns: { fault: "nxdomain" }, regions: [{ fault: "refuse" }, { fault: "open" }] },
      findings: [],
    });
    expect(await answerOf(portsOf(state))).toBe("NXDOMAIN");
    const wrong = await runCommand("gate", ["dns", "explode"], command.tempDir);
    expect([wrong.code, wrong.stderr()]).toEqual([
      2,
      'DNS has no fault "explode". Valid: open stuck servfail nxdomain truncated empty other-name refuse\n',
    ]);

    process.kill(-command.pid, "SIGINT");
    expect(await command.ended).toBe(0);
    expect(command.stderr()).toContain("stopping\n");
    await untilNothingIsLeft(stock);
  });

  test("leaves nothing behind when it is killed", async () => {
    const { command, stock } = await startUp(SMALL);
    process.kill(command.pid, "SIGKILL");
    await untilNothingIsLeft(stock);
  });

  test("stops by itself after --for", async () => {
    const { command, stock } = await startUp([...SMALL, "--for", "8s"]);
    expect(await command.ended).toBe(0);
    await untilNothingIsLeft(stock);
  });

  test("stops on SIGTERM; a signal after that does not wait, and still leaves nothing behind", async () => {
    const { command, stock, state } = await startUp(SMALL);
    // A service that cannot end is what one would have to wait for.
    for (const pid of Object.values(state.pids.services)) process.kill(pid, "SIGSTOP");
    process.kill(command.pid, "SIGTERM");
    await until("the first to be heard", () => command.stderr().includes("stopping"));
    const asked = performance.now();
    process.kill(command.pid, "SIGINT");
    expect(await command.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(4000);
    await untilNothingIsLeft(stock);
  });

  test.each([
    { part: "the DNS server", pidOf: (pids: { dns: number }) => pids.dns },
    { part: "the Worker's process", pidOf: (pids: { worker: number }) => pids.worker },
  ])("stops with code 3 and says so when $part dies", async ({ part, pidOf }) => {
    const { command, stock, state } = await startUp(SMALL);
    process.kill(pidOf(state.pids), "SIGKILL");
    expect(await command.ended).toBe(3);
    expect(command.stderr()).toContain(`${part} ended unexpectedly (SIGKILL)`);
    await untilNothingIsLeft(stock);
  });
});

describe("a start", { timeout: TIMEOUT_MS }, () => {
  test("on a taken port says which, and how to choose another", async () => {
    const taken = createServer();
    const port = await listenOn(taken, { host: "127.0.0.1", port: 0 });
    onTestFinished(() => closeListener(taken));
    const up = await runCommand("up", ["--port", String(port), "--bundle", BUNDLE_DIR], await makeTempDir());
    expect(up.code).toBe(2);
    expect(up.stderr()).toContain(`Port ${port} is taken. Choose another one: npm start -- --port ${port + 1}\n`);
  });

  test.each([
    { when: "given up by Ctrl-C", signal: "SIGINT", group: -1, want: 0 },
    { when: "killed", signal: "SIGKILL", group: 1, want: "SIGKILL" },
  ] as const)("that is $when leaves nothing behind", async ({ signal, group, want }) => {
    const tempDir = await makeTempDir();
    // Without a bundle: wrangler is at work when the signal comes.
    const command = startCommand("up", ["--port", "0"], tempDir);
    const processes = await until("wrangler", async () => {
      const all = await descendantsOf(command.pid);
      return all.some((row) => row.includes("--dry-run")) && all.some((row) => row.includes("worker-child"))
        ? all
        : null;
    });
    process.kill(group * command.pid, signal);
    expect(await command.ended).toBe(want);
    await untilNothingIsLeft({ processes, ports: [], tempDir });
  });

  test("without a bundle where there should be one fails with a sentence", async () => {
    const tempDir = await makeTempDir();
    const up = await runCommand("up", ["--port", "0", "--bundle", tempDir, ...SMALL], tempDir);
    expect(up.code).toBe(3);
    expect(up.stderr()).toContain(`${tempDir} has no index.js: not a bundle`);
    expect(await listRemains({ processes: [], ports: [], tempDir })).toEqual([]);
  });

  test("where workerd cannot run says what it needs", async () => {
    const tempDir = await makeTempDir();
    const workerd = join(await makeTempDir(), "workerd");
    await writeFile(workerd, '#!/bin/sh\necho "/lib/libc.so.6: version \\`GLIBC_2.35\' not found" >&2\nexit 1\n');
    await chmod(workerd, 0o755);
    const command = startCommand("up", ["--port", "0", "--bundle", BUNDLE_DIR, ...SMALL], tempDir, {
      MINIFLARE_WORKERD_PATH: workerd,
    });
    expect(await command.ended).toBe(3);
    expect(command.stderr()).toMatch(
      /workerd could not start. On Linux it needs glibc 2\.35 or newer .*\n.*GLIBC_2\.35' not found/,
    );
    expect(await listRemains({ processes: [], ports: [], tempDir })).toEqual([]);
  });
});
