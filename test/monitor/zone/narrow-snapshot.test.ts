// A snapshot cut down to one name: it answers for that name as the whole does, and holds nothing else.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ANYONE } from "../../../monitor/policy/answer.ts";
import { expectedAnswer } from "../../../monitor/policy/evaluator.ts";
import { zoneFromAws } from "../../../monitor/zone/from-aws.ts";
import { narrowSnapshot } from "../../../monitor/zone/narrow-snapshot.ts";
import { SNAPSHOT, type Snapshot } from "../../../monitor/zone/snapshot.ts";
import { snapshotZone } from "../../../monitor/zone/snapshot-zone.ts";
import { SNAPSHOT_VALUE } from "../../support/example-snapshot.ts";

const WHOLE = SNAPSHOT.parse({ ...SNAPSHOT_VALUE, missingHealthChecks: ["gone"], protections: [] });
const HOST = "demo.multicloud.example.com";

function namesIn(snapshot: Snapshot | null): readonly string[] {
  return snapshot?.resourceRecordSets.map(({ Name }) => Name) ?? [];
}

test("only what the name leads to is kept, and the health checks of that", () => {
  const narrow = narrowSnapshot(WHOLE, HOST);
  expect(new Set(namesIn(narrow))).toEqual(new Set([`${HOST}.`]));
  expect(narrow?.healthChecks.map(({ Id }) => Id)).toEqual(["hc-gcp", "hc-aws"]);
  expect(narrow?.missingHealthChecks).toEqual([]);
});

test("a name without an address has none", () => {
  expect(narrowSnapshot(WHOLE, "gone.multicloud.example.com")).toBeNull();
});

test("a delegation above the name is kept: it decides who answers", () => {
  const cut: Snapshot["resourceRecordSets"][number] = {
    Name: `${HOST}.`,
    Type: "NS",
    TTL: 60,
    ResourceRecords: [{ Value: "ns1.example.org." }],
  };
  const whole = { ...WHOLE, resourceRecordSets: [...WHOLE.resourceRecordSets, cut] };
  expect(narrowSnapshot(whole, HOST)?.resourceRecordSets.map(({ Type }) => Type)).toContain("NS");
});

describe("the answer", () => {
  test("is the same as of the whole, in every state of health", () => {
    const health = fc.constantFrom("healthy" as const, "unhealthy" as const, "unknown" as const);
    const narrow = narrowSnapshot(WHOLE, HOST);
    if (narrow === null) throw new Error("expected the host to be in the example");
    const [all, some] = [WHOLE, narrow].map((snapshot) => zoneFromAws(snapshotZone(snapshot)).zone);
    fc.assert(
      fc.property(fc.record({ "hc-gcp": health, "hc-aws": health }), (view) => {
        const question = { name: HOST, type: "A", asker: ANYONE } as const;
        if (all === undefined || some === undefined) throw new Error("expected both zones");
        expect(expectedAnswer(some, question, view)).toEqual(expectedAnswer(all, question, view));
      }),
      { numRuns: 50 },
    );
  });
});
