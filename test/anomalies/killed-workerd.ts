// One life of the real Worker in the real workerd, from its start to a kill -9, and what it left on the disk.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Miniflare } from "miniflare";
import * as z from "zod";
import { localTopology } from "../../monitor/local/topology.ts";
import { startWorkerd } from "../../monitor/local/workerd.ts";
import { parseMeters } from "../../monitor/report/meters.ts";
import { until } from "../support/until.ts";

export const INTERVAL_MS = 200;

/** Everything it asks refuses at once: what is stored does not depend on what it sees. */
const TOPOLOGY = localTopology({
  regions: 2,
  policy: "failover",
  intervalSeconds: INTERVAL_MS / 1000,
  gatePort: 1,
  dnsPort: 1,
  dohPort: 1,
});

export interface Life {
  /** As `/healthz` tells it. */
  readonly ask: () => Promise<Told>;
  /** Workerd is gone when it resolves. */
  readonly kill: () => Promise<void>;
}

const TOLD = z.object({ rounds: z.int(), lastRoundAt: z.nullable(z.string()), missedSlots: z.int() });
export type Told = z.infer<typeof TOLD>;

/** `more`: lines after the topology's end. */
export async function startLife(bundleDir: string, storageDir: string, more = ""): Promise<Life> {
  const workerd = startWorkerd({
    bundleDir,
    compatibilityDate: "2026-10-20",
    host: "127.0.0.1",
    port: 0,
    storageDir,
    topology: TOPOLOGY + more,
    adminToken: "",
    secrets: {},
  });
  const url = await workerd.ready;
  return {
    ask: async () => TOLD.parse(await (await fetch(new URL("/healthz", url))).json()),
    kill: () => killWorkerd(workerd),
  };
}

/** Miniflare would start another one at once, if it were not disposed of in the same turn. */
async function killWorkerd(workerd: Miniflare): Promise<void> {
  const pids = childrenNamed("workerd");
  for (const pid of pids) process.kill(pid, "SIGKILL");
  await workerd.dispose();
  if (pids.length !== 1) throw new Error(`expected one workerd of this process, found ${pids.length}`);
  await until("workerd is gone", () => childrenNamed("workerd").length === 0);
}

/** Fields as in proc(5); a zombie has ended. */
function childrenNamed(name: string): readonly number[] {
  return readdirSync("/proc").flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const stat = readStat(entry);
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const own = fields[0] !== "Z" && Number(fields[1]) === process.pid && stat.includes(`(${name})`);
    return own ? [Number(entry)] : [];
  });
}

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return "";
  }
}

export interface Remains {
  readonly integrity: string;
  /** The oldest first. */
  readonly slots: readonly number[];
  /** As the rows say. */
  readonly missedSlots: number;
  readonly state: { readonly lastSlot: number; readonly rounds: number; readonly missedSlots: number };
  /** As the meters have it: in how many rounds the region was looked at that was looked at most. */
  readonly looks: number;
}

const STATE = z.object({ lastSlot: z.int(), rounds: z.int(), missedSlots: z.int() });
const ROW = z.object({ missedSlots: z.int() });
const NO_STATE = { lastSlot: 0, rounds: 0, missedSlots: 0 };

/** What a database without a round holds. */
export const NOTHING: Remains = { integrity: "ok", slots: [], missedSlots: 0, state: NO_STATE, looks: 0 };

/** What the coordinator's database holds; null before it has one. */
export function readRemains(storageDir: string): Remains | null {
  const files = readdirSync(storageDir, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".sqlite"),
  );
  for (const file of files) {
    const database = new DatabaseSync(join(storageDir, file));
    try {
      if (database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'rounds'").all().length === 0) continue;
      const rows = database.prepare("SELECT slot, row FROM rounds ORDER BY slot").all();
      const json = database.prepare("SELECT json FROM state").get()?.["json"];
      const meters = database.prepare("SELECT json FROM meters").get()?.["json"];
      return {
        integrity: String(database.prepare("PRAGMA integrity_check").get()?.["integrity_check"]),
        slots: rows.map(({ slot }) => Number(slot)),
        missedSlots: rows.reduce((sum, { row }) => sum + ROW.parse(JSON.parse(String(row))).missedSlots, 0),
        state: typeof json === "string" ? STATE.parse(JSON.parse(json)) : NO_STATE,
        looks: typeof meters === "string" ? looksIn(meters) : 0,
      };
    } finally {
      database.close();
    }
  }
  return null;
}

function looksIn(json: string): number {
  const meters = parseMeters(json);
  if (!meters.ok) throw new Error(`meters: ${meters.problems[0]?.message ?? ""}`);
  const cells = Object.values(meters.value.looks).flatMap((row) => Object.values(row));
  return Math.max(0, ...cells.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0)));
}
