// A batch as text: what is written is what is read, whatever was seen, and nothing of it is larger than our own vantages may say.
import fc from "fast-check";
import { expect, test } from "vitest";
import { FAILURE_CAUSES, type ObservationBatch, PHASES } from "../../../monitor/model/observation.ts";
import {
  BATCH,
  BATCH_BYTES_MAX,
  batchId,
  batchOf,
  batchText,
  vantageOfBatch,
} from "../../../monitor/run/observation-batch.ts";
import { CLAIM_BYTES_MAX } from "../../../monitor/verify/claim.ts";
import { batchAt, withPrivate } from "../../support/private-vantage.ts";

const SLOT = Date.UTC(2026, 10, 28, 12);
const instant = fc.integer({ min: SLOT, max: SLOT + 30_000 });
const ms = fc.integer({ min: 0, max: 60_000 }).map((tenth) => tenth / 10);
const detail = fc.string({ maxLength: 60 });
const failure = fc.record(
  { cause: fc.constantFrom(...FAILURE_CAUSES), phase: fc.constantFrom(...PHASES), detail },
  { requiredKeys: ["cause", "detail"] },
);
const claim = fc.record({
  hostname: detail,
  region: detail,
  podIP: detail,
  cluster: fc.option(detail),
  version: fc.option(detail),
  time: instant,
});
const observation = fc.record({
  region: fc.constantFrom("east", "west"),
  at: instant,
  status: fc.option(fc.integer({ min: 100, max: 599 })),
  phases: fc.record({ dns: ms, connect: ms, tls: ms, ttfb: ms, transfer: ms }, { requiredKeys: [] }),
  totalMs: fc.option(ms),
  failure: fc.option(failure),
  claim: fc.option(claim),
});
const reply = fc.oneof(
  fc.record({ kind: fc.constant("failed" as const), failure }),
  fc.record({
    kind: fc.constant("reply" as const),
    rcode: fc.constantFrom("NOERROR", "NXDOMAIN"),
    authoritative: fc.boolean(),
    addresses: fc.uniqueArray(fc.ipV4(), { maxLength: 5 }).map((list) => list.toSorted()),
    ttlSeconds: fc.option(fc.nat(86_400)),
    scope: fc.option(fc.nat(32)),
    elapsedMs: ms,
  }),
);
const answer = fc.record({
  name: fc.constant("demo.example.com"),
  type: fc.constantFrom("A" as const, "AAAA" as const),
  view: fc.constantFrom("authoritative" as const, "recursive" as const),
  server: fc.constantFrom("192.0.2.53", "dns.google (2)"),
  at: instant,
  reply,
});
const batch: fc.Arbitrary<ObservationBatch> = fc.record({
  vantage: fc.constantFrom("office", "a-b-1"),
  slot: fc.constant(SLOT),
  looks: fc.constant("0123456789abcdef"),
  observations: fc.array(observation, { maxLength: 3 }),
  dns: fc.array(answer, { maxLength: 4 }),
});

test("whatever was seen is read as it was written", () => {
  fc.assert(
    fc.property(batch, (seen) => {
      const parsed = BATCH.safeParse(JSON.parse(batchText(seen)));
      expect(parsed.error?.issues).toBeUndefined();
      expect(parsed.data === undefined ? null : batchOf(parsed.data)).toEqual(seen);
    }),
  );
});

test("the largest topology's largest batch is within the bound", () => {
  const regions = Array.from({ length: 100 }, (_, n) => ({
    ...withPrivate().regions[0],
    id: `r${"-".repeat(58)}${n}r`,
  }));
  const topology = { ...withPrivate(), regions } as ReturnType<typeof withPrivate>;
  const filled = batchAt(topology, SLOT);
  const heavy = {
    ...filled,
    observations: filled.observations.map((seen) => ({
      ...seen,
      phases: { dns: 1234.5, connect: 1234.5, tls: 1234.5, ttfb: 1234.5, transfer: 1234.5 },
      failure: { cause: "wrong-region" as const, detail: "x".repeat(300) },
      claim: { hostname: "h".repeat(CLAIM_BYTES_MAX), region: "", podIP: "", cluster: null, version: null, time: SLOT },
    })),
  };
  expect(new TextEncoder().encode(batchText(heavy)).length).toBeLessThan(BATCH_BYTES_MAX);
});

test("an id names its vantage, and nothing else is one", () => {
  expect(vantageOfBatch(batchId("office-berlin", SLOT))).toBe("office-berlin");
  for (const id of ["", "office", "office_", "office_x", "Office_1", "a.b_1", "office_1 ", "office_12345678901234567"])
    expect(vantageOfBatch(id)).toBeNull();
});
