import { afterEach, expect, test, vi } from "vitest";
import { HISTORY_KEPT_MS_MAX, keepHistory } from "../../monitor/http/kept-history.ts";
import { NO_BUCKETS } from "../monitor/report/bucket-example.ts";

afterEach(() => void vi.restoreAllMocks());

test("is read again once it is as old as it may be, and when the clock was set back", async () => {
  let reads = 0;
  const historyAt = keepHistory((width, windowMs) => {
    reads += 1;
    expect([width, windowMs]).toEqual(["hour", 86_400_000]);
    return Promise.resolve({ ...NO_BUCKETS, generatedAt: `read ${reads}` });
  });
  const seen = [];
  for (const at of [1000, 1000 + HISTORY_KEPT_MS_MAX - 1, 1000 + HISTORY_KEPT_MS_MAX, 999])
    seen.push((await historyAt(at))?.generatedAt);
  expect(seen).toEqual(["read 1", "read 1", "read 2", "read 3"]);
});

test("is read again in a new hour, which has a bar of its own", async () => {
  let reads = 0;
  const historyAt = keepHistory(() => Promise.resolve({ ...NO_BUCKETS, generatedAt: `read ${(reads += 1)}` }));
  expect((await historyAt(3_599_999))?.generatedAt).toBe("read 1");
  expect((await historyAt(3_600_000))?.generatedAt).toBe("read 2");
});

test("that cannot be read is told to the log, and asked for again at once", async () => {
  const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
  let fails = true;
  const historyAt = keepHistory(() => (fails ? Promise.reject(new Error("disk")) : Promise.resolve(NO_BUCKETS)));
  expect(await historyAt(0)).toBeNull();
  fails = false;
  expect(await historyAt(1)).toEqual(NO_BUCKETS);
  expect(logged).toHaveBeenCalledOnce();
});
