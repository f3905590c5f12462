// `monitor drill` as a process against a running local world, with a state folder of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { DRILL_REPORT_SCHEMA, type DrillReport } from "../../monitor/report/drill-report-schema.ts";
import { parseIso } from "../../monitor/time.ts";
import { ROOT } from "../support/source-files.ts";
import type { World } from "./world.ts";

export interface DrillProcess {
  readonly process: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

export function stateOf(world: World): string {
  return join(world.tempDir, "state");
}

/** In a process group of its own, as a terminal would start it. */
export function startDrill(world: World, ...argv: readonly string[]): DrillProcess {
  const child = spawn(process.execPath, ["monitor/cli/main.ts", "drill", ...argv], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: world.tempDir, MULTICLOUD_PROBE_STATE: stateOf(world) },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const texts = { stdout: "", stderr: "" };
  child.stdout.on("data", (piece: Buffer) => (texts.stdout += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (texts.stderr += piece.toString()));
  const ended = once(child, "close").then(() => child.exitCode ?? child.signalCode);
  return { process: child, stdout: () => texts.stdout, stderr: () => texts.stderr, ended };
}

export async function runDrill(
  world: World,
  ...argv: readonly string[]
): Promise<DrillProcess & { readonly code: unknown }> {
  const drill = startDrill(world, ...argv);
  return { ...drill, code: await drill.ended };
}

/** Journals that are there, finished or not. */
export function journalsOf(world: World): readonly string[] {
  return namesIn(join(stateOf(world), "drills")).filter((name) => name.endsWith(".journal"));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

/** What a drill can change of a world: gates, DNS, and what the monitor was told. */
export async function snapshotOf(world: World): Promise<object> {
  const asked = Date.now();
  const { regions, dns } = await world.control();
  // The monitor keeps its answer for a moment.
  const { drill } = await world.untilStatus("a fresh answer", (report) => (parseIso(report.generatedAt) ?? 0) > asked);
  const running = drill === undefined || drill.endedAt !== null ? null : drill.id;
  return { regions: regions.map(({ id, fault, onlyFrom }) => ({ id, fault, onlyFrom })), dns: dns.fault, running };
}

const RESULT = z.object({ data: DRILL_REPORT_SCHEMA });

/** Of `--json`. */
export function reportOf({ stdout }: DrillProcess): DrillReport {
  return RESULT.parse(JSON.parse(stdout())).data;
}
