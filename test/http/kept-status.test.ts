import { expect, test } from "vitest";
import { KEPT_MS_MAX, keepStatus } from "../../monitor/http/kept-status.ts";
import type { StatusReport } from "../../monitor/report/status-schema.ts";
import { RICH } from "../monitor/report/rich-status.ts";

/** A reader whose reports can be told apart, and the clock that it is asked by. */
function makeScene() {
  const scene = { now: 1_000_000, reads: 0, broken: false };
  const read = async (): Promise<StatusReport> => {
    scene.reads += 1;
    if (scene.broken) throw new Error("unreachable");
    return { ...RICH, self: { ...RICH.self, rounds: scene.reads } };
  };
  return { scene, status: keepStatus(read, () => scene.now) };
}

test.each([
  { name: "at once", laterMs: 0, reads: 1 },
  { name: "just before it is over", laterMs: KEPT_MS_MAX - 1, reads: 1 },
  { name: "when it is over", laterMs: KEPT_MS_MAX, reads: 2 },
  { name: "when the clock was set back", laterMs: -1, reads: 2 },
])("a second reader $name makes for $reads reading(s) in all", async ({ laterMs, reads }) => {
  const { scene, status } = makeScene();
  await status();
  scene.now += laterMs;
  const { self } = await status();
  expect([scene.reads, self.rounds]).toEqual([reads, reads]);
});

test("a failure is not kept", async () => {
  const { scene, status } = makeScene();
  scene.broken = true;
  await expect(status()).rejects.toThrow("unreachable");
  scene.broken = false;
  expect((await status()).self.rounds).toBe(2);
});
