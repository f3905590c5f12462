// `monitor vantage` and the monitor that it reports to, as processes: what a person sees of both, and what is left when either is
// killed.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { parseTopology } from "../../monitor/topology/parse.ts";
import type { Topology } from "../../monitor/topology/topology.ts";
import { slotAt } from "../../monitor/time.ts";
import { statusProblems } from "../support/status-check.ts";
import { batchAt, OFFICE, OFFICE_SECRET, OTHER_SECRET, signedBatch } from "../support/private-vantage.ts";
import { until } from "../support/until.ts";
import {
  makeScratch,
  roundsOf,
  type Scratch,
  startWatch,
  topologyText,
  type TopologyWords,
  type Watching,
} from "./watch-process.ts";

const MAIN = join(import.meta.dirname, "../../monitor/cli/main.ts");
const SECRET = { VANTAGE_SECRET_OFFICE: OFFICE_SECRET };

// Two processes each, and a busy machine starts them slowly.
vi.setConfig({ testTimeout: 60_000 });

let scratch: Scratch;
beforeEach(() => {
  scratch = makeScratch();
  writeTopology();
});
afterEach(() => scratch.remove());

function writeTopology(words: TopologyWords = {}): Topology {
  writeFileSync(scratch.topology, topologyText({ privateId: OFFICE, ...words }));
  const parsed = parseTopology(readFileSync(scratch.topology, "utf8"));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

async function watch(): Promise<Watching> {
  const watching = await startWatch(scratch, [], SECRET);
  onTestFinished(() => void watching.process.kill("SIGKILL"));
  return watching;
}

interface Office {
  readonly process: ChildProcess;
  readonly stderr: () => string;
  readonly ended: Promise<number | null>;
}

function startOffice(argv: readonly string[], secret = OFFICE_SECRET): Office {
  const child = spawn(process.execPath, [MAIN, "vantage", ...argv], {
    // Its own folder for temporary files: no local world is there.
    env: { ...process.env, TMPDIR: scratch.folder, VANTAGE_SECRET_OFFICE: secret },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
  const ended = once(child, "close").then(([code]) => code as number | null);
  onTestFinished(() => void child.kill("SIGKILL"));
  return { process: child, stderr: () => stderr, ended };
}

function reporting(watching: Pick<Watching, "url">, ...more: readonly string[]): readonly string[] {
  return [OFFICE, "--to", watching.url, "--topology", scratch.topology, ...more];
}

interface Told {
  readonly vantages: readonly { readonly id: string; readonly missed?: string; readonly private?: boolean }[];
  readonly matrix: Readonly<
    Record<string, Readonly<Record<string, { readonly state: string; readonly phases: object }>>>
  >;
  readonly dns: readonly { readonly vantage: string }[];
}

async function told(watching: Watching): Promise<Told> {
  return (await watching.json("/status")) as unknown as Told;
}

async function missed(watching: Watching): Promise<string | undefined> {
  return (await told(watching)).vantages.find(({ id }) => id === OFFICE)?.missed;
}

describe("a vantage that reports", () => {
  test("stands beside the other in every face, and is missed when it is gone", async () => {
    const watching = await watch();
    expect(watching.output().stderr).toContain("beside it counts what office reports");
    expect(await missed(watching)).toBe("it is private, and has not reported yet");
    const office = startOffice(reporting(watching));
    await until("its report", async () => (await missed(watching)) === undefined);
    const report = await told(watching);
    expect(statusProblems(report)).toEqual([]);
    expect(report.vantages.map((vantage) => [vantage.id, vantage.private])).toEqual([
      ["here", undefined],
      [OFFICE, true],
    ]);
    for (const row of Object.values(report.matrix)) expect(row[OFFICE]?.state).toBe("down");
    expect(report.dns.map(({ vantage }) => vantage)).toContain(OFFICE);
    expect(await (await watching.get("/metrics")).text()).toContain(`probe_success{region="east",vantage="office"} 0`);
    expect(office.stderr()).toContain(`${watching.url} takes what is seen here`);

    office.process.kill("SIGINT");
    expect(await office.ended).toBe(0);
    expect(office.stderr()).toMatch(
      /slots looked in: \d+; arrived: \d+, refused: 0, too old to bring: 0, left behind: 0/,
    );
    expect(await until("that it is missed", () => missed(watching))).toContain("sent nothing after 20");
    expect((await told(watching)).matrix["east"]?.[OFFICE]?.state).toBe("missed");
    expect(await (await watching.get("/")).text()).toContain("Nothing comes from office");
  });

  test("is told in the monitor's own words why it is refused, once, and --rounds ends with 4", async () => {
    const watching = await watch();
    const office = startOffice(reporting(watching, "--rounds", "2"), OTHER_SECRET);
    expect(await office.ended).toBe(4);
    const lines = office
      .stderr()
      .split("\n")
      .filter((line) => line.includes("refuses it"));
    expect(lines).toEqual([
      expect.stringContaining("(wrong-signature): webhook-signature: expected that of VANTAGE_SECRET_OFFICE"),
    ]);
  });

  test("with another topology is told so, and reports again once it has the monitor's", async () => {
    const watching = await watch();
    const own = join(scratch.folder, "own.yaml");
    writeFileSync(own, topologyText({ privateId: OFFICE, primaryAt: "127.0.10.9:1" }));
    const office = startOffice([OFFICE, "--to", watching.url, "--topology", own]);
    await until("the refusal", () => office.stderr().includes("(other-topology)"));
    writeFileSync(own, readFileSync(scratch.topology, "utf8"));
    await until("its report", async () => (await missed(watching)) === undefined);
    expect(office.stderr()).toContain("own.yaml: read again");
  });

  test("brings what it saw while the monitor was away, as far as that is fresh", async () => {
    writeTopology({ intervalSeconds: 2 });
    const first = await watch();
    const { port } = new URL(first.url);
    const office = startOffice(reporting(first));
    await until("its report", async () => (await missed(first)) === undefined);
    first.process.kill("SIGKILL");
    await first.ended;
    await until("that it is told", () => office.stderr().includes("is not reached: "));
    const again = await startWatch(scratch, ["--port", port], SECRET);
    onTestFinished(() => void again.process.kill("SIGKILL"));
    await until("that it is taken again", () => office.stderr().match(/takes what is seen here/g)?.length === 2);
    expect(await missed(again)).toBeUndefined();
  });
});

test("kill -9 between the answer and the round loses nothing that was acknowledged", async () => {
  const EVERY_SECONDS = 4;
  const topology = writeTopology({ intervalSeconds: EVERY_SECONDS });
  const first = await watch();
  const rounds = await roundsOf(first);
  const slot = slotAt(Date.now(), EVERY_SECONDS * 1000);
  const batch = batchAt(topology, slot, { dns: [] });
  const { headers, body } = await signedBatch(batch, Date.now());
  const reply = await fetch(`${first.url}/v1/observations`, { method: "POST", headers, body });
  expect([reply.status, await reply.json()]).toMatchObject([202, { observations: "held" }]);
  first.process.kill("SIGKILL");
  await first.ended;
  const again = await startWatch(scratch, [], SECRET);
  onTestFinished(() => void again.process.kill("SIGKILL"));
  await until("the next round", async () => (await roundsOf(again)) > rounds);
  const report = await told(again);
  expect(report.vantages.at(-1)).toMatchObject({ id: OFFICE });
  expect(report.matrix["east"]?.[OFFICE]).toMatchObject({ state: "up", phases: { connect: 5 } });
});
