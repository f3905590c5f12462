// What each kind of health check says. The numbers are the sections of the Route 53 reference that the design names.
import { describe, expect, test } from "vitest";
import { checksOf, healthOfCheck } from "../../../monitor/policy/check-health.ts";
import {
  type CalculatedCheck,
  type CloudWatchCheck,
  type Health,
  type HealthCheck,
  type HealthView,
  effectiveHealth,
  initialHealth,
} from "../../../monitor/policy/health-check.ts";
import { endpointCheck } from "../../support/small-zone.ts";

const FLAGS = { disabled: false, inverted: false } as const;
const VIEW: HealthView = { up: "healthy", up2: "healthy", down: "unhealthy" };
const CHECKS: readonly HealthCheck[] = [
  endpointCheck("up"),
  endpointCheck("up2"),
  endpointCheck("down"),
  endpointCheck("dark"),
  endpointCheck("off", { disabled: true }),
  endpointCheck("pinned", { disabled: true, inverted: true }),
  endpointCheck("upside", { inverted: true }),
];

function sum(healthThreshold: number, ...children: readonly string[]): CalculatedCheck {
  return { id: "sum", type: "CALCULATED", children, healthThreshold, ...FLAGS };
}

function read(check: HealthCheck, view: HealthView = VIEW): ReturnType<typeof healthOfCheck> {
  return healthOfCheck(checksOf([...CHECKS, check]), check.id, view);
}

describe("1.10 calculated checks", () => {
  test.each<{ rule: string; check: CalculatedCheck; want: Health }>([
    { rule: "enough children", check: sum(2, "up", "up2", "down"), want: "healthy" },
    { rule: "too few", check: sum(2, "up", "down"), want: "unhealthy" },
    { rule: "threshold 0 is always healthy", check: sum(0, "down"), want: "healthy" },
    { rule: "threshold 0 without children, too", check: sum(0), want: "healthy" },
    {
      rule: "a threshold above the number of children is always unhealthy",
      check: sum(3, "up", "up2"),
      want: "unhealthy",
    },
    { rule: "an unknown child that decides", check: sum(2, "up", "dark"), want: "unknown" },
    { rule: "an unknown child where enough are healthy", check: sum(1, "up", "dark"), want: "healthy" },
    { rule: "an unknown child where too few can be", check: sum(3, "up", "down", "dark"), want: "unhealthy" },
    { rule: "a disabled child counts healthy", check: sum(1, "off"), want: "healthy" },
    { rule: "a disabled and inverted child counts unhealthy", check: sum(1, "pinned"), want: "unhealthy" },
    { rule: "an inverted child counts the other way", check: sum(1, "upside"), want: "unknown" },
    { rule: "a child that does not exist is unknown", check: sum(1, "gone"), want: "unknown" },
    { rule: "inverted", check: { ...sum(1, "up"), inverted: true }, want: "unhealthy" },
    { rule: "disabled", check: { ...sum(1, "down"), disabled: true }, want: "healthy" },
    { rule: "itself among its children: unknown, and no end", check: sum(1, "sum"), want: "unknown" },
  ])("$rule: $want", ({ check, want }) => {
    expect(read(check).health).toBe(want);
  });

  test("what is read of it elsewhere counts before its children", () => {
    expect(read(sum(1, "up"), { ...VIEW, sum: "unhealthy" }).health).toBe("unhealthy");
  });
});

describe("other checks are read from the view", () => {
  const alarm: CloudWatchCheck = {
    id: "alarm",
    type: "CLOUDWATCH_METRIC",
    alarm: { name: "errors", region: "us-east-1" },
    evaluation: null,
    insufficientData: "LastKnownStatus",
    ...FLAGS,
  };
  const control: HealthCheck = { id: "control", type: "RECOVERY_CONTROL", routingControlArn: "arn:aws:x", ...FLAGS };
  test.each<{ check: HealthCheck; seen: Health; why: string }>([
    {
      check: endpointCheck("a"),
      seen: "healthy",
      why: "health check a is healthy: more than 18 % of its checkers say healthy",
    },
    {
      check: endpointCheck("a"),
      seen: "unhealthy",
      why: "health check a is unhealthy: at most 18 % of its checkers say healthy",
    },
    { check: endpointCheck("a"), seen: "unknown", why: "nothing is known of health check a" },
    {
      check: alarm,
      seen: "unhealthy",
      why: "health check alarm is unhealthy: its metric is beyond the alarm's threshold",
    },
    { check: control, seen: "healthy", why: "health check control is healthy: its routing control is on" },
    { check: control, seen: "unhealthy", why: "health check control is unhealthy: its routing control is off" },
  ])("$why", ({ check, seen, why }) => {
    expect(read(check, { [check.id]: seen })).toMatchObject({ health: seen, why });
  });

  test("1.9 inversion and disabling are told with what they make of it", () => {
    expect(read(endpointCheck("a", { inverted: true }), { a: "healthy" })).toMatchObject({
      health: "unhealthy",
      why: "health check a is healthy: more than 18 % of its checkers say healthy, inverted: unhealthy",
    });
    expect(read(endpointCheck("a", { disabled: true, inverted: true }), { a: "healthy" })).toMatchObject({
      health: "unhealthy",
      why: "health check a is disabled and inverted: unhealthy",
    });
  });

  test("1.9 a new check is healthy, a new inverted one unhealthy", () => {
    const effective = (check: HealthCheck): Health => effectiveHealth(check, initialHealth(check));
    expect(effective(endpointCheck("a"))).toBe("healthy");
    expect(effective(endpointCheck("a", { inverted: true }))).toBe("unhealthy");
  });

  test("1.9 a new calculated check is for its children to tell, and a new routing control for itself", () => {
    expect([initialHealth(sum(1, "up")), initialHealth(control)]).toEqual(["unknown", "unknown"]);
  });

  test.each([
    { setting: "Healthy", want: "healthy" },
    { setting: "Unhealthy", want: "unhealthy" },
    { setting: "LastKnownStatus", want: "healthy" },
  ] as const)("1.11 a new alarm without data under $setting is $want", ({ setting, want }) => {
    expect(initialHealth({ ...alarm, insufficientData: setting })).toBe(want);
  });
});
