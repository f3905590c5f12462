// The table of detection times that was worked out apart from this code (20,000 runs over independent uniform phases, 16
// checkers), in seconds: fault to unhealthy, and repair to healthy.
import { expect, test } from "vitest";
import { makeChance } from "../../../monitor/drill/chance.ts";
import { checkerChanges } from "../../../monitor/drill/simulated-checkers.ts";

const RUNS = 2000;

function detections(intervalSeconds: number, threshold: number, lookMs: number): { down: number[]; up: number[] } {
  const chance = makeChance(7);
  const faultAt = 10 * intervalSeconds * 1000;
  const repairAt = 2 * faultAt;
  const runs = Array.from({ length: RUNS }, () =>
    checkerChanges(
      {
        checkers: 16,
        intervalMs: intervalSeconds * 1000,
        threshold,
        from: 0,
        to: 3 * faultAt,
        look: (_, at) => (at >= faultAt && at < repairAt ? { passed: false, lookMs } : { passed: true, lookMs: 0 }),
      },
      chance,
    ),
  );
  expect(runs.map((changes) => changes.map(({ health }) => health).join())).toEqual(
    runs.map(() => "unhealthy,healthy"),
  );
  const times = (index: number, from: number): number[] =>
    runs.map((changes) => ((changes[index]?.at ?? NaN) - from) / 1000).toSorted((a, b) => a - b);
  return { down: times(0, faultAt), up: times(1, repairAt) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const at = (values: readonly number[], share: number): number => values[Math.ceil(share * values.length) - 1] ?? NaN;

test.each([
  { interval: 30, threshold: 3, look: 0, down: { mean: 84.7, p95: 88.4, max: 90 }, up: { mean: 65.3, p95: 70.4 } },
  { interval: 30, threshold: 3, look: 4, down: { mean: 96.7, max: 102 } },
  { interval: 10, threshold: 3, look: 0, down: { mean: 28.2, p95: 29.5, max: 30 }, up: { mean: 21.8, p95: 23.4 } },
  { interval: 10, threshold: 3, look: 4, down: { mean: 40.2, max: 42 } },
  { interval: 10, threshold: 1, look: 0, down: { mean: 8.2, p95: 9.5, max: 10 }, up: { mean: 1.8, p95: 3.5 } },
  { interval: 30, threshold: 1, look: 0, down: { mean: 24.7, p95: 28.4, max: 30 }, up: { mean: 5.3, p95: 10.4 } },
])(
  "checkers each $interval s, threshold $threshold, looks of $look s notice when the reference says they do",
  ({ interval, threshold, look, down, up }) => {
    const found = detections(interval, threshold, look * 1000);
    // The mean of 2000 runs lies within a tenth of a second or two of that of 20,000.
    const near = interval / 60;
    expect(Math.abs(mean(found.down) - down.mean)).toBeLessThan(near);
    if ("p95" in down && down.p95 !== undefined) expect(Math.abs(at(found.down, 0.95) - down.p95)).toBeLessThan(near);
    expect(at(found.down, 1)).toBeLessThanOrEqual(down.max);
    if (up === undefined) return;
    expect(Math.abs(mean(found.up) - up.mean)).toBeLessThan(near);
    expect(Math.abs(at(found.up, 0.95) - up.p95)).toBeLessThan(near);
  },
);
