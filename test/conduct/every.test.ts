import { expect, test } from "vitest";
import { pause, runEvery, runOnGrid } from "../../monitor/conduct/every.ts";

test("turns come until it is stopped, and the one under way is waited for", async () => {
  const stop = new AbortController();
  let turns = 0;
  let under = 0;
  let most = 0;
  await runEvery(
    { everyMs: 5, phaseMs: 0 },
    async () => {
      most = Math.max(most, (under += 1));
      await pause(12, new AbortController().signal);
      under -= 1;
      if ((turns += 1) === 4) stop.abort();
    },
    stop.signal,
  );
  expect([turns, under, most]).toEqual([4, 0, 1]);
});

test("what is stopped before its first turn has none", async () => {
  const stop = new AbortController();
  let turns = 0;
  const running = runEvery({ everyMs: 10, phaseMs: 60_000 }, async () => void (turns += 1), stop.signal);
  stop.abort();
  await running;
  expect(turns).toBe(0);
});

test("a pause of nothing, and one that is stopped, is none", async () => {
  await pause(0, new AbortController().signal);
  await pause(60_000, AbortSignal.abort());
});

test("on a grid a turn waits for none before it, up to a bound; the rest is left out and told, and those under way are waited for", async () => {
  const stop = new AbortController();
  const turn = new AbortController();
  const crowd = { most: 0, underWay: 0, ended: 0, leftOut: 0 };
  const leaveOut = (): void => {
    if ((crowd.leftOut += 1) < 2) return;
    stop.abort();
    turn.abort();
  };
  const work = async (): Promise<void> => {
    crowd.most = Math.max(crowd.most, (crowd.underWay += 1));
    await pause(60_000, turn.signal);
    crowd.underWay -= 1;
    crowd.ended += 1;
  };
  await runOnGrid({ everyMs: 2, phaseMs: 0 }, { underWayMax: 3, leaveOut }, work, stop.signal);
  expect(crowd).toEqual({ most: 3, underWay: 0, ended: 3, leftOut: 2 });
});

test.each([1, 60_000])(
  "a turn on a grid of %d ms that breaks ends it all, and whoever waits hears of it",
  async (everyMs) => {
    const stop = new AbortController();
    const work = async (): Promise<void> => {
      if (everyMs > 1) stop.abort();
      throw new Error("no legs");
    };
    const crowd = { underWayMax: 3, leaveOut: () => {} };
    await expect(runOnGrid({ everyMs, phaseMs: 0 }, crowd, work, stop.signal)).rejects.toThrow("no legs");
  },
);
