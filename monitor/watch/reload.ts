// When a topology file that changes under a running monitor is taken, and when it is not. It is read again and again; what
// two looks in a row find the same is judged: a good one is watched from the next round on, a broken one never.
import type { FileReading } from "../node/topology-file.ts";
import type { Parsed, Problem } from "../problem.ts";
import type { Reload } from "../report/reload.ts";
import type { Instant } from "../time.ts";
import type { Topology } from "../topology/topology.ts";

export interface ReloadBook {
  /** What is watched. */
  readonly topology: Topology;
  readonly reload: Reload;
  /** The reading that was judged last. */
  readonly judged: string;
  /** Another one, seen by the latest look; null: it was the judged one. An editor may still be writing it. */
  readonly seen: string | null;
}

/** Null: there is nothing to tell. */
export type ReloadNews =
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] }
  | null;

/** Public faces name no folder. */
const PUBLIC_NAME = "topology.yaml";

export function firstReload(topology: Topology, reading: FileReading, at: Instant): ReloadBook {
  return { topology, reload: { takenAt: at, refused: null }, judged: keyOf(reading), seen: null };
}

/** `haste`: "asked" judges what is read at once and tells what came of it, also where nothing changed. */
export function stepReload(
  book: ReloadBook,
  reading: FileReading,
  haste: "settle" | "asked",
  parse: (text: string) => Parsed<Topology>,
  at: Instant,
): { readonly book: ReloadBook; readonly news: ReloadNews } {
  const key = keyOf(reading);
  if (haste === "settle") {
    if (key === book.judged) return { book: { ...book, seen: null }, news: null };
    if (key !== book.seen) return { book: { ...book, seen: key }, news: null };
  }
  const read = { ...book, judged: key, seen: null };
  const parsed: Parsed<Topology> =
    reading.kind === "text"
      ? parse(reading.text)
      : { ok: false, problems: [{ message: `expected a topology file: ${reading.detail}` }] };
  if (parsed.ok)
    return {
      book: { ...read, topology: parsed.value, reload: { takenAt: at, refused: null } },
      news: { kind: "taken" },
    };
  const { problems } = parsed;
  const refused = { at: book.reload.refused?.at ?? at, places: problems.map((problem) => placeOf(problem)) };
  return { book: { ...read, reload: { ...book.reload, refused } }, news: { kind: "refused", problems } };
}

function keyOf(reading: FileReading): string {
  return reading.kind === "text" ? `text ${reading.text}` : `none ${reading.detail}`;
}

function placeOf({ file = PUBLIC_NAME, line, column }: Problem): string {
  return [file.split("/").at(-1), ...(line === undefined ? [] : [line, column ?? 1])].join(":");
}
