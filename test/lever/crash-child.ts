// A drill of one lever, or the restore of one, in a process of its own that kills itself at one of its points: where a line of
// the journal is torn, is written, and where a request was answered that changed, or was about to change, the world. Without
// a point to die at it prints the names of all that it passed.
import { appendFileSync } from "node:fs";
import { subscribe } from "node:diagnostics_channel";
import { createJournal, type Journal, journalPath, openJournal } from "../../monitor/lever/journal.ts";
import { formatLine, type JournalHead } from "../../monitor/lever/journal-entry.ts";
import { applyUndo, rollbackUndo } from "../../monitor/lever/make-lever.ts";
import { pullLever } from "../../monitor/lever/pull.ts";
import { makeReach } from "../../monitor/lever/reach.ts";
import { letGoOfAll } from "../../monitor/lever/restore.ts";
import type { CrashOrder } from "./crash-process.ts";

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- from the test itself
const { what, folder, drill, undo, dieAt } = JSON.parse(process.argv[2] ?? "") as CrashOrder;
const passed: string[] = [];

function pass(name: string): void {
  passed.push(name);
  if (passed.length - 1 === dieAt) process.kill(process.pid, "SIGKILL");
}

// Of node:http and of undici: the other side has done what it was asked, and nobody here has been told.
subscribe("http.client.response.finish", () => pass("answered"));
subscribe("undici:request:headers", () => pass("answered"));

function mortal(journal: Journal): Journal {
  return {
    ...journal,
    append: async (entry) => {
      if (passed.length === dieAt) appendFileSync(journal.path, formatLine(entry).slice(0, 20));
      pass(`${entry.kind} torn`);
      await journal.append(entry);
      pass(`${entry.kind} written`);
    },
  };
}

const reach = makeReach(process.env);
const head: JournalHead = {
  kind: "drill",
  schemaVersion: 1,
  drill,
  title: drill,
  startedAt: 0,
  expiresAt: 0,
  pid: process.pid,
};

if (what === "drill") {
  const journal = mortal(await createJournal(folder, head));
  pass("journal begun");
  const pulled = await pullLever(journal, { step: 0, undo }, (one) => applyUndo(one, reach), reach.clock);
  if (pulled.kind === "failed") throw new Error(pulled.detail);
  await letGo(journal);
} else {
  const opened = await openJournal(journalPath(folder, drill));
  if (opened.kind !== "open") throw new Error(opened.kind);
  await letGo(mortal(opened.journal));
}
console.log(JSON.stringify(passed));
process.exit(0);

async function letGo(journal: Journal): Promise<void> {
  const restored = await letGoOfAll(journal, (one) => rollbackUndo(one, reach), reach.clock);
  if (restored.kind !== "finished") throw new Error(JSON.stringify(restored));
  await journal.release();
}
