// A gdnsd of our own: its whole configuration in a folder of its own, listening on loopback alone on a port that was free,
// in the foreground and as whoever runs the suite. It is ended by who started it.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../support/until.ts";
import { answersAt, freePort, NAME_SERVER_HOST } from "./name-server.ts";
import { stopProgram } from "./program.ts";

const START_MS_MAX = 30_000;

export interface GdnsdPlan {
  /** Zone apex, and the lines under it. */
  readonly zone: string;
  readonly lines: readonly string[];
  /** `service_types` and `plugins`; `folder` is where files of the plan may be. */
  readonly sections: (folder: string) => string;
  /** Files that the sections name. */
  readonly files: Readonly<Record<string, string>>;
}

export interface Gdnsd {
  readonly port: number;
  /** Whole or not at all, as gdnsd asks for. */
  setFile(name: string, text: string): void;
  /** What it has said so far, by when it was heard. */
  log(): readonly Logged[];
  stop(): Promise<void>;
}

export interface Logged {
  readonly at: number;
  readonly text: string;
}

/** gdnsd reads it while it runs: lines as "127.0.0.1/healthz => UP" override what is seen. */
export const ADMIN_STATE = "state/admin_state";

export async function startGdnsd(plan: GdnsdPlan): Promise<Gdnsd> {
  const folder = mkdtempSync(join(tmpdir(), "mp-gdnsd-"));
  const setFile = (name: string, text: string): void => {
    writeFileSync(join(folder, `${name}.new`), text);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  };
  for (const name of ["run", "state", "zones"]) mkdirSync(join(folder, name));
  for (const [name, text] of Object.entries(plan.files)) setFile(name, text);
  const port = await freePort();
  const listen = `listen => [ ${NAME_SERVER_HOST}:${port} ], udp_threads => 1, tcp_threads => 1`;
  const options = `options => { ${listen}, run_dir => ${folder}/run, state_dir => ${folder}/state, min_ttl => 1 }`;
  setFile("config", `${options}\n${plan.sections(folder)}\n`);
  setFile(`zones/${plan.zone}`, zoneFile(plan.lines));
  const words: Logged[] = [];
  const child = spawn("gdnsd", ["-c", folder, "start"], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (piece: Buffer) => words.push({ at: Date.now(), text: piece.toString() }));
  const stop = async (): Promise<void> => {
    await stopProgram(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until("gdnsd answers", () => isReady(child, port, plan.zone), START_MS_MAX);
  } catch (thrown) {
    await stop();
    throw new Error(
      `gdnsd does not start: ${words
        .map(({ text }) => text)
        .join("")
        .slice(-2000)}`,
      { cause: thrown },
    );
  }
  return { port, setFile, log: () => words, stop };
}

function isReady(child: ChildProcess, port: number, zone: string): Promise<boolean> {
  if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}`);
  return answersAt(port, `ns1.${zone}`);
}

function zoneFile(lines: readonly string[]): string {
  const head = ["@ SOA ns1 hostmaster 1 7200 900 1209600 900", "@ NS ns1", `ns1 A ${NAME_SERVER_HOST}`];
  return `${[...head, ...lines].join("\n")}\n`;
}
