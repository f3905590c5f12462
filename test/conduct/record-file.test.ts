import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { addToRecord, createRecordFile, listRecords, readRecord } from "../../monitor/conduct/record-file.ts";
import { parseScript } from "../../monitor/drill/parse-script.ts";
import { planDrill } from "../../monitor/drill/plan.ts";
import type { DrillEvent, DrillRecord } from "../../monitor/drill/record.ts";
import { EXAMPLE } from "../support/example-topology.ts";
import { ROOT } from "../support/source-files.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "records-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const WATCHER = { url: "http://127.0.0.1:8787", worldPort: 8787 };

function blank(id = "20261128T120000Z-primary-outage"): DrillRecord {
  const script = parseScript(readFileSync(join(ROOT, "drills/primary-outage.yaml"), "utf8"));
  if (!script.ok) throw new Error(JSON.stringify(script.problems));
  const plan = planDrill(script.value, EXAMPLE);
  if (!plan.ok) throw new Error(JSON.stringify(plan.problems));
  return { schemaVersion: 1, id, plan: plan.value, simulated: false, startedAt: 1000, endedAt: null, events: [] };
}

const EVENTS: readonly DrillEvent[] = [
  { kind: "stage", at: 1000, stage: "steady" },
  { kind: "lever", at: 2000, lever: "gate", target: "a", action: "applied", detail: "" },
  { kind: "health", at: 1500, region: "a", view: "users", health: "healthy" },
  { kind: "opinion", at: 1600, region: "a", vantage: "enam", state: "up" },
  {
    kind: "dns",
    at: 1700,
    vantage: "enam",
    view: "recursive",
    answer: ["192.0.2.1"],
    ttlSeconds: 2,
    expected: [],
    verdict: null,
  },
  { kind: "request", at: 1800, via: "dns", vantage: "enam", served: null, totalMs: null, cause: "refused" },
  { kind: "verdict", at: 1900, subject: "failover", verdict: "conforms" },
  { kind: "incident", at: 2100, change: "opened", subject: "region:a", causedByDrill: true },
  { kind: "abort", at: 2200, reason: "enough" },
  { kind: "note", at: 2300, text: "é ✓" },
];

async function written(endedAt: number | null): Promise<DrillRecord> {
  const record = blank();
  const file = await createRecordFile(folder, record, WATCHER);
  for (const event of EVENTS) file.note(event);
  return endedAt === null ? file.record() : await file.end(endedAt);
}

test("a record is read as it was written, in the order of time, by its owner alone", async () => {
  const record = await written(3000);
  expect(record.events.map(({ at }) => at)).toEqual(EVENTS.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(await readRecord(folder, record.id)).toEqual({ kind: "record", record, watcher: WATCHER });
  expect(statSync(join(folder, `${record.id}.record`)).mode & 0o777).toBe(0o600);
});

test("a look that comes in behind the last line costs nothing that stands before it", async () => {
  const record = blank();
  const file = await createRecordFile(folder, record, WATCHER);
  for (let look = 0; look < 2000; look += 1) file.note({ kind: "note", at: look, text: "x".repeat(100) });
  const ended = file.end(3000);
  file.note({ kind: "note", at: 2999, text: "late" });
  await ended;
  expect(await readRecord(folder, record.id)).toMatchObject({ kind: "record", record: { endedAt: 3000 } });
});

test("one that broke off in a line is read up to there, and has no end", async () => {
  const record = await written(3000);
  const path = join(folder, `${record.id}.record`);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.slice(0, text.indexOf('{"kind":"abort"') + 9));
  const read = await readRecord(folder, record.id);
  expect(read).toMatchObject({ kind: "record", record: { endedAt: null } });
  if (read.kind === "record") expect(read.record.events).toHaveLength(8);
});

test("what restoring has to say is added after the last whole line", async () => {
  const record = await written(3000);
  const path = join(folder, `${record.id}.record`);
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.slice(0, text.indexOf('{"kind":"abort"') + 9));
  await addToRecord(folder, record.id, [{ kind: "note", at: 9000, text: "put back" }]);
  const read = await readRecord(folder, record.id);
  if (read.kind !== "record") throw new Error(JSON.stringify(read));
  expect(read.record.events.at(-1)).toEqual({ kind: "note", at: 9000, text: "put back" });
  expect(read.record.events).toHaveLength(9);
});

test("a line of another version ends the reading", async () => {
  const record = await written(3000);
  const path = join(folder, `${record.id}.record`);
  writeFileSync(path, readFileSync(path, "utf8").replace('"kind":"opinion"', '"kind":"hunch"'));
  expect(await readRecord(folder, record.id)).toMatchObject({ kind: "record", record: { endedAt: null } });
});

test("what is no record is said to be none", async () => {
  expect(await readRecord(folder, "missing")).toEqual({ kind: "none" });
  writeFileSync(join(folder, "empty.record"), "");
  writeFileSync(join(folder, "other.record"), '{"schemaVersion":2}\n');
  expect((await readRecord(folder, "empty")).kind).toBe("unreadable");
  expect((await readRecord(folder, "other")).kind).toBe("unreadable");
});

test("records are listed the latest first, and one is not written over", async () => {
  for (const id of ["20261128T120000Z-a", "20261128T130000Z-a"])
    await (await createRecordFile(folder, blank(id), WATCHER)).end(0);
  appendFileSync(join(folder, "20261128T140000Z-a.journal"), "");
  expect(await listRecords(folder)).toEqual(["20261128T130000Z-a", "20261128T120000Z-a"]);
  expect(await listRecords(join(folder, "none"))).toEqual([]);
  await expect(createRecordFile(folder, blank("20261128T120000Z-a"), WATCHER)).rejects.toThrow("EEXIST");
});
