import { describe, expect, test } from "vitest";
import { ANYONE } from "../../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../../monitor/policy/evaluator.ts";
import type { HealthView } from "../../../monitor/policy/health-check.ts";
import { storedBytes } from "../../../monitor/topology/stored-text.ts";
import { CLAIM_BYTES_MAX, judgeClaim, parseClaim, PROBLEMS_BYTES_MAX } from "../../../monitor/verify/claim.ts";
import { judgeFailover } from "../../../monitor/verify/failover.ts";
import { judgeRegion, type RegionStanding } from "../../../monitor/verify/region.ts";
import { worstVerdict } from "../../../monitor/verify/verdict.ts";
import { regionOfChoice } from "../../../monitor/topology/judged-zone.ts";
import { zoneOf } from "../../../monitor/topology/zone.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { CLAIM } from "../../support/looks.ts";

describe("a region", () => {
  const standing: RegionStanding = { user: "healthy", route53: "healthy", since: 0, failures: "" };
  test.each([
    { name: "serves", change: {}, verdict: "conforms", reason: "serves users since 1970-01-01T00:00:00.000Z" },
    {
      name: "is dead for both",
      change: { user: "unhealthy", route53: "unhealthy", failures: "refused at enam, weur" },
      verdict: "deviates",
      reason: "does not serve users since 1970-01-01T00:00:00.000Z: refused at enam, weur",
    },
    {
      name: "is dead, and Route 53 will not see it",
      change: { user: "unhealthy", failures: "redirected at enam" },
      verdict: "deviates",
      reason:
        "does not serve users since 1970-01-01T00:00:00.000Z: redirected at enam; Route 53's rules still call it healthy, so DNS keeps sending users there",
    },
    {
      name: "serves, and Route 53 will leave it",
      change: { route53: "unhealthy" },
      verdict: "conforms",
      reason:
        "serves users since 1970-01-01T00:00:00.000Z; Route 53's rules call it unhealthy, so DNS sends users elsewhere",
    },
    {
      name: "begins to fail",
      change: { failures: "timeout at oc" },
      verdict: "conforms",
      reason: "serves users since 1970-01-01T00:00:00.000Z; latest failed looks: timeout at oc",
    },
    {
      name: "is not known",
      change: { user: "unknown", since: null },
      verdict: "undecided",
      reason: "not enough fresh looks for an opinion",
    },
  ] as const)("$name", ({ change, verdict, reason }) => {
    expect(judgeRegion(AWS, { ...standing, ...change })).toEqual({ subject: "region:aws-us-east-1", verdict, reason });
  });
});

describe("a claim", () => {
  test.each([
    {
      name: "of the right region conforms",
      claims: [CLAIM],
      verdict: "conforms",
      reason: 'claims region "us-east-1" from pod-1',
    },
    {
      name: "of another region deviates",
      claims: [CLAIM, { ...CLAIM, region: "europe-west1" }],
      verdict: "deviates",
      reason: 'claims region "europe-west1", expected "us-east-1"',
    },
    {
      name: "of another cluster deviates",
      claims: [{ ...CLAIM, cluster: "gcp-europe-west1" }],
      verdict: "deviates",
      reason: 'claims cluster "gcp-europe-west1", expected "aws-us-east-1"',
    },
    {
      name: "without a cluster is fine, for older services",
      claims: [{ ...CLAIM, cluster: null }],
      verdict: "conforms",
      reason: 'claims region "us-east-1" from pod-1',
    },
    {
      name: "with a clock far from ours deviates",
      claims: [{ ...CLAIM, time: -600_000 }],
      verdict: "deviates",
      reason: "its clock is 10 m away from ours",
    },
    {
      name: "that nobody read is undecided",
      claims: [],
      verdict: "undecided",
      reason: "no claim was read in the latest round",
    },
  ])("$name", ({ claims, verdict, reason }) => {
    expect(judgeClaim(AWS, claims, 0)).toEqual({ subject: "claim:aws-us-east-1", verdict, reason });
  });

  test("that differs at every vantage is quoted within a bound", () => {
    const claims = Array.from({ length: 9 }, (_, at) => ({ ...CLAIM, region: `${at}${"\u0001".repeat(50)}` }));
    const { reason } = judgeClaim(AWS, claims, 0);
    expect(reason).toMatch(/^claims region "0.*…$/u);
    expect(storedBytes(reason)).toBeLessThanOrEqual(PROBLEMS_BYTES_MAX + 3);
  });

  test("is read from the body of GET /, with or without the newer fields", () => {
    const body = { region: "us-east-1", hostname: "pod-1", podIP: "10.42.1.23", time: "2025-01-01T12:34:56Z" };
    expect(parseClaim(JSON.stringify(body))).toEqual({
      region: "us-east-1",
      hostname: "pod-1",
      podIP: "10.42.1.23",
      cluster: null,
      version: null,
      time: 1_735_734_896_000,
    });
  });

  test.each([
    "",
    "null",
    "[]",
    '"us-east-1"',
    '{"region":"us-east-1"}',
    '{"region":1,"hostname":"a","podIP":"b","time":"2025-01-01T12:34:56Z"}',
    '{"region":"r","hostname":"a","podIP":"b","time":"noon"}',
    JSON.stringify({ region: "r", hostname: "h".repeat(CLAIM_BYTES_MAX), podIP: "b", time: "2025-01-01T12:34:56Z" }),
    JSON.stringify({ region: "\u0001".repeat(100), hostname: "a", podIP: "b", time: "2025-01-01T12:34:56Z" }),
  ])("%j is none", (body) => {
    expect(parseClaim(body)).toBeNull();
  });
});

describe("the failover subject", () => {
  const zone = zoneOf(EXAMPLE);
  const standing = (health: HealthView) => {
    const question = {
      name: EXAMPLE.service.host,
      type: "A" as const,
      asker: ANYONE,
    };
    return judgeFailover("failover", { enam: expectedAnswer(zone, question, health) }, ({ expected }) =>
      regionOfChoice(EXAMPLE, expected),
    );
  };
  test.each([
    {
      name: "with a healthy primary it is active",
      health: { [AWS.id]: "healthy", [GCP.id]: "healthy" },
      active: AWS.id,
      verdict: "conforms",
      failOpen: false,
    },
    {
      name: "with an ill primary the secondary is",
      health: { [AWS.id]: "unhealthy", [GCP.id]: "healthy" },
      active: GCP.id,
      verdict: "conforms",
      failOpen: false,
    },
    {
      name: "with nothing healthy it fails open",
      health: { [AWS.id]: "unhealthy", [GCP.id]: "unhealthy" },
      active: AWS.id,
      verdict: "deviates",
      failOpen: true,
    },
    { name: "with unknown health nothing is decided", health: {}, active: null, verdict: "undecided", failOpen: false },
    {
      name: "an unknown primary before an ill secondary may be fail-open, so it is not decided",
      health: { [GCP.id]: "unhealthy" },
      active: AWS.id,
      verdict: "undecided",
      failOpen: false,
    },
  ] as const)("$name", ({ health, active, verdict, failOpen }) => {
    const got = standing(health);
    expect({ active: got.active, verdict: got.verdict.verdict, failOpen: got.failOpen }).toEqual({
      active,
      verdict,
      failOpen,
    });
  });
});

test.each([
  [["conforms", "converging"], "converging"],
  [["converging", "undecided"], "undecided"],
  [["undecided", "deviates", "conforms"], "deviates"],
  [["conforms"], "conforms"],
  [[], "undecided"],
] as const)("the worst of %j is %s", (kinds, worst) => {
  expect(worstVerdict(kinds)).toBe(worst);
});
