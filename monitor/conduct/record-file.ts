// A drill's record on the disk: a head, one line per event as it comes, and a last line when it is over. What broke off in
// the middle can be read up to there, so that a drill that was killed has a record too.
import { once } from "node:events";
import { createReadStream, createWriteStream, type WriteStream } from "node:fs";
import { appendFile, readdir, readFile, rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { finished } from "node:stream/promises";
import * as z from "zod";
import { type DrillEvent, type DrillRecord, EVENTS_MAX } from "../drill/record.ts";
import { errorText } from "../local/listening.ts";
import type { Instant } from "../time.ts";
import type { Watcher } from "../lever/journal-entry.ts";
import { ensureOwnFolder } from "../lever/state-folder.ts";
import { readEvent, readHead, type RecordHead } from "./record-line.ts";

const SUFFIX = ".record";
const RECORDS_MAX = 10_000;

export interface RecordFile {
  readonly path: string;
  note(event: DrillEvent): void;
  /** As they came: those of one kind are in the order of time. */
  events(): readonly DrillEvent[];
  /** The record so far, in the order of time. */
  record(): DrillRecord;
  /** Writes the last line; resolves when the file is whole. */
  end(at: Instant): Promise<DrillRecord>;
  /** Of a drill that did not begin: no record is left. */
  discard(): Promise<void>;
}

/** Where records are, beside the journals. */
export function recordFolder(state: string): string {
  return join(state, "records");
}

/** `record` has no events yet. Rejects where there is one of this id. */
export async function createRecordFile(folder: string, record: DrillRecord, watcher: Watcher): Promise<RecordFile> {
  await ensureOwnFolder(folder);
  const path = join(folder, `${record.id}${SUFFIX}`);
  const stream = createWriteStream(path, { flags: "wx", mode: 0o600 });
  const { events: _none, endedAt: _not, ...head } = record;
  await once(stream, "open");
  // A full disk must not keep a drill from its repair; what is missing is told when it ends.
  let failure: string | null = null;
  stream.on("error", (error) => (failure = errorText(error)));
  // Whoever finds the record finds its head, also when the drill dies at once.
  try {
    await new Promise<void>((resolve, reject) => {
      stream.write(lineOf({ ...head, watcher }), (error) => (error ? reject(error) : resolve()));
    });
  } catch (thrown) {
    await rm(path, { force: true });
    throw thrown;
  }
  const events: DrillEvent[] = [];
  const note = (event: DrillEvent): void => {
    if (events.length >= EVENTS_MAX) return;
    events.push(event);
    writeLine(stream, event);
  };
  const inOrder = (endedAt: Instant | null): DrillRecord => ({
    ...record,
    endedAt,
    events: events.toSorted((a, b) => a.at - b.at),
  });
  return {
    path,
    note,
    events: () => events,
    record: () => inOrder(null),
    end: async (at) => {
      if (failure !== null) note({ kind: "note", at, text: `the record could not be written: ${failure}` });
      writeLine(stream, { kind: "end", at });
      stream.end();
      await finished(stream).catch(() => {});
      return inOrder(at);
    },
    discard: async () => {
      stream.end();
      await finished(stream).catch(() => {});
      await rm(path, { force: true });
    },
  };
}

/** A look may still come in behind the last line: written then, it would break the file and lose what is not on the disk yet. */
function writeLine(stream: WriteStream, value: object): void {
  if (stream.writable) stream.write(lineOf(value));
}

function lineOf(value: object): string {
  return `${JSON.stringify(value)}\n`;
}

export type ReadRecord =
  | { readonly kind: "record"; readonly record: DrillRecord; readonly watcher: Watcher }
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly detail: string };

const END = z.strictObject({ kind: z.literal("end"), at: z.int() });

/** Lines that this version does not understand end the reading: what follows may depend on them. */
export async function readRecord(folder: string, id: string): Promise<ReadRecord> {
  try {
    const lines = createInterface({
      input: createReadStream(join(folder, `${id}${SUFFIX}`), "utf8"),
      crlfDelay: Infinity,
    });
    let head: RecordHead | null = null;
    const events: DrillEvent[] = [];
    let endedAt: Instant | null = null;
    for await (const line of lines) {
      const value = parseLine(line);
      if (head === null) {
        head = readHead(value);
        if (head === null) return { kind: "unreadable", detail: `${id}: expected the head of a drill's record` };
        continue;
      }
      const end = END.safeParse(value);
      if (end.success) endedAt = end.data.at;
      const event = end.success ? null : readEvent(value);
      if (event === null || events.length >= EVENTS_MAX) break;
      events.push(event);
    }
    if (head === null) return { kind: "unreadable", detail: `${id}: the record is empty` };
    const { watcher, ...plain } = head;
    return { kind: "record", watcher, record: { ...plain, endedAt, events: events.toSorted((a, b) => a.at - b.at) } };
  } catch (error) {
    return errorText(error).includes("ENOENT") ? { kind: "none" } : { kind: "unreadable", detail: errorText(error) };
  }
}

/** Of a drill that broke off, when it has been restored: what follows the last whole line is cut off. */
export async function addToRecord(folder: string, id: string, events: readonly DrillEvent[]): Promise<void> {
  const path = join(folder, `${id}${SUFFIX}`);
  const text = await readFile(path, "utf8").catch(() => null);
  if (text === null || text === "") return;
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  await truncate(path, Buffer.byteLength(whole));
  await appendFile(path, events.map(lineOf).join(""));
}

/** The latest first. */
export async function listRecords(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => name.slice(0, -SUFFIX.length))
    .toSorted((a, b) => (a < b ? 1 : -1))
    .slice(0, RECORDS_MAX);
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
