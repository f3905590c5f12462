// Rounds as the store keeps them, for tests of what is counted of them.
import fc from "fast-check";
import type { FailureCause } from "../../../monitor/model/observation.ts";
import type { Incident, VerdictKind } from "../../../monitor/model/verdict.ts";
import type { RoundRow } from "../../../monitor/run/row.ts";
import { fingerprint } from "../../../monitor/topology/fingerprint.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

/** What is counted is a part of what is stored. */
export interface KeptExample {
  readonly slot: number;
  readonly row: RoundRow;
}

type Cell = RoundRow["cells"][number];

export const POLICY = fingerprint(EXAMPLE);
export const SUBJECT = "dns:demo.multicloud.example.com:enam:authoritative";

/** "A number" is a look that served in that many milliseconds. */
export function cell(region: string, vantage: string, seen: number | FailureCause, seenBy53?: boolean | null): Cell {
  const served = typeof seen === "number";
  return {
    region,
    vantage,
    status: served ? 200 : null,
    totalMs: served ? seen : null,
    phases: {},
    cause: served ? null : seen,
    route53: seenBy53 === undefined ? served : seenBy53,
  };
}

export function kept(slot: number, cells: readonly Cell[], more: Partial<RoundRow> = {}): KeptExample {
  const row: RoundRow = {
    version: 1,
    at: slot + 900,
    policy: POLICY,
    missedSlots: 0,
    verdict: "conforms",
    cells,
    dns: [],
    ...more,
  };
  return { slot, row };
}

export function answer(verdict: VerdictKind, subject = SUBJECT): RoundRow["dns"][number] {
  return { subject, verdict, reply: { kind: "failed", failure: { cause: "timeout", detail: "no reply" } } };
}

const anyCell = fc.record({
  region: fc.constantFrom("aws-us-east-1", "gcp-europe-west1"),
  vantage: fc.constantFrom("enam", "weur", "oc"),
  seen: fc.oneof(fc.integer({ min: 1, max: 500 }), fc.constantFrom<FailureCause>("timeout", "refused", "not-started")),
  seenBy53: fc.constantFrom(true, false, null),
});

const anyAnswer = fc.constantFrom<VerdictKind>("conforms", "converging", "deviates", "undecided");

/** Up to forty rounds in three days, each slot once. */
export const anyRounds = fc
  .uniqueArray(fc.integer({ min: 0, max: 8640 }), { maxLength: 40 })
  .chain((slots) => fc.tuple(...slots.map((slot) => anyRoundAt(slot * 30_000))));

function anyRoundAt(slot: number): fc.Arbitrary<KeptExample> {
  return fc
    .record({
      cells: fc.array(anyCell, { maxLength: 6 }),
      missedSlots: fc.constantFrom(0, 0, 3),
      policy: fc.constantFrom(POLICY, "another"),
      dns: fc.array(anyAnswer, { maxLength: 3 }),
    })
    .map(({ cells, missedSlots, policy, dns }) =>
      kept(
        slot,
        cells.map((one) => cell(one.region, one.vantage, one.seen, one.seenBy53)),
        { missedSlots, policy, dns: dns.map((verdict) => answer(verdict)) },
      ),
    );
}

/** Incidents of three days, each with an id of its own; some are open still. */
export const anyClosed: fc.Arbitrary<readonly Incident[]> = fc
  .array(fc.record({ openedAt: fc.nat(259_199_999), lastedMs: fc.option(fc.nat(10_000_000)) }), { maxLength: 8 })
  .map((spans) =>
    spans.map(({ openedAt, lastedMs }, index) => ({
      id: `${index}`,
      subject: "failover",
      openedAt,
      closedAt: lastedMs === null ? null : openedAt + lastedMs,
      reason: "🙁 it did not serve",
      ...(index === 0 ? { causedBy: "a drill" } : {}),
    })),
  );
