import { describe, expect, test } from "vitest";
import {
  authoritativeBy,
  deadlineRule,
  detectionMaxMs,
  lookMaxMs,
  recursiveBy,
} from "../../../monitor/policy/deadline.ts";
import type { CalculatedCheck, EndpointCheck, HealthCheck } from "../../../monitor/policy/health-check.ts";
import { endpointCheck } from "../../support/small-zone.ts";

const every = (requestIntervalSeconds: number, failureThreshold: number, type: EndpointCheck["type"] = "HTTPS") =>
  endpointCheck("a", { requestIntervalSeconds, failureThreshold, type });
const timing = { propagationMs: 60_000, slackMs: 10_000, lookMaxMs: null };
const FLAGS = { disabled: false, inverted: false } as const;

describe("detection takes F × (I + T) at most", () => {
  test.each([
    // The bounds of the Monte-Carlo table: default and fast check, refused at once (T = 0) and black hole (T = 4 s).
    { interval: 30, threshold: 3, lookMaxMs: 0, want: 90_000 },
    { interval: 30, threshold: 3, lookMaxMs: 4000, want: 102_000 },
    { interval: 10, threshold: 3, lookMaxMs: 0, want: 30_000 },
    { interval: 10, threshold: 3, lookMaxMs: 4000, want: 42_000 },
    { interval: 10, threshold: 1, lookMaxMs: 4000, want: 14_000 },
    { interval: 30, threshold: 1, lookMaxMs: 4000, want: 34_000 },
  ])("$threshold × ($interval s + $lookMaxMs ms) is $want ms", ({ interval, threshold, lookMaxMs: look, want }) => {
    expect(detectionMaxMs(every(interval, threshold), { ...timing, lookMaxMs: look }, [])).toBe(want);
  });

  test.each([
    { type: "HTTP", look: 6000 },
    { type: "HTTPS", look: 6000 },
    { type: "HTTP_STR_MATCH", look: 8000 },
    { type: "HTTPS_STR_MATCH", look: 8000 },
    { type: "TCP", look: 10_000 },
  ] as const)("1.2 a look of $type takes $look ms at most", ({ type, look }) => {
    expect(lookMaxMs(type)).toBe(look);
    expect(detectionMaxMs(every(30, 3, type), timing, [])).toBe(3 * (30_000 + look));
  });
});

describe("other checks", () => {
  const sum = (...children: readonly string[]): CalculatedCheck => ({
    id: "sum",
    type: "CALCULATED",
    children,
    healthThreshold: 1,
    ...FLAGS,
  });
  const alarm = (evaluation: { periods: number; periodSeconds: number } | null): HealthCheck => ({
    id: "alarm",
    type: "CLOUDWATCH_METRIC",
    alarm: null,
    evaluation,
    insufficientData: "Unhealthy",
    ...FLAGS,
  });
  const control: HealthCheck = { id: "control", type: "RECOVERY_CONTROL", routingControlArn: "arn", ...FLAGS };
  const slow = endpointCheck("slow", { type: "TCP" });
  const fast = endpointCheck("fast", { requestIntervalSeconds: 10 });
  const all = [slow, fast, alarm(null), control];
  test.each([
    { name: "a calculated check is as slow as its slowest child", check: sum("fast", "slow"), want: 120_000 },
    { name: "without children it never changes", check: sum(), want: 0 },
    { name: "with a child of which nothing is known, not known", check: sum("fast", "gone"), want: null },
    { name: "with a child whose detection is not known, not known", check: sum("fast", "control"), want: null },
    { name: "an alarm takes its periods", check: alarm({ periods: 3, periodSeconds: 60 }), want: 180_000 },
    { name: "an alarm of which nothing is known, not known", check: alarm(null), want: null },
    { name: "a routing control, not known", check: control, want: null },
  ])("$name", ({ check, want }) => {
    expect(detectionMaxMs(check, timing, all)).toBe(want);
    expect(authoritativeBy(1000, check, timing, all)).toBe(want === null ? null : 1000 + want + 60_000);
    expect(recursiveBy(1000, check, timing, all, 60)).toBe(want === null ? null : 1000 + want + 130_000);
  });

  test("their rules are said with their numbers, or that there are none", () => {
    expect(deadlineRule(sum("fast", "slow"), timing, all, null)).toBe("2 m detection + 1 m propagation");
    expect(deadlineRule(alarm({ periods: 3, periodSeconds: 60 }), timing, all, null)).toBe(
      "3 × 60 s detection + 1 m propagation",
    );
    expect(deadlineRule(control, timing, all, null)).toBe("unknown detection + 1 m propagation");
  });
});

test("authoritative servers follow by detection and propagation, caches by the old TTL and slack on top", () => {
  expect(authoritativeBy(1000, every(10, 3), timing, [])).toBe(1000 + 48_000 + 60_000);
  expect(recursiveBy(1000, every(10, 3), timing, [], 60)).toBe(1000 + 48_000 + 60_000 + 60_000 + 10_000);
});

test("the rule is said with its numbers", () => {
  expect(deadlineRule(every(10, 3), timing, [], null)).toBe("3 × (10 s + 6 s) detection + 1 m propagation");
  expect(deadlineRule(every(10, 3), timing, [], 60)).toBe(
    "3 × (10 s + 6 s) detection + 1 m propagation + 60 s TTL + 10 s slack",
  );
});
