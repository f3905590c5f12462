// The topology's file, and what of it is watched at this moment.
import { type FileReading, readTopologyFile } from "../node/topology-file.ts";
import type { Parsed } from "../problem.ts";
import type { Instant } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { firstReload, type ReloadBook, type ReloadNews, stepReload } from "./reload.ts";
import type { Watched } from "./watch-faces.ts";

/** The file's text to what is watched from here. */
export type ParseWatched = (text: string) => Parsed<Topology>;

export class WatchedFile {
  readonly path: string;
  readonly #parse: ParseWatched;
  #book: ReloadBook;

  private constructor(path: string, parse: ParseWatched, book: ReloadBook) {
    this.path = path;
    this.#parse = parse;
    this.#book = book;
  }

  /** There must be something to watch before it can be replaced. */
  static open(path: string, parse: ParseWatched, at: Instant): Parsed<WatchedFile> {
    const reading = readTopologyFile(path);
    if (reading.kind === "unreadable")
      return { ok: false, problems: [{ message: `expected a topology file: ${reading.detail}` }] };
    const parsed = parse(reading.text);
    if (!parsed.ok) return parsed;
    return { ok: true, value: new WatchedFile(path, parse, firstReload(parsed.value, reading, at)) };
  }

  get watched(): Watched {
    return this.#book;
  }

  /** "asked": what is read is judged at once, and what came of it told. */
  look(haste: "settle" | "asked", at: Instant): ReloadNews {
    const reading: FileReading = readTopologyFile(this.path);
    const step = stepReload(this.#book, reading, haste, this.#parse, at);
    this.#book = step.book;
    return step.news;
  }
}
