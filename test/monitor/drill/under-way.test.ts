// A drill that runs: where it is and what comes next, and that nothing is held against it which only its end can tell.
import { describe, expect, test } from "vitest";
import { type DrillCourse, courseOf, judgeSoFar } from "../../../monitor/drill/under-way.ts";
import type { DrillRecord, DrillStage } from "../../../monitor/drill/record.ts";
import { GOOD, PLAN, recordOf } from "../../support/drill-record.ts";

const AT = 40_000;

function inStage(stage: DrillStage | null): DrillRecord {
  const events = stage === null ? [] : [{ kind: "stage", at: AT, stage } as const];
  return { ...recordOf(""), startedAt: AT, endedAt: null, events };
}

/** The record as it was after so many seconds. */
function upTo(seconds: number, lines = GOOD): DrillRecord {
  const record = recordOf(lines);
  return { ...record, endedAt: null, events: record.events.filter(({ at }) => at <= seconds * 1000) };
}

describe("what comes next", () => {
  test.each<[DrillStage | null, Pick<DrillCourse, "next" | "nextBy">]>([
    [null, { next: "the fault", nextBy: AT + PLAN.steadyWindowMs }],
    ["steady", { next: "the fault", nextBy: AT + PLAN.steadyWindowMs }],
    ["fault", { next: "the repair", nextBy: AT + PLAN.faultMs }],
    ["repair", { next: "the end", nextBy: AT + PLAN.afterMs }],
    ["over", { next: null, nextBy: null }],
  ])("in the stage %s", (stage, wanted) => {
    expect(courseOf(inStage(stage))).toEqual({ stage, since: AT, ...wanted });
  });

  test("is the repair at the expiry, where that comes before the fault's own end", () => {
    const record = inStage("fault");
    const plan = { ...record.plan, expiryMs: 1000 };
    expect(courseOf({ ...record, plan }).nextBy).toBe(AT + 1000);
  });
});

describe("the judgement so far", () => {
  test.each([[50], [110], [135], [170], [230]])("holds nothing against a good drill after %i s", (seconds) => {
    expect(judgeSoFar(upTo(seconds))).toMatchObject({ outcome: "inconclusive", reasons: [] });
  });

  test("has the figures of what has happened", () => {
    expect(judgeSoFar(upTo(50)).figures).toBe(null);
    const { figures } = judgeSoFar(upTo(142));
    expect(figures?.detection).toEqual({ atLeastMs: 4000, atMostMs: 15_000 });
    expect(figures?.recovery.max).toBe(null);
  });

  test("says what has gone wrong for good", () => {
    const failing = `${GOOD.replaceAll(/.*gcp/g, "")}\n190 dns enam authoritative aws`;
    expect(judgeSoFar(upTo(195, failing)).reasons).toContainEqual({
      weight: "note",
      text: "failover: expected at most 1 m, found that it did not happen",
    });
    const record = upTo(150);
    const events = [...record.events, { kind: "abort", at: 151_000, reason: "it was stopped" } as const];
    expect(judgeSoFar({ ...record, events }).reasons).toEqual([
      { weight: "note", text: "aborted at 1970-01-01T00:02:31.000Z: it was stopped" },
    ]);
  });
});
