// What a run leaves in the world while it lasts: processes, workerds and files. Everything is noted here when it is made, so
// that the end of the run, and Ctrl-C, can end it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Belongings {
  /** A new directory, removed at the end. */
  makeFolder(): string;
  /** `end` is called at the end of the run unless `release` was called before, and at once when the run is over; it must not throw. */
  add(end: () => Promise<void> | void): { readonly release: () => void };
  /** The latest first. A second call does nothing. */
  endAll(): Promise<void>;
}

/** Whatever hangs: the run ends. */
const END_MS_MAX = 5000;

export function makeBelongings(): Belongings {
  const ends = new Set<() => Promise<void> | void>();
  let over = false;
  const add: Belongings["add"] = (end) => {
    if (over) {
      void end();
      throw new Error("the run is over");
    }
    ends.add(end);
    return { release: () => void ends.delete(end) };
  };
  return {
    add,
    makeFolder: () => {
      const folder = mkdtempSync(join(tmpdir(), "multicloud-probe-bench-"));
      add(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
      return folder;
    },
    endAll: async () => {
      over = true;
      const late = new Promise<void>((resolve) => void setTimeout(resolve, END_MS_MAX).unref());
      const all = [...ends].toReversed();
      ends.clear();
      await Promise.race([late, endEach(all)]);
    },
  };
}

async function endEach(ends: readonly (() => Promise<void> | void)[]): Promise<void> {
  for (const end of ends) await end();
}
