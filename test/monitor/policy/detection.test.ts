// How long detection takes, simulated with the product's own rules: sixteen checkers that look out of step, each with the
// threshold in a row, and the 18 % rule over them. The figures are the table of section 4.1 of the Route 53 reference.
import { describe, expect, test } from "vitest";
import { authoritativeBy } from "../../../monitor/policy/deadline.ts";
import { SECOND_MS } from "../../../monitor/time.ts";
import { type Change, detectionMs } from "../../support/checkers.ts";
import { diceOf } from "../../support/random-zone.ts";
import { endpointCheck } from "../../support/small-zone.ts";

const RUNS = navigator.userAgent === "Cloudflare-Workers" ? 200 : 2000;
const TOLERANCE_SECONDS = 2;

/** Mean, 95th percentile and longest, in seconds, over seeded runs. */
function simulated(change: Change): { readonly mean: number; readonly p95: number; readonly max: number } {
  const dice = diceOf(20_260_101);
  const took = Array.from({ length: RUNS }, () => detectionMs(change, dice) / SECOND_MS).toSorted((a, b) => a - b);
  return {
    mean: took.reduce((a, b) => a + b, 0) / RUNS,
    p95: took[Math.floor(RUNS * 0.95)] ?? 0,
    max: took.at(-1) ?? 0,
  };
}

const TABLE = [
  { interval: 30, threshold: 3, down: [84.7, 88.4, 90], hole: [96.7, 102], up: [65.3, 70.4] },
  { interval: 10, threshold: 3, down: [28.2, 29.5, 30], hole: [40.2, 42], up: [21.8, 23.4] },
  { interval: 10, threshold: 1, down: [8.2, 9.5, 10], hole: [12.2, 14], up: [1.8, 3.5] },
  { interval: 30, threshold: 1, down: [24.7, 28.4, 30], hole: [28.7, 34], up: [5.3, 10.4] },
] as const;

function expectNear(seen: readonly number[], table: readonly number[]): void {
  const off = seen.map((value, index) => Math.abs(value - (table[index] ?? 0)));
  expect(Math.max(...off), `${seen.join(" ")} against ${table.join(" ")}`).toBeLessThanOrEqual(TOLERANCE_SECONDS);
}

describe.each(TABLE)("4.1 every $interval s, $threshold in a row", ({ interval, threshold, down, hole, up }) => {
  const change = { intervalSeconds: interval, threshold, lookSeconds: 0, becomes: "unhealthy" } as const;

  test("a fault that answers at once is noticed as the table says", () => {
    const { mean, p95, max } = simulated(change);
    expectNear([mean, p95, max], down);
  });

  test("a black hole takes its four seconds at each look", () => {
    const { mean, max } = simulated({ ...change, lookSeconds: 4 });
    expectNear([mean, max], hole);
  });

  test("recovery is noticed sooner than the fault", () => {
    const { mean, p95 } = simulated({ ...change, becomes: "healthy" });
    expectNear([mean, p95], up);
    expect(mean).toBeLessThan(down[0]);
  });

  test("no run is later than the deadline, nor earlier than F - 1 intervals", () => {
    const check = endpointCheck("a", { requestIntervalSeconds: interval, failureThreshold: threshold });
    const timing = { propagationMs: 0, slackMs: 0, lookMaxMs: 4 * SECOND_MS };
    const { max } = simulated({ ...change, lookSeconds: 4 });
    expect(max * SECOND_MS).toBeLessThanOrEqual(authoritativeBy(0, check, timing, []) ?? 0);
    const earliest = simulated({ ...change, becomes: "healthy" });
    expect(earliest.mean).toBeGreaterThanOrEqual((threshold - 1) * interval);
  });
});
