// The journal of one drill on the disk: one line per step, synced before the step, so that neither kill -9 nor a power cut
// leaves the world changed and the journal silent.
import { type FileHandle, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { formatProblem } from "../problem.ts";
import {
  formatLine,
  isFinished,
  type JournalEntry,
  type JournalHead,
  type JournalText,
  openSteps,
  type OpenStep,
  parseJournal,
} from "./journal-entry.ts";
import { type JournalLock, lockedJournal, takeJournalLock } from "./journal-lock.ts";
import { ensureOwnFolder } from "./state-folder.ts";

const SUFFIX = ".journal";
const JOURNALS_MAX = 10_000;
const JOURNAL_BYTES_MAX = 16 * 1024 * 1024;

export interface Journal {
  readonly path: string;
  readonly head: JournalHead;
  /** As `openSteps` of what stands in it now. */
  openSteps(): readonly OpenStep[];
  isFinished(): boolean;
  /** Resolves when the line is on the disk. */
  append(entry: JournalEntry): Promise<void>;
  /** Gives up the lock; a journal that is not closed stays for `restore`. */
  release(): Promise<void>;
}

export function journalPath(folder: string, drill: string): string {
  return join(folder, `${drill}${SUFFIX}`);
}

/** Rejects where there is one already. */
export async function createJournal(folder: string, head: JournalHead): Promise<Journal> {
  await ensureOwnFolder(folder);
  await sweepLocks(folder);
  const path = journalPath(folder, head.drill);
  const lock = takeJournalLock(path);
  if (lock === null) throw new Error(`another process works on ${path}`);
  try {
    const file = await open(path, "ax", 0o600);
    await writeSynced(file, formatLine(head));
    await syncFolder(folder);
    return journalOn(file, { path, head, entries: [] }, lock);
  } catch (error) {
    await lock.release("file");
    throw error;
  }
}

/** A process that was killed with its journal finished leaves the lock's file behind. */
async function sweepLocks(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = lockedJournal(join(folder, name));
    const read = path === null ? null : await readJournal(path);
    if (path !== null && read?.kind === "journal" && isFinished(read.text.entries))
      await takeJournalLock(path)?.release("nothing");
  }
}

export type OpenedJournal =
  | { readonly kind: "open"; readonly journal: Journal }
  /** Another process works on it: the drill itself, or a restore. */
  | { readonly kind: "busy"; readonly pid: number | null }
  | Exclude<ReadJournal, { readonly kind: "journal" }>;

/** For going on with it: takes the lock, and cuts off a line that broke off. */
export async function openJournal(path: string): Promise<OpenedJournal> {
  const lock = takeJournalLock(path);
  if (lock === null) return { kind: "busy", pid: await pidOf(path) };
  const read = await readJournal(path);
  if (read.kind !== "journal") {
    await lock.release("nothing");
    return read;
  }
  const { head, entries, wholeBytes } = read.text;
  const file = await open(path, "r+");
  await file.truncate(wholeBytes);
  await file.sync();
  await file.close();
  return { kind: "open", journal: journalOn(await open(path, "a"), { path, head, entries }, lock) };
}

interface Written {
  readonly path: string;
  readonly head: JournalHead;
  readonly entries: readonly JournalEntry[];
}

function journalOn(file: FileHandle, { path, head, entries: before }: Written, lock: JournalLock): Journal {
  const entries = [...before];
  return {
    path,
    head,
    openSteps: () => openSteps(entries),
    isFinished: () => isFinished(entries),
    append: async (entry) => {
      await writeSynced(file, formatLine(entry));
      entries.push(entry);
    },
    release: async () => {
      await file.close();
      await lock.release(isFinished(entries) ? "nothing" : "file");
    },
  };
}

/** All of it or nothing: half a line, as a full disk leaves it, would run into the next one, and then no line could be read any more. */
async function writeSynced(file: FileHandle, text: string): Promise<void> {
  const { size } = await file.stat();
  try {
    await file.appendFile(text);
    await file.sync();
  } catch (error) {
    await file.truncate(size);
    throw error;
  }
}

/** Without it the file's name may be lost with the power, and the journal with it. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export type ReadJournal =
  | { readonly kind: "journal"; readonly text: JournalText }
  /** Its first line broke off, so its drill never began. */
  | { readonly kind: "empty" }
  | { readonly kind: "unreadable"; readonly detail: string };

/** Reads without a lock; a line that is being written counts as broken off. */
export async function readJournal(path: string): Promise<ReadJournal> {
  try {
    const text = await readFile(path, "utf8");
    if (text.length > JOURNAL_BYTES_MAX) throw new Error(`expected at most ${JOURNAL_BYTES_MAX} bytes`);
    if (!text.includes("\n")) return { kind: "empty" };
    const parsed = parseJournal(text);
    if (parsed.ok) return { kind: "journal", text: parsed.value };
    const [first = { message: "" }] = parsed.problems;
    return { kind: "unreadable", detail: formatProblem(first, path) };
  } catch (error) {
    return { kind: "unreadable", detail: `${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

export type FoundJournal =
  | {
      readonly kind: "unfinished";
      readonly path: string;
      readonly head: JournalHead;
      readonly open: readonly OpenStep[];
    }
  | { readonly kind: "unreadable"; readonly path: string; readonly detail: string };

/** Those that are not finished, by name; one that cannot be read counts, because nobody knows what it left. */
export async function openJournals(folder: string): Promise<readonly FoundJournal[]> {
  const names = await readdir(folder).catch(() => []);
  const found: FoundJournal[] = [];
  for (const name of names
    .filter((one) => one.endsWith(SUFFIX))
    .toSorted()
    .slice(-JOURNALS_MAX)) {
    const path = join(folder, name);
    const read = await readJournal(path);
    if (read.kind === "unreadable") found.push({ kind: "unreadable", path, detail: read.detail });
    else if (read.kind === "journal" && !isFinished(read.text.entries))
      found.push({ kind: "unfinished", path, head: read.text.head, open: openSteps(read.text.entries) });
  }
  return found;
}

async function pidOf(path: string): Promise<number | null> {
  const read = await readJournal(path);
  return read.kind === "journal" ? read.text.head.pid : null;
}
