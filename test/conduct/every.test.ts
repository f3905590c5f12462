import { expect, test } from "vitest";
import { pause, runEvery } from "../../monitor/conduct/every.ts";

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
