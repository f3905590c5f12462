import { describe, expect, test } from "vitest";
import { type Answer, ANYONE, type Asker } from "../../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../../monitor/policy/evaluator.ts";
import type { Health, HealthView } from "../../../monitor/policy/health-check.ts";
import type { Zone } from "../../../monitor/policy/record-set.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import { AWS, EXAMPLE, FAILOVER, GCP, LATENCY, withPolicy } from "../../support/example-topology.ts";

const NOBODY: Asker = ANYONE;
const failover = zoneOf(withPolicy(FAILOVER));
const latency = zoneOf(withPolicy(LATENCY));
const unchecked = zoneOf({ ...EXAMPLE, regions: [AWS, { ...GCP, dnsHealthCheck: false }] });

function ask(zone: Zone, health: HealthView, asker: Asker = NOBODY): Answer {
  return expectedAnswer(zone, { name: "demo.multicloud.example.com", type: "A", asker }, health);
}

function view(aws: Health, gcp: Health): HealthView {
  return { [AWS.id]: aws, [GCP.id]: gcp };
}

const P = "aws-us-east-1";
const S = "gcp-europe-west1";

describe("failover, the truth table of the Route 53 documents", () => {
  test.each([
    {
      name: "both healthy: the primary",
      zone: failover,
      health: view("healthy", "healthy"),
      want: [P],
      failOpen: false,
    },
    {
      name: "only the secondary is ill: the primary",
      zone: failover,
      health: view("healthy", "unhealthy"),
      want: [P],
      failOpen: false,
    },
    {
      name: "the primary is ill: the secondary",
      zone: failover,
      health: view("unhealthy", "healthy"),
      want: [S],
      failOpen: false,
    },
    {
      name: "both ill: the primary, fail-open",
      zone: failover,
      health: view("unhealthy", "unhealthy"),
      want: [P],
      failOpen: true,
    },
    {
      name: "a secondary without a check answers for an ill primary",
      zone: unchecked,
      health: view("unhealthy", "unhealthy"),
      want: [S],
      failOpen: false,
    },
    {
      name: "a secondary without a check is not asked while the primary is well",
      zone: unchecked,
      health: view("healthy", "unhealthy"),
      want: [P],
      failOpen: false,
    },
    {
      name: "an unknown primary leaves both open",
      zone: failover,
      health: view("unknown", "healthy"),
      want: [P, S],
      failOpen: false,
    },
    {
      name: "an unknown secondary behind an ill primary leaves fail-open possible",
      zone: failover,
      health: view("unhealthy", "unknown"),
      want: [S, P],
      failOpen: false,
    },
    {
      name: "an unknown primary before an ill secondary is the primary either way",
      zone: failover,
      health: view("unknown", "unhealthy"),
      want: [P],
      failOpen: false,
    },
  ])("$name", ({ zone, health, want, failOpen }) => {
    const answer = ask(zone, health);
    expect(answer.acceptable.map((choice) => choice.setIdentifier)).toEqual(want);
    expect(answer.acceptable.every((choice) => choice.failOpen)).toBe(failOpen);
    expect(answer.expected?.setIdentifier ?? null).toBe(want.length === 1 ? want[0] : null);
  });
});

describe("latency", () => {
  const near = (...latencyOrder: string[]): Asker => ({ ...ANYONE, latencyOrder });
  test.each([
    {
      name: "the nearest healthy record answers",
      asker: near("eu-west-3", "us-east-1"),
      health: view("healthy", "healthy"),
      want: [S],
    },
    {
      name: "an ill nearest one is passed over",
      asker: near("eu-west-3", "us-east-1"),
      health: view("healthy", "unhealthy"),
      want: [P],
    },
    {
      name: "with nothing healthy the nearest answers all the same",
      asker: near("eu-west-3", "us-east-1"),
      health: view("unhealthy", "unhealthy"),
      want: [S],
    },
    {
      name: "without a calibrated order every healthy record is legal",
      asker: NOBODY,
      health: view("healthy", "healthy"),
      want: [P, S],
    },
    {
      name: "without an order an ill record is still not legal",
      asker: NOBODY,
      health: view("healthy", "unhealthy"),
      want: [P],
    },
    {
      name: "without an order and nothing healthy, all are legal",
      asker: NOBODY,
      health: view("unhealthy", "unhealthy"),
      want: [P, S],
    },
    {
      name: "an order that lacks a record's region is no order",
      asker: near("eu-west-3"),
      health: view("healthy", "healthy"),
      want: [P, S],
    },
  ])("$name", ({ asker, health, want }) => {
    expect(ask(latency, health, asker).acceptable.map((choice) => choice.setIdentifier)).toEqual(want);
  });
});

test("simple routing answers all values, whatever the health", () => {
  const zone = zoneOf(withPolicy({ routing: "simple", ttlSeconds: 300 }));
  const answer = ask(zone, view("unhealthy", "unhealthy"));
  expect(answer.expected).toMatchObject({ values: ["192.0.2.10", "198.51.100.20"], ttlSeconds: 300, failOpen: false });
});

test("a name without a record has no acceptable answer, and the reason says so", () => {
  const answer = expectedAnswer(failover, { name: "other.multicloud.example.com", type: "A", asker: NOBODY }, {});
  expect(answer).toMatchObject({
    acceptable: [],
    expected: null,
    reason: "the zone has no A record other.multicloud.example.com",
  });
});

test("a name is found without regard to case and the final dot", () => {
  const question = { name: "DEMO.multicloud.example.com.", type: "A" as const, asker: NOBODY };
  expect(expectedAnswer(failover, question, view("healthy", "healthy")).expected?.setIdentifier).toBe(P);
});

test("a check that the zone does not have is unknown, so both outcomes are legal", () => {
  const zone = { ...failover, healthChecks: [] };
  expect(ask(zone, view("healthy", "healthy")).acceptable.map((choice) => choice.setIdentifier)).toEqual([P, S]);
});

test("every choice says why, in words", () => {
  const answer = ask(failover, view("unhealthy", "healthy"));
  expect(answer.reason).toBe("the secondary gcp-europe-west1, which is healthy (the primary aws-us-east-1 unhealthy)");
  expect(ask(failover, view("unhealthy", "unhealthy")).reason).toBe(
    "the primary aws-us-east-1, because nothing is healthy and Route 53 then treats all as healthy",
  );
});
