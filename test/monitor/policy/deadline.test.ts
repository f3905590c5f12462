import { describe, expect, test } from "vitest";
import {
  authoritativeBy,
  deadlineRule,
  detectionMaxMs,
  recursiveBy,
  ROUTE53_LOOK_MAX_MS,
} from "../../../monitor/policy/deadline.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

const [check] = zoneOf(EXAMPLE).healthChecks;
if (check === undefined) throw new Error("the example has health checks");
const every = (requestIntervalSeconds: number, failureThreshold: number) => ({
  ...check,
  requestIntervalSeconds,
  failureThreshold,
});
const timing = { propagationMs: 60_000, slackMs: 10_000, lookMaxMs: ROUTE53_LOOK_MAX_MS };

describe("detection takes F × (I + T) at most", () => {
  test.each([
    // The bounds of the Monte-Carlo table: default and fast check, refused at once (T = 0) and black hole (T = 4 s).
    { interval: 30, threshold: 3, lookMaxMs: 0, want: 90_000 },
    { interval: 30, threshold: 3, lookMaxMs: 4000, want: 102_000 },
    { interval: 10, threshold: 3, lookMaxMs: 0, want: 30_000 },
    { interval: 10, threshold: 3, lookMaxMs: 4000, want: 42_000 },
    { interval: 10, threshold: 1, lookMaxMs: 4000, want: 14_000 },
    { interval: 30, threshold: 1, lookMaxMs: 4000, want: 34_000 },
  ])("$threshold × ($interval s + $lookMaxMs ms) is $want ms", ({ interval, threshold, lookMaxMs, want }) => {
    expect(detectionMaxMs(every(interval, threshold), { ...timing, lookMaxMs })).toBe(want);
  });
});

test("authoritative servers follow by detection and propagation, caches by the old TTL and slack on top", () => {
  expect(authoritativeBy(1000, every(10, 3), timing)).toBe(1000 + 48_000 + 60_000);
  expect(recursiveBy(1000, every(10, 3), timing, 60)).toBe(1000 + 48_000 + 60_000 + 60_000 + 10_000);
});

test("the rule is said with its numbers", () => {
  expect(deadlineRule(every(10, 3), timing, null)).toBe("3 × (10 s + 6 s) detection + 1 m propagation");
  expect(deadlineRule(every(10, 3), timing, 60)).toBe(
    "3 × (10 s + 6 s) detection + 1 m propagation + 60 s TTL + 10 s slack",
  );
});
