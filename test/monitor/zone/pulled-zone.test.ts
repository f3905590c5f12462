// A pulled zone instead of the topology's own: what of it is kept, what is refused, and that it is what DNS is held to.
import { describe, expect, test } from "vitest";
import type { VantageOutcome } from "../../../monitor/model/observation.ts";
import { makeStatus } from "../../../monitor/report/status.ts";
import { foldRound } from "../../../monitor/run/fold.ts";
import { EMPTY_STATE } from "../../../monitor/run/state.ts";
import type { Topology } from "../../../monitor/topology/topology.ts";
import { parsePulledZone } from "../../../monitor/zone/pulled-zone.ts";
import { pulled, SNAPSHOT_VALUE } from "../../support/example-snapshot.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { badLook, dnsLook, goodLook } from "../../support/looks.ts";

function parse(value: object = SNAPSHOT_VALUE, topology = EXAMPLE) {
  return parsePulledZone(JSON.stringify(value), topology);
}

describe("what is kept", () => {
  test("is what the service's name leads to", () => {
    const zone = pulled().pulledZone?.zone;
    expect(zone?.recordSets.map(({ setIdentifier }) => setIdentifier)).toEqual(["1", "2"]);
    expect(zone?.healthChecks.map(({ id }) => id)).toEqual(["hc-gcp", "hc-aws"]);
  });

  test("a health check is its region's by the address or the name that it looks at", () => {
    expect(pulled().pulledZone?.regionOfCheck).toEqual({ "hc-gcp": GCP.id, "hc-aws": AWS.id });
  });

  test("one that looks elsewhere is nobody's", () => {
    const [first, second] = SNAPSHOT_VALUE.healthChecks;
    const elsewhere = { ...first, HealthCheckConfig: { ...first?.HealthCheckConfig, IPAddress: "203.0.113.9" } };
    const value = { ...SNAPSHOT_VALUE, healthChecks: [elsewhere, second] };
    expect(pulled(value).pulledZone?.regionOfCheck).toEqual({ "hc-aws": AWS.id });
  });
});

describe("what cannot be judged by is refused", () => {
  const records = SNAPSHOT_VALUE.resourceRecordSets;
  const [first] = records;
  test.each([
    ["a part of a zone", { ResourceRecordSets: records }, undefined, /expected a snapshot, found a part of a zone/],
    [
      "another zone",
      { ...SNAPSHOT_VALUE, hostedZone: { Id: "Z1", Name: "example.org." } },
      "hostedZone.Name",
      /dns.zone/,
    ],
    [
      "a zone without the service",
      { ...SNAPSHOT_VALUE, resourceRecordSets: records.slice(2) },
      "resourceRecordSets",
      /expected an A record demo\.multicloud\.example\.com, found none/,
    ],
    [
      "a service that is others' to answer",
      {
        ...SNAPSHOT_VALUE,
        resourceRecordSets: [
          ...records,
          { Name: EXAMPLE.service.host, Type: "NS", TTL: 60, ResourceRecords: [{ Value: "ns1.example.org." }] },
        ],
      },
      "resourceRecordSets",
      /delegated to other name servers/,
    ],
    [
      "a record that says two things",
      { ...SNAPSHOT_VALUE, resourceRecordSets: [{ ...first, Weight: 1 }, ...records.slice(1)] },
      "resourceRecordSets[0]",
      /./,
    ],
    ["a slip", { ...SNAPSHOT_VALUE, pulledAt: "noon" }, "pulledAt", /an instant/],
  ])("%s", (_, value, path, sentence) => {
    const parsed = parse(value);
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems[0]?.path).toBe(path);
    expect(problems[0]?.message).toMatch(sentence);
  });
});

/** Three rounds, so that there are opinions. */
function judged(topology: Topology, gcpUp: "up" | "down", answer: readonly string[]) {
  const outcomes = (at: number): readonly VantageOutcome[] =>
    topology.probe.vantages.map(({ id: vantage }) => ({
      kind: "reported",
      report: {
        vantage,
        colo: `of-${vantage}`,
        observations: [
          goodLook(AWS, vantage, at),
          gcpUp === "up" ? goodLook(GCP, vantage, at) : badLook(GCP, vantage, at),
        ],
        dns: [dnsLook(vantage, "authoritative", at, answer)],
      },
    }));
  let state = EMPTY_STATE;
  for (let round = 0; round < 20; round += 1) {
    const at = round * 30_000;
    state = foldRound(topology, state, outcomes(at), at, at).state;
  }
  return makeStatus(topology, state, 19 * 30_000);
}

describe("DNS is held to the pulled zone", () => {
  const [east = "", west = ""] = [AWS.endpoint.addresses[0], GCP.endpoint.addresses[0]];
  test.each([
    { name: "its primary is expected", gcp: "up", answer: west, verdict: "conforms", active: GCP.id },
    {
      name: "what the topology would have is a deviation",
      gcp: "up",
      answer: east,
      verdict: "deviates",
      active: GCP.id,
    },
    { name: "its secondary follows", gcp: "down", answer: east, verdict: "conforms", active: AWS.id },
  ] as const)("$name", ({ gcp, answer, verdict, active }) => {
    const { dns, failover } = judged(pulled(), gcp, [answer]);
    expect(new Set(dns.map((one) => one.verdict))).toEqual(new Set([verdict]));
    expect(failover).toMatchObject({ routing: "failover", active });
  });

  test("the topology's own zone says the opposite", () => {
    expect(judged(EXAMPLE, "up", [east]).failover).toMatchObject({ active: AWS.id, verdict: "conforms" });
  });

  test("a check that is inverted in the zone counts so", () => {
    const [first, ...others] = SNAPSHOT_VALUE.healthChecks;
    const inverted = { ...first, HealthCheckConfig: { ...first?.HealthCheckConfig, Inverted: true } };
    const topology = pulled({ ...SNAPSHOT_VALUE, healthChecks: [inverted, ...others] });
    expect(judged(topology, "up", [east]).failover.active).toBe(AWS.id);
  });
});

test("what Route 53's checkers say is shown and decides nothing", () => {
  const state = {
    ...EMPTY_STATE,
    checkers: { "hc-gcp": { healthy: 0, total: 16, at: 0 }, gone: { healthy: 1, total: 1, at: 0 } },
  };
  const { route53, regions } = makeStatus(pulled(), state, 1000);
  expect(route53).toEqual([
    { healthCheck: "hc-gcp", region: GCP.id, checkers: { healthy: 0, total: 16 }, at: "1970-01-01T00:00:00.000Z" },
  ]);
  expect(regions.map(({ health }) => health)).toEqual(["unknown", "unknown"]);
});
