import { expect, test } from "vitest";
import { NO_INCIDENTS, stepIncidents } from "../../../monitor/incident/book.ts";
import { drillVerdicts, isPlanned, settledAt } from "../../../monitor/incident/planned.ts";
import type { IncidentBook, Verdict, VerdictKind } from "../../../monitor/model/verdict.ts";
import type { DrillNotice } from "../../../monitor/model/planned.ts";

const DRILL: DrillNotice = {
  id: "d1",
  title: "primary outage",
  regions: ["east"],
  causes: ["region"],
  startedAt: 10_000,
  expiresAt: 100_000,
  endedAt: null,
  probeEverySeconds: null,
  settleMs: 5000,
};

test.each([
  { subject: "region:east", causes: ["region"], want: true },
  { subject: "claim:east", causes: ["region"], want: true },
  { subject: "region:west", causes: ["region"], want: false },
  { subject: "region:east-2", causes: ["region"], want: false },
  { subject: "region:east", causes: ["dns", "failover"], want: false },
  { subject: "dns:demo.example.com:enam:authoritative", causes: ["region"], want: false },
  { subject: "dns:demo.example.com:enam:authoritative", causes: ["dns"], want: true },
  { subject: "failover", causes: ["region", "dns"], want: false },
  { subject: "failover", causes: ["failover"], want: true },
  { subject: "drill:d1", causes: ["region", "dns", "failover"], want: false },
  { subject: "storage", causes: ["region", "dns", "failover"], want: false },
] as const)("a drill that breaks east and $causes plans $subject: $want", ({ subject, causes, want }) => {
  expect(isPlanned({ ...DRILL, causes }, subject, 20_000)).toBe(want);
});

test.each([
  { at: 9999, endedAt: null, want: false },
  { at: 10_000, endedAt: null, want: true },
  { at: 105_000, endedAt: null, want: true },
  { at: 105_001, endedAt: null, want: false },
  { at: 55_000, endedAt: 50_000, want: true },
  { at: 55_001, endedAt: 50_000, want: false },
  { at: 105_001, endedAt: 200_000, want: false },
])("at $at a drill that ended at $endedAt plans: $want", ({ at, endedAt, want }) => {
  expect(isPlanned({ ...DRILL, endedAt }, "region:east", at)).toBe(want);
});

test("traces of a drill that was over late are excused no longer than its expiry allows", () => {
  expect(settledAt({ ...DRILL, endedAt: 150_000 })).toBe(105_000);
});

test("a drill conforms until its expiry, deviates after it, and is no subject when it is over", () => {
  expect(drillVerdicts(DRILL, 100_000)).toMatchObject([{ subject: "drill:d1", verdict: "conforms" }]);
  expect(drillVerdicts(DRILL, 100_001)).toMatchObject([
    {
      subject: "drill:d1",
      verdict: "deviates",
      reason:
        "should have been over by 1970-01-01T00:01:40.000Z; what it broke may still be broken: run `monitor drill restore` where it was started",
    },
  ]);
  expect(drillVerdicts({ ...DRILL, endedAt: 100_001 }, 100_002)).toEqual([]);
  expect(drillVerdicts(null, 0)).toEqual([]);
});

function verdict(subject: string, kind: VerdictKind = "deviates"): Verdict {
  return { subject, verdict: kind, reason: subject };
}

function opened(subject: string, drill: DrillNotice | null, at = 20_000): IncidentBook {
  return stepIncidents(NO_INCIDENTS, [verdict(subject)], at, drill).book;
}

test("an incident that a drill was meant to cause says so, another one does not", () => {
  expect(opened("region:east", DRILL).open).toMatchObject([{ causedBy: "d1" }]);
  expect(opened("region:west", DRILL).open[0]).not.toHaveProperty("causedBy");
  expect(opened("region:east", null).open[0]).not.toHaveProperty("causedBy");
});

test("an incident that was open before the drill is not excused by it", () => {
  const before = opened("region:east", null, 5000);
  expect(stepIncidents(before, [verdict("region:east")], 20_000, DRILL).book.open[0]).not.toHaveProperty("causedBy");
});

test("an incident that outlasts its drill is told once, and is planned no more", () => {
  const over = { ...DRILL, endedAt: 30_000 };
  const step = (book: IncidentBook, at: number, drill: DrillNotice | null) =>
    stepIncidents(book, [verdict("region:east")], at, drill);
  const settling = step(opened("region:east", DRILL), 35_000, over);
  expect([settling.book.open[0]?.causedBy, settling.changes]).toEqual(["d1", []]);
  const outlasted = step(settling.book, 35_001, over);
  expect(outlasted.book.open[0]).not.toHaveProperty("causedBy");
  expect(outlasted.changes.map(({ kind }) => kind)).toEqual(["outlasted"]);
  expect(step(outlasted.book, 36_000, null).changes).toEqual([]);
  expect(step(settling.book, 35_000, null).changes.map(({ kind }) => kind)).toEqual(["outlasted"]);
});

test("a planned incident closes like any other, and keeps its cause", () => {
  const { book, changes } = stepIncidents(
    opened("region:east", DRILL),
    [verdict("region:east", "conforms")],
    25_000,
    DRILL,
  );
  expect(book.closed).toMatchObject([{ causedBy: "d1", closedAt: 25_000 }]);
  expect(changes.map(({ kind }) => kind)).toEqual(["closed"]);
});
