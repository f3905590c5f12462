// What every shelf of buckets must hold to, whatever lies beneath it.
import { describe, expect, test } from "vitest";
import type { BucketShelf } from "../../monitor/run/world.ts";
import type { BucketLimits } from "../../monitor/wire/sql-buckets.ts";

/** Fresh storage for one test; each `open` gives a shelf of its own over it, as after a restart. */
export type WithShelf = (work: (open: (limits?: BucketLimits) => BucketShelf) => Promise<void>) => Promise<void>;

const LIMITS: BucketLimits = { keptMax: { hour: 3, day: 2 }, partCharactersMax: 4 };

export function bucketContract(withShelf: WithShelf): void {
  describe("a shelf of buckets", () => {
    test("is empty at first", async () => {
      await withShelf(async (open) => {
        expect(await open().keptBuckets("hour", 0, 100)).toEqual({ kind: "done", value: [] });
        expect(await open().readBucket("hour", 0)).toEqual({ kind: "done", value: null });
      });
    });

    test.each(["x", "four", "more than four é", "🙂🙂🙂🙂🙂", "a🙂b🙂c🙂d"])('keeps "%s" as it was', async (text) => {
      await withShelf(async (open) => {
        await open(LIMITS).keepBucket("hour", 7, text);
        expect(await open().readBucket("hour", 7)).toEqual({ kind: "done", value: text });
        expect(await open().readBucket("day", 7)).toEqual({ kind: "done", value: null });
      });
    });

    test("puts a bucket in the place of an earlier one, however long either is", async () => {
      await withShelf(async (open) => {
        const shelf = open(LIMITS);
        for (const text of ["short", "a much longer text than that", "short again"]) {
          await shelf.keepBucket("hour", 7, text);
          expect(await shelf.readBucket("hour", 7)).toEqual({ kind: "done", value: text });
        }
        expect(await shelf.keptBuckets("hour", 0, 100)).toEqual({ kind: "done", value: [7] });
      });
    });

    test("lets the earliest leave when there are too many, each width for itself, all parts together", async () => {
      await withShelf(async (open) => {
        const shelf = open(LIMITS);
        for (const start of [3, 1, 4, 2, 5]) {
          await shelf.keepBucket("hour", start, `the hour ${start}`);
          await shelf.keepBucket("day", start, `the day ${start}`);
        }
        expect(await shelf.keptBuckets("hour", 0, 100)).toEqual({ kind: "done", value: [3, 4, 5] });
        expect(await shelf.keptBuckets("day", 0, 100)).toEqual({ kind: "done", value: [4, 5] });
        expect(await shelf.readBucket("hour", 2)).toEqual({ kind: "done", value: null });
        expect(await shelf.readBucket("hour", 5)).toEqual({ kind: "done", value: "the hour 5" });
      });
    });

    test("lists those from the first instant on, before the last", async () => {
      await withShelf(async (open) => {
        const shelf = open();
        for (const start of [3, 1, 4]) await shelf.keepBucket("day", start, "x");
        expect(await shelf.keptBuckets("day", 1, 4)).toEqual({ kind: "done", value: [1, 3] });
      });
    });
  });
}
