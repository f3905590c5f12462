// The file that a monitor in Node keeps everything in. One process writes it: a second one is refused, and is told which
// process it must wait for.
import { existsSync, realpathSync } from "node:fs";
import { hostname } from "node:os";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod/mini";
import { takeProcessLock } from "../node/process-lock.ts";
import { makeNodeStore, type NodeStore } from "../node/store.ts";
import type { StoreResult } from "../run/world.ts";
import { type Instant, toIso } from "../time.ts";
import { attempt } from "../wire/sql-store.ts";

/** Keeps nothing beyond the process. */
export const MEMORY = ":memory:";

const WRITER = z.strictObject({ pid: z.int(), host: z.string(), since: z.string() });

/** What is wrong comes as a sentence about `file`. */
export function openDatabase(file: string, at: Instant): StoreResult<NodeStore> {
  if (file === MEMORY) return makeNodeStore({ file });
  const lock = attempt(() => takeProcessLock(`${existsSync(file) ? realpathSync(file) : file}.lock`));
  if (lock.kind === "failed") return lock;
  if (lock.value.kind === "failed") return lock.value;
  if (lock.value.kind === "held") return { kind: "failed", detail: heldBy(file) };
  const { release } = lock.value;
  const opened = makeNodeStore({ file });
  const signed = opened.kind === "failed" ? opened : attempt(() => signFile(opened.value, at));
  if (opened.kind === "done" && signed.kind === "done") {
    const close = (): void => {
      opened.value.close();
      release();
    };
    return { kind: "done", value: { ...opened.value, close } };
  }
  if (opened.kind === "done") opened.value.close();
  release();
  return { kind: "failed", detail: signed.kind === "failed" ? signed.detail : "" };
}

function signFile({ sql }: NodeStore, at: Instant): void {
  const writer = JSON.stringify({ pid: process.pid, host: hostname(), since: toIso(at) });
  sql.all("INSERT INTO meta (key, value) VALUES ('writer', ?1) ON CONFLICT (key) DO UPDATE SET value = ?1", writer);
}

function heldBy(file: string): string {
  const read = attempt(() => readWriter(file));
  const who =
    read.kind === "failed"
      ? "another process"
      : `process ${read.value.pid} on ${read.value.host} (since ${read.value.since})`;
  return `${who} watches with this file, and one writes it at a time`;
}

/** Throws where it cannot be read: it may have been taken a moment ago. */
function readWriter(file: string): z.infer<typeof WRITER> {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const row = database.prepare("SELECT value FROM meta WHERE key = 'writer'").get();
    return z.parse(WRITER, JSON.parse(String(row?.["value"])));
  } finally {
    database.close();
  }
}
