// Time limits and sleeping over a runtime's readings of time.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeClock } from "../../monitor/wire/clock.ts";
import { runUntil } from "../../monitor/wire/deadline.ts";

const clock = makeClock({ now: () => Date.now(), monotonicMs: () => Date.now() });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

test("work that ends in time gives its value and leaves no timer", async () => {
  expect(await clock.within(Promise.resolve(7), 1000)).toBe(7);
  expect(vi.getTimerCount()).toBe(0);
});

test("work that fails in time rejects and leaves no timer", async () => {
  await expect(clock.within(Promise.reject(new Error("no")), 1000)).rejects.toThrow("no");
  expect(vi.getTimerCount()).toBe(0);
});

test("work that is late gives null at its limit", async () => {
  const late = clock.within(new Promise(() => undefined), 1000);
  await vi.advanceTimersByTimeAsync(999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await late).toBeNull();
  expect(vi.getTimerCount()).toBe(0);
});

test("work that fails after its limit disturbs nobody", async () => {
  const failing = new Promise((_resolve, reject) => setTimeout(reject, 20, new Error("too late")));
  const late = clock.within(failing, 10);
  await vi.advanceTimersByTimeAsync(10);
  expect(await late).toBeNull();
  await vi.advanceTimersByTimeAsync(10);
});

test("a limit beyond what timers can hold is not over at once", async () => {
  const done = vi.fn();
  void clock.within(new Promise(() => undefined), 2 ** 40).then(done);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(done).not.toHaveBeenCalled();
});

test.each([
  { at: 5000, afterMs: 5000 },
  { at: 30 * 86_400_000, afterMs: 30 * 86_400_000 },
])("sleeping until $at ends then and not before", async ({ at, afterMs }) => {
  const woken = vi.fn();
  void clock.sleepUntil(at).then(woken);
  await vi.advanceTimersByTimeAsync(afterMs - 1);
  expect(woken).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(woken).toHaveBeenCalledOnce();
});

describe("a clock that is set while somebody sleeps", () => {
  const steps = { ms: 0 };
  const stepping = makeClock({ now: () => Date.now() + steps.ms, monotonicMs: () => Date.now() });
  const sleepThrough = async (stepMs: number): Promise<() => void> => {
    steps.ms = 0;
    const woken = vi.fn();
    void stepping.sleepUntil(30_000).then(woken);
    await vi.advanceTimersByTimeAsync(10_000);
    steps.ms = stepMs;
    return woken;
  };

  test("back by an hour does not make it an hour longer", async () => {
    const woken = await sleepThrough(-3_600_000);
    await vi.advanceTimersByTimeAsync(19_000);
    expect(woken).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2000);
    expect(woken).toHaveBeenCalledOnce();
  });

  test("forward by an hour does not make it longer either", async () => {
    const woken = await sleepThrough(3_600_000);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(woken).toHaveBeenCalledOnce();
  });

  test("back by a little is followed", async () => {
    const woken = await sleepThrough(-500);
    await vi.advanceTimersByTimeAsync(20_499);
    expect(woken).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(woken).toHaveBeenCalledOnce();
  });
});

test("sleeping until what is past ends at once", async () => {
  await clock.sleepUntil(-1);
  expect(vi.getTimerCount()).toBe(0);
});

test("work with a deadline is told to stop when it passes, and its caller is told why", async () => {
  let given: AbortSignal | null = null;
  const outcome = runUntil(100, clock, (signal) => {
    given = signal;
    return new Promise(() => undefined);
  }).catch((thrown: unknown) => thrown);
  await vi.advanceTimersByTimeAsync(100);
  expect(await outcome).toMatchObject({ name: "TimeoutError" });
  expect(given).toMatchObject({ aborted: true });
});
