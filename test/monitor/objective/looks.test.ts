import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { countingOf } from "../../../monitor/objective/counting.ts";
import { intentOf, NO_INTENT } from "../../../monitor/objective/intent.ts";
import { looksOf } from "../../../monitor/objective/looks.ts";
import type { Objective } from "../../../monitor/topology/topology.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { anyRound, AVAILABILITY, counts, roundOf, TO_AWS, TO_GCP, type VantageSeen } from "./rounds.ts";

function looks(objective: Partial<Objective>, seen: Readonly<Record<string, VantageSeen>>, intent = NO_INTENT) {
  return looksOf(EXAMPLE, countingOf({ ...AVAILABILITY, ...objective }), roundOf(seen), intent);
}

const SERVED = { aws: 20, gcp: 90, led: TO_AWS };

describe("the service, at one vantage of three, the others silent", () => {
  test.each<{ name: string; seen: VantageSeen; want: object; objective?: Partial<Objective> }>([
    { name: "is good where the region that users are led to serves", seen: SERVED, want: { good: 1 } },
    { name: "is good although another region is down", seen: { ...SERVED, gcp: "refused" }, want: { good: 1 } },
    { name: "is bad while DNS still leads to the dead region", seen: { ...SERVED, aws: "refused" }, want: { bad: 1 } },
    {
      name: "is good again once DNS leads to the living one",
      seen: { aws: "refused", gcp: 90, led: TO_GCP },
      want: { good: 1 },
    },
    { name: "is unknown where our own look failed", seen: { ...SERVED, aws: "internal" }, want: { unknown: 1 } },
    { name: "is unknown where that region was not looked at", seen: { gcp: 90, led: TO_AWS }, want: { unknown: 1 } },
    { name: "is unknown where no resolver answered", seen: { ...SERVED, led: "failed" }, want: { unknown: 1 } },
    {
      name: "is unknown although a name server answered where the resolver did not",
      seen: { ...SERVED, led: "failed", authoritative: TO_AWS },
      want: { unknown: 1 },
    },
    { name: "is bad where the name leads nowhere", seen: { ...SERVED, led: [] }, want: { bad: 1 } },
    {
      name: "is what the name servers say where no resolver was asked",
      seen: { aws: "refused", gcp: 90, authoritative: TO_GCP },
      want: { good: 1 },
    },
    {
      name: "is one look for each region that an answer leads to",
      seen: { aws: 20, gcp: "timeout", led: [...TO_AWS, ...TO_GCP] },
      want: { good: 1, bad: 1 },
    },
    {
      name: "is bad where the answer is nobody's and the policy does not allow it",
      seen: { ...SERVED, led: ["203.0.113.99"], verdict: "deviates" },
      want: { bad: 1 },
    },
    {
      name: "is unknown where the answer is nobody's that we look at, but allowed",
      seen: { ...SERVED, led: ["203.0.113.99"] },
      want: { unknown: 1 },
    },
    {
      name: "is bad where it served too late",
      seen: SERVED,
      objective: { indicator: "latency", thresholdMs: 19 },
      want: { bad: 1 },
    },
    {
      name: "is good at the very limit",
      seen: SERVED,
      objective: { indicator: "latency", thresholdMs: 20 },
      want: { good: 1 },
    },
    {
      name: "is bad where it did not serve, however soon that was known",
      seen: { ...SERVED, aws: "refused" },
      objective: { indicator: "latency", thresholdMs: 500 },
      want: { bad: 1 },
    },
  ])("$name", ({ seen, want, objective = {} }) => {
    const { unknown = 0, ...others } = { ...want } as { unknown?: number };
    expect(looks(objective, { enam: seen })).toEqual(counts({ ...others, unknown: unknown + 2 }));
  });
});

describe("a region", () => {
  test.each([
    { region: AWS.id, want: { good: 1, bad: 1, unknown: 1 } },
    { region: GCP.id, want: { good: 2, unknown: 1 } },
  ])("$region is good or bad by its own looks, wherever DNS leads", ({ region, want }) => {
    const seen = { enam: SERVED, weur: { aws: "timeout" as const, gcp: 15, led: TO_AWS } };
    expect(looks({ region }, seen)).toEqual(counts(want));
  });
});

describe("what somebody meant", () => {
  const drill = {
    id: "d",
    title: "d",
    regions: [AWS.id],
    causes: ["region" as const],
    startedAt: 1000,
    expiresAt: 9000,
    endedAt: null,
    probeEverySeconds: null,
    settleMs: 500,
  };
  const bad = { ...SERVED, aws: "refused" as const };
  const all = { enam: bad, weur: SERVED, oc: SERVED };
  test.each<{ name: string; objective: Partial<Objective>; at: number; want: object }>([
    { name: "counts, and is told apart", objective: {}, at: 5000, want: { good: 2, bad: 1, planned: 1 } },
    {
      name: "is planned for its region",
      objective: { region: AWS.id },
      at: 9400,
      want: { good: 2, bad: 1, planned: 1 },
    },
    { name: "is nothing any more once its traces are gone", objective: {}, at: 9600, want: { good: 2, bad: 1 } },
    { name: "plans nothing for another region", objective: { region: GCP.id }, at: 5000, want: { good: 3 } },
  ])("by a drill $name", ({ objective, at, want }) => {
    expect(looks(objective, all, intentOf(EXAMPLE, drill, [], at))).toEqual(counts(want));
  });

  test("by maintenance counts on neither side", () => {
    const intent = intentOf(EXAMPLE, null, [AWS.id], 5000);
    expect(looks({ region: AWS.id }, all, intent)).toEqual(counts({ excused: 3 }));
    expect(looks({ region: GCP.id }, all, intent)).toEqual(counts({ good: 3 }));
    // Users who are led into it are hurt: the service is excused only where all of it was announced.
    expect(looks({}, all, intent)).toEqual(counts({ good: 2, bad: 1 }));
    expect(looks({}, all, intentOf(EXAMPLE, null, [AWS.id, GCP.id], 5000))).toEqual(counts({ excused: 3 }));
  });
});

test("every vantage has a look of some kind, and a drill plans no more than was bad", () => {
  fc.assert(
    fc.property(anyRound, fc.constantFrom(null, AWS.id), fc.constantFrom(null, 200), (round, region, thresholdMs) => {
      const { good, bad, unknown, planned } = looksOf(EXAMPLE, { region, thresholdMs, slice: null }, round, {
        isExcused: () => false,
        isPlanned: () => true,
      });
      expect(good + bad + unknown).toBeGreaterThanOrEqual(3);
      expect(planned).toBe(bad);
    }),
  );
});
