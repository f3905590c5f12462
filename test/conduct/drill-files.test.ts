// The files of a drill on a disk without room: it does not begin, says so in a sentence, and leaves nothing that looks like a
// drill.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { dropFiles, openFiles } from "../../monitor/conduct/drill-files.ts";
import type { DrillFiles } from "../../monitor/conduct/drill-run.ts";
import { listRecords, recordFolder } from "../../monitor/conduct/record-file.ts";
import { openJournals } from "../../monitor/lever/journal.ts";
import { journalFolder } from "../../monitor/lever/state-folder.ts";
import { shortPlan, smallTopology } from "./small-drill.ts";

let state: string;
beforeEach(() => void (state = mkdtempSync(join(tmpdir(), "drill-files-"))));
afterEach(() => rmSync(state, { recursive: true, force: true }));

const SPAN = { startedAt: 1000, expiresAt: 2000 };
const order = () => ({ id: "d1", plan: shortPlan(smallTopology()), state, url: "http://127.0.0.1:1", worldPort: null });

async function open(): Promise<DrillFiles> {
  const files = await openFiles(order(), SPAN);
  if (typeof files === "string") throw new Error(files);
  return files;
}

async function left() {
  return [(await openJournals(journalFolder(state))).length, await listRecords(recordFolder(state))];
}

test("no room for the record: a sentence says so, and neither a record nor an open journal is left", async () => {
  const source = new URL("../../monitor/conduct/drill-files.ts", import.meta.url).href;
  const write = `const { openFiles } = await import(${JSON.stringify(source)});
    console.log(await openFiles(${JSON.stringify(order())}, ${JSON.stringify(SPAN)}));`;
  // 1024 bytes: the journal's head fits, and the record's does not.
  const limits = 'trap "" XFSZ; ulimit -f 1; exec "$0" "$@"';
  const node = [process.execPath, "--no-warnings", "--input-type=module", "-e", write];
  const child = spawn("bash", ["-c", limits, ...node], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"] },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = child.stdout.setEncoding("utf8").toArray();
  await once(child, "close");
  expect((await said).join("")).toMatch(
    /^what puts things back cannot be written below .*: EFBIG.*; make room there, or/,
  );
  expect(await left()).toEqual([0, []]);
});

test("a drill that the monitor does not take leaves nothing", async () => {
  const files = await open();
  expect(await dropFiles(files, "refused", 1500)).toEqual([]);
  await files.journal.release();
  expect(await left()).toEqual([0, []]);
});

test("one that the monitor may have taken leaves its journal, by which a restore tells it", async () => {
  const files = await open();
  expect(await dropFiles(files, "unknown", 1500)).toEqual([]);
  await files.journal.release();
  expect(await left()).toEqual([1, []]);
});

test("where there is no room to write that it did not begin, that is said, and who closes it", async () => {
  const files = await open();
  const append = () => Promise.reject(new Error("ENOSPC: no space left on device"));
  expect(await dropFiles({ ...files, journal: { ...files.journal, append } }, "refused", 1500)).toEqual([
    `there is no writing to ${files.journal.path} that it did not begin: once there is room, \`monitor drill restore d1\` closes it`,
  ]);
  await files.journal.release();
  expect(await left()).toEqual([1, []]);
});
