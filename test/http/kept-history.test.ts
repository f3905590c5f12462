import { afterEach, expect, test, vi } from "vitest";
import { keepHistory } from "../../monitor/http/kept-history.ts";
import { NO_BUCKETS } from "../monitor/report/bucket-example.ts";

afterEach(() => void vi.restoreAllMocks());

const after = (lastRoundAt: string | null, takenAt?: string) =>
  takenAt === undefined ? { lastRoundAt } : { lastRoundAt, topology: { takenAt } };

test("is read once after each round and each topology, and always before the first", async () => {
  let reads = 0;
  const historyAfter = keepHistory((width, windowMs) => {
    reads += 1;
    expect([width, windowMs]).toEqual(["hour", 86_400_000]);
    return Promise.resolve({ ...NO_BUCKETS, generatedAt: `read ${reads}` });
  });
  const seen = [];
  for (const lastRoundAt of [null, null, "a", "a", "b", "a"])
    seen.push((await historyAfter(after(lastRoundAt)))?.generatedAt);
  expect(seen).toEqual(["read 1", "read 2", "read 3", "read 3", "read 4", "read 5"]);
  for (const takenAt of ["x", "x", "y"]) seen.push((await historyAfter(after("a", takenAt)))?.generatedAt);
  expect(seen.slice(6)).toEqual(["read 6", "read 6", "read 7"]);
});

test("that cannot be read is told to the log, and asked for again at once", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  let fails = true;
  const historyAfter = keepHistory(() => (fails ? Promise.reject(new Error("disk")) : Promise.resolve(NO_BUCKETS)));
  expect(await historyAfter(after("a"))).toBeNull();
  fails = false;
  expect(await historyAfter(after("a"))).toEqual(NO_BUCKETS);
  expect(logged).toHaveBeenCalledOnce();
});
