// Runs a drill or a restore that is to die at a point of its own choosing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Undo } from "../../monitor/lever/undo.ts";

export interface CrashOrder {
  readonly what: "drill" | "restore";
  readonly folder: string;
  readonly drill: string;
  readonly undo: Undo;
  /** The number of the point, from 0; null: it lives. */
  readonly dieAt: number | null;
}

const ENTRY = new URL("./crash-child.ts", import.meta.url).pathname;

/** The points that it passed; null: it was killed. Rejects when it ended in any other way. */
export async function runMortal(order: CrashOrder): Promise<readonly string[] | null> {
  const child = spawn(process.execPath, ["--no-warnings", ENTRY, JSON.stringify(order)], {
    env: process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const texts = { out: "", error: "" };
  child.stdout.on("data", (piece: Buffer) => (texts.out += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (texts.error += piece.toString()));
  const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  if (signal === "SIGKILL" && order.dieAt !== null) return null;
  if (code !== 0 || order.dieAt !== null) throw new Error(`ended with ${signal ?? code}: ${texts.error}`);
  return JSON.parse(texts.out) as readonly string[];
}
