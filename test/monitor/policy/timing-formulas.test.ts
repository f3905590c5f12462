// The formulas of section 4.2 of the Route 53 reference, each told as a simulated story: phase-random checkers notice, name servers
// follow within their propagation, caches forget within their TTL. (4.1, detection itself: detection.test.ts.)
import { describe, expect, test } from "vitest";
import { authoritativeBy, detectionMaxMs, recursiveBy } from "../../../monitor/policy/deadline.ts";
import { SECOND_MS } from "../../../monitor/time.ts";
import { policySpreadMs } from "../../../monitor/verify/timeline.ts";
import { detectionMs } from "../../support/checkers.ts";
import { type Dice, diceOf } from "../../support/random-zone.ts";
import { endpointCheck } from "../../support/small-zone.ts";

const RUNS = navigator.userAgent === "Cloudflare-Workers" ? 200 : 2000;
const P_MS = 60_000;
const TTL_SECONDS = 60;
const SLACK_MS = 10_000;

/** The latest of many runs, and the earliest. */
function extremes(story: (dice: Dice) => number): { readonly earliest: number; readonly latest: number } {
  const dice = diceOf(4_2);
  const took = Array.from({ length: RUNS }, () => story(dice));
  return {
    earliest: took.reduce((a, b) => Math.min(a, b)),
    latest: took.reduce((a, b) => Math.max(a, b)),
  };
}

/** A cache that asked at any moment of the last TTL before the name servers moved, and rounds what it was told up. */
function cacheAfter(serversMs: number, dice: Dice): number {
  return serversMs - dice(TTL_SECONDS * SECOND_MS) + TTL_SECONDS * SECOND_MS + dice(SLACK_MS);
}

const SETTINGS = [
  { interval: 30, threshold: 3, lookSeconds: 0 },
  { interval: 30, threshold: 3, lookSeconds: 4 },
  { interval: 10, threshold: 3, lookSeconds: 4 },
  { interval: 10, threshold: 1, lookSeconds: 6 },
] as const;

describe.each(SETTINGS)("every $interval s, $threshold in a row, looks of $lookSeconds s", (setting) => {
  const { interval, threshold, lookSeconds } = setting;
  const check = endpointCheck("a", { requestIntervalSeconds: interval, failureThreshold: threshold });
  const timing = { propagationMs: P_MS, slackMs: SLACK_MS, lookMaxMs: lookSeconds * SECOND_MS };
  const change = { intervalSeconds: interval, threshold, lookSeconds, becomes: "unhealthy" } as const;
  const servers = (dice: Dice): number => detectionMs(change, dice) + dice(P_MS);

  test("A_min = (F - 1) × I and A_max = F × (I + T) + P hold the name servers, and A_max is nearly reached", () => {
    const { earliest, latest } = extremes(servers);
    const most = authoritativeBy(0, check, timing, []) ?? 0;
    expect(earliest).toBeGreaterThanOrEqual((threshold - 1) * interval * SECOND_MS);
    expect(latest).toBeLessThanOrEqual(most);
    expect(latest).toBeGreaterThan(most - 0.1 * most);
  });

  test("R_max = A_max + TTL + slack holds the caches, and is nearly reached", () => {
    const { latest } = extremes((dice) => cacheAfter(servers(dice), dice));
    const most = recursiveBy(0, check, timing, [], TTL_SECONDS) ?? 0;
    expect(latest).toBeLessThanOrEqual(most);
    expect(latest).toBeGreaterThan(most - 0.2 * most);
  });
});

test("defaults with a black hole are A_max = 102 s + P and R_max = 162 s + P + slack, fast checks 42 s and 102 s", () => {
  const timing = { propagationMs: P_MS, slackMs: SLACK_MS, lookMaxMs: 4000 };
  const of = (requestIntervalSeconds: number) => {
    const check = endpointCheck("a", { requestIntervalSeconds, failureThreshold: 3 });
    return [authoritativeBy(0, check, timing, []), recursiveBy(0, check, timing, [], TTL_SECONDS)];
  };
  expect(of(30)).toEqual([102_000 + P_MS, 162_000 + P_MS + SLACK_MS]);
  expect(of(10)).toEqual([42_000 + P_MS, 102_000 + P_MS + SLACK_MS]);
});

test("an edit of the records, in the caches: the edit's own spread, the old TTL, the slack; no detection", () => {
  const { latest } = extremes((dice) => cacheAfter(dice(P_MS), dice));
  const most = policySpreadMs(P_MS, TTL_SECONDS, SLACK_MS);
  expect(most).toBe(130_000);
  expect(latest).toBeLessThanOrEqual(most);
  expect(latest).toBeGreaterThan(0.8 * most);
});

test("a calculated check is noticed with its slowest child", () => {
  const children = [endpointCheck("fast", { requestIntervalSeconds: 10 }), endpointCheck("slow")];
  const flags = { disabled: false, inverted: false };
  const parent = { id: "both", type: "CALCULATED" as const, children: ["fast", "slow"], healthThreshold: 1, ...flags };
  const timing = { propagationMs: 0, slackMs: 0, lookMaxMs: 4000 };
  // Unhealthy when fewer than one child is healthy: when the last one has fallen.
  const { latest } = extremes((dice) =>
    Math.max(
      ...children.map(({ requestIntervalSeconds, failureThreshold }) => {
        const pace = { intervalSeconds: requestIntervalSeconds, threshold: failureThreshold, lookSeconds: 4 };
        return detectionMs({ ...pace, becomes: "unhealthy" }, dice);
      }),
    ),
  );
  const most = detectionMaxMs(parent, timing, children) ?? 0;
  expect(most).toBe(102_000);
  expect(latest).toBeLessThanOrEqual(most);
  expect(latest).toBeGreaterThan(0.95 * most);
});
