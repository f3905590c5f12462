// The lines of a drill's journal. A lever's line is on the disk before the lever acts, so whatever the world holds of a drill,
// the journal knows at least that it may; a line that broke off says that its act never began.
import * as z from "zod";
import type { Parsed, Problem } from "../problem.ts";
import { UNDO, type Undo } from "./undo.ts";

const ENTRIES_MAX = 10_000;

const HEAD = z.strictObject({
  kind: z.literal("drill"),
  schemaVersion: z.literal(1),
  /** Id of the drill. */
  drill: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
  title: z.string(),
  startedAt: z.int(),
  /** From then on nobody has to ask before it is restored. */
  expiresAt: z.int(),
  /** The process that runs it. */
  pid: z.int(),
  /** The monitor that is about to be told of it; left out by earlier versions. */
  watcher: z.optional(z.strictObject({ url: z.url(), worldPort: z.nullable(z.int()) })),
});

const step = z.int().min(0);
const ENTRY = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("applying"), at: z.int(), step, undo: UNDO }),
  z.strictObject({ kind: z.literal("applied"), at: z.int(), step, detail: z.string() }),
  z.strictObject({ kind: z.literal("restoring"), at: z.int(), step }),
  z.strictObject({ kind: z.literal("restored"), at: z.int(), step, detail: z.string() }),
  /** It could not be restored; a later try may. */
  z.strictObject({ kind: z.literal("stuck"), at: z.int(), step, detail: z.string() }),
  /** Everything is restored. */
  z.strictObject({ kind: z.literal("closed"), at: z.int() }),
]);

export type JournalHead = z.infer<typeof HEAD>;
/** A monitor that was told of a drill, so that a restore can tell it too; `worldPort` null: it was no local world. */
export type Watcher = NonNullable<JournalHead["watcher"]>;
export type JournalEntry = z.infer<typeof ENTRY>;

/** What is left to undo of one lever. */
export interface OpenStep {
  readonly step: number;
  readonly undo: Undo;
}

export interface JournalText {
  readonly head: JournalHead;
  readonly entries: readonly JournalEntry[];
  /** Up to where the text is whole; what follows is a line that broke off. */
  readonly wholeBytes: number;
}

export function formatLine(line: JournalHead | JournalEntry): string {
  return `${JSON.stringify(line)}\n`;
}

/** Every line must be understood except what follows the last line feed. */
export function parseJournal(text: string): Parsed<JournalText> {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const [first = "", ...rest] = whole.split("\n").slice(0, -1);
  if (rest.length > ENTRIES_MAX) return problems([{ message: `expected at most ${ENTRIES_MAX} entries`, line: 1 }]);
  const head = readLine(HEAD, first, 1);
  const lines = rest.map((line, index) => readLine(ENTRY, line, index + 2));
  const found = [head, ...lines].flatMap((line) => (line.ok ? [] : line.problems));
  if (!head.ok || found.length > 0) return problems(found);
  const entries = lines.flatMap((line) => (line.ok ? [line.value] : []));
  return { ok: true, value: { head: head.value, entries, wholeBytes: Buffer.byteLength(whole) } };
}

function problems(found: readonly Problem[]): { readonly ok: false; readonly problems: readonly Problem[] } {
  return { ok: false, problems: found };
}

function readLine<T>(schema: z.ZodType<T>, line: string, number: number): Parsed<T> {
  try {
    const parsed = schema.safeParse(JSON.parse(line));
    if (parsed.success) return { ok: true, value: parsed.data };
    return problems(
      parsed.error.issues.map((issue) => ({ message: issue.message, path: issue.path.join("."), line: number })),
    );
  } catch {
    return problems([{ message: "expected a line of JSON, found something else", line: number }]);
  }
}

/** Levers that may have acted and are not restored, the latest first: so they are undone. */
export function openSteps(entries: readonly JournalEntry[]): readonly OpenStep[] {
  const open = new Map<number, Undo>();
  for (const entry of entries) {
    if (entry.kind === "applying") open.set(entry.step, entry.undo);
    if (entry.kind === "restored") open.delete(entry.step);
  }
  return [...open].map(([number, undo]) => ({ step: number, undo })).toSorted((a, b) => b.step - a.step);
}

export function isFinished(entries: readonly JournalEntry[]): boolean {
  return entries.some(({ kind }) => kind === "closed");
}
