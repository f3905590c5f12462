import { describe, expect, test } from "vitest";
import {
  aggregateHealth,
  effectiveHealth,
  ENDPOINT_DEFAULTS,
  type EndpointCheck,
  NO_OPINION,
  type Opinion,
  statusPasses,
  stepOpinion,
} from "../../../monitor/policy/health-check.ts";

const CHECK: EndpointCheck = {
  ...ENDPOINT_DEFAULTS,
  id: "a",
  type: "HTTPS",
  host: "a.example.com",
  port: 443,
  path: "/healthz",
  requestIntervalSeconds: 30,
  failureThreshold: 3,
};

function after(looks: string, threshold: number): Opinion {
  return [...looks].reduce<Opinion>(
    (opinion, look, index) => stepOpinion(opinion, look === "+", threshold, index),
    NO_OPINION,
  );
}

describe("1.7 a checker's opinion", () => {
  test.each([
    { name: "there is none before the threshold is reached", looks: "++", threshold: 3, want: "unknown" },
    { name: "the threshold counts upwards", looks: "+++", threshold: 3, want: "healthy" },
    { name: "two failures do not flip it at three", looks: "+++--", threshold: 3, want: "healthy" },
    { name: "three failures flip it at three", looks: "+++---", threshold: 3, want: "unhealthy" },
    { name: "a good look in between starts the count again", looks: "+++--+--", threshold: 3, want: "healthy" },
    { name: "the same number is needed on the way back", looks: "---++", threshold: 3, want: "unhealthy" },
    { name: "recovery needs three as well", looks: "---+++", threshold: 3, want: "healthy" },
    { name: "at one, each look decides", looks: "+-", threshold: 1, want: "unhealthy" },
  ])("$name", ({ looks, threshold, want }) => {
    expect(after(looks, threshold).health).toBe(want);
  });

  test("a run remembers when it began", () => {
    expect(after("++++--", 3).run).toEqual({ passed: false, since: 4, count: 2 });
  });
});

describe("1.8 the 18 % rule", () => {
  test.each([
    { checkers: 6, healthy: 1, want: "unhealthy" },
    { checkers: 6, healthy: 2, want: "healthy" },
    { checkers: 8, healthy: 1, want: "unhealthy" },
    { checkers: 8, healthy: 2, want: "healthy" },
    { checkers: 12, healthy: 2, want: "unhealthy" },
    { checkers: 12, healthy: 3, want: "healthy" },
    { checkers: 15, healthy: 2, want: "unhealthy" },
    { checkers: 15, healthy: 3, want: "healthy" },
    { checkers: 16, healthy: 2, want: "unhealthy" },
    { checkers: 16, healthy: 3, want: "healthy" },
    { checkers: 50, healthy: 9, want: "unhealthy" },
    { checkers: 50, healthy: 10, want: "healthy" },
  ])("$healthy healthy of $checkers checkers is $want", ({ checkers, healthy, want }) => {
    const opinions = Array.from({ length: checkers }, (_, index) => (index < healthy ? "healthy" : "unhealthy"));
    expect(aggregateHealth(opinions)).toBe(want);
  });

  test("checkers without an opinion do not count, and none at all is unknown", () => {
    expect(aggregateHealth(["unknown", "unhealthy", "unknown"])).toBe("unhealthy");
    expect(aggregateHealth(["unknown"])).toBe("unknown");
    expect(aggregateHealth([])).toBe("unknown");
  });
});

describe("1.9 disabled and inverted, every combination", () => {
  test.each([
    { disabled: false, inverted: false, raw: "healthy", want: "healthy" },
    { disabled: false, inverted: false, raw: "unhealthy", want: "unhealthy" },
    { disabled: false, inverted: false, raw: "unknown", want: "unknown" },
    { disabled: false, inverted: true, raw: "healthy", want: "unhealthy" },
    { disabled: false, inverted: true, raw: "unhealthy", want: "healthy" },
    { disabled: false, inverted: true, raw: "unknown", want: "unknown" },
    { disabled: true, inverted: false, raw: "healthy", want: "healthy" },
    { disabled: true, inverted: false, raw: "unhealthy", want: "healthy" },
    { disabled: true, inverted: false, raw: "unknown", want: "healthy" },
    { disabled: true, inverted: true, raw: "healthy", want: "unhealthy" },
    { disabled: true, inverted: true, raw: "unhealthy", want: "unhealthy" },
    { disabled: true, inverted: true, raw: "unknown", want: "unhealthy" },
  ] as const)("disabled $disabled, inverted $inverted: $raw is $want", ({ disabled, inverted, raw, want }) => {
    expect(effectiveHealth({ ...CHECK, disabled, inverted }, raw)).toBe(want);
  });
});

test.each([
  [199, false],
  [200, true],
  [204, true],
  [301, true],
  [399, true],
  [400, false],
  [503, false],
])("status %i passes: %s", (status, passes) => {
  expect(statusPasses(status)).toBe(passes);
});
