// A shelf of buckets without a disk, for tests of what is put on it and counted from it.
import type { BucketShelf } from "../../monitor/run/world.ts";

export interface MemoryBuckets extends BucketShelf {
  /** As many as were kept, those in the place of another included. */
  readonly writes: () => number;
}

export function makeMemoryBuckets(): MemoryBuckets {
  const texts = new Map<string, string>();
  let writes = 0;
  return {
    writes: () => writes,
    keptBuckets: (width, from, to) => {
      const starts = [...texts.keys()].flatMap((key) =>
        key.startsWith(`${width} `) ? [Number(key.split(" ")[1])] : [],
      );
      const value = starts.filter((start) => start >= from && start < to).toSorted((a, b) => a - b);
      return Promise.resolve({ kind: "done", value });
    },
    readBucket: (width, from) => Promise.resolve({ kind: "done", value: texts.get(`${width} ${from}`) ?? null }),
    keepBucket: (width, from, text) => {
      texts.set(`${width} ${from}`, text);
      writes += 1;
      return Promise.resolve({ kind: "done", value: null });
    },
  };
}
