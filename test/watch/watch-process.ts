// `monitor watch` as a process, on a topology whose regions and name server refuse at once unless a test says otherwise: what
// the monitor itself does hardly depends on what it sees.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../support/until.ts";

const MAIN = join(import.meta.dirname, "../../monitor/cli/main.ts");
const START_MAX_MS = 30_000;
export const INTERVAL_SECONDS = 1;

export interface TopologyWords {
  readonly name?: string;
  /** "127.0.10.1:1" refuses. */
  readonly primaryAt?: string;
  readonly primary?: string;
  readonly timeoutMs?: number;
  readonly intervalSeconds?: number;
  /** Of a private vantage beside the other. */
  readonly privateId?: string;
}

export function topologyText({
  name = "demo",
  primaryAt = "127.0.10.1:1",
  primary = "east",
  timeoutMs = 300,
  intervalSeconds = INTERVAL_SECONDS,
  privateId,
}: TopologyWords = {}): string {
  return `\
local: true
service: { name: ${name}, host: demo.example.com, image: demo:1 }
regions:
  - { id: east, region: us-east-1, cluster: { context: east }, endpoint: { url: "http://${primaryAt}", addresses: [127.0.10.1] } }
  - { id: west, region: us-west-2, cluster: { context: west }, endpoint: { url: "http://127.0.10.2:1", addresses: [127.0.10.2] } }
dns:
  zone: example.com
  policy: { routing: failover, primary: ${primary}, secondary: west }
  nameServers: ["127.0.0.1:1"]
probe: { intervalSeconds: ${intervalSeconds}, timeoutMs: ${timeoutMs}, vantages: [ { id: weur, hint: weur, clientSubnet: 198.51.100.0/24 }${privateId === undefined ? "" : `, { id: ${privateId}, private: true }`} ] }
`;
}

export interface Scratch {
  readonly folder: string;
  readonly topology: string;
  readonly database: string;
  readonly remove: () => void;
}

export function makeScratch(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), "watch-"));
  const topology = join(folder, "topology.yaml");
  writeFileSync(topology, topologyText());
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { folder, topology, database: join(folder, "watch.db"), remove };
}

export interface Watching {
  readonly process: ChildProcess;
  readonly url: string;
  readonly output: () => { readonly stdout: string; readonly stderr: string };
  readonly get: (path: string, token?: string) => Promise<Response>;
  readonly json: (path: string) => Promise<Record<string, unknown>>;
  /** Exit code and signal. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

export function spawnWatch(argv: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { ADMIN_TOKEN: _own, ...inherited } = process.env;
  const child = spawn(process.execPath, [MAIN, "watch", ...argv], {
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.on("data", (piece: Buffer) => (output.stdout += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (output.stderr += piece.toString()));
  const ended = once(child, "close").then((end) => end as [number | null, NodeJS.Signals | null]);
  return { child, output, ended };
}

/** Waits for its first round. */
export async function startWatch(
  { topology, database }: Scratch,
  argv: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Watching> {
  const args = ["--topology", topology, "--db", database, "--port", "0", "--name", "here", ...argv];
  const { child, output, ended } = spawnWatch(args, env);
  const url = await until(
    "its address",
    () =>
      child.exitCode === null
        ? /; (http:\/\/\S+)\//.exec(output.stderr)?.[1]
        : Promise.reject(new Error(`it ended: ${output.stderr}`)),
    START_MAX_MS,
  );
  const get = (path: string, token?: string): Promise<Response> =>
    fetch(`${url}${path}`, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  const json = async (path: string): Promise<Record<string, unknown>> =>
    (await (await get(path)).json()) as Record<string, unknown>;
  const watching = { process: child, url, output: () => output, get, json, ended };
  await until("a round", async () => (await roundsOf(watching)) > 0, START_MAX_MS);
  return watching;
}

export async function roundsOf({ json }: Pick<Watching, "json">): Promise<number> {
  return Number((await json("/healthz"))["rounds"]);
}
