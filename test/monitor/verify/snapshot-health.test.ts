// What a snapshot says of health, and where it is from.
import { expect, test } from "vitest";
import { snapshotHealth } from "../../../monitor/verify/snapshot-health.ts";
import { SNAPSHOT, type Snapshot } from "../../../monitor/zone/snapshot.ts";
import { endpointCheck } from "../../support/small-zone.ts";
import type { HealthCheck } from "../../../monitor/policy/health-check.ts";

function snapshot(parts: Partial<Snapshot>): Snapshot {
  const empty = {
    schemaVersion: 1,
    kind: "route53-snapshot",
    pulledAt: "2026-11-22T12:00:00.000Z",
    hostedZone: { Id: "Z1", Name: "example.com." },
    resourceRecordSets: [],
    healthChecks: [],
  };
  return SNAPSHOT.parse({ ...empty, ...parts });
}

function looks(...statuses: readonly string[]): Snapshot["observations"][string] {
  return statuses.map((Status) => ({ StatusReport: { Status } }));
}

const GOOD = "Success: HTTP Status Code 200, OK. Resolved IP: 192.0.2.10";
const BAD = "Failure: HTTP Status Code 503, Service Temporarily Unavailable";

test.each([
  {
    name: "1 of CloudWatch is healthy",
    parts: { cloudWatchStatus: { a: 1 } },
    health: "healthy",
    from: "fromCloudWatch",
  },
  {
    name: "0 of CloudWatch is unhealthy",
    parts: { cloudWatchStatus: { a: 0 } },
    health: "unhealthy",
    from: "fromCloudWatch",
  },
  {
    name: "CloudWatch has the word before the looks",
    parts: { cloudWatchStatus: { a: 0 }, observations: { a: looks(GOOD, GOOD) } },
    health: "unhealthy",
    from: "fromCloudWatch",
  },
  {
    name: "without data from CloudWatch the looks count",
    parts: { cloudWatchStatus: { a: null }, observations: { a: looks(BAD, BAD) } },
    health: "unhealthy",
    from: "fromObservations",
  },
  {
    name: "more than 18 % of the looks make it healthy",
    parts: { observations: { a: looks(GOOD, BAD, BAD, BAD, BAD) } },
    health: "healthy",
    from: "fromObservations",
  },
  {
    name: "one of six does not",
    parts: { observations: { a: looks(GOOD, BAD, BAD, BAD, BAD, BAD) } },
    health: "unhealthy",
    from: "fromObservations",
  },
  {
    name: "looks that say neither are none",
    parts: { observations: { a: looks("Pending") } },
    health: "unknown",
    from: "unknown",
  },
  { name: "nothing at all is unknown", parts: {}, health: "unknown", from: "unknown" },
] as const)("$name", ({ parts, health, from }) => {
  const read = snapshotHealth(snapshot(parts), [endpointCheck("a")]);
  expect(read.view).toEqual({ a: health });
  expect(read[from]).toEqual(["a"]);
});

test("CloudWatch tells the health that counts, so an inverted check's raw health is the other one", () => {
  const inverted = endpointCheck("a", { inverted: true });
  expect(snapshotHealth(snapshot({ cloudWatchStatus: { a: 0 } }), [inverted]).view).toEqual({ a: "healthy" });
  expect(snapshotHealth(snapshot({ observations: { a: looks(GOOD) } }), [inverted]).view).toEqual({ a: "healthy" });
});

test("a calculated check without a word of its own is left to its children", () => {
  const sum: HealthCheck = {
    id: "sum",
    type: "CALCULATED",
    children: ["a"],
    healthThreshold: 1,
    disabled: false,
    inverted: false,
  };
  expect(snapshotHealth(snapshot({}), [sum])).toMatchObject({ view: { sum: "unknown" }, unknown: [] });
});

test("a disabled check is pinned, so nobody needs to know it", () => {
  expect(snapshotHealth(snapshot({}), [endpointCheck("a", { disabled: true })]).unknown).toEqual([]);
});
