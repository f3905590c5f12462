import { expect, test } from "vitest";
import { CLOSED_AGE_MAX_MS, CLOSED_MAX, NO_INCIDENTS, stepIncidents } from "../../../monitor/incident/book.ts";
import type { IncidentBook, Verdict, VerdictKind } from "../../../monitor/model/verdict.ts";

function verdict(kind: VerdictKind, subject = "region:a"): Verdict {
  return { subject, verdict: kind, reason: `${subject} ${kind}` };
}

function run(kinds: readonly VerdictKind[]): IncidentBook {
  return kinds.reduce<IncidentBook>(
    (book, kind, index) => stepIncidents(book, [verdict(kind)], index * 1000).book,
    NO_INCIDENTS,
  );
}

test("an incident opens with the first deviating verdict and keeps its reason", () => {
  expect(run(["conforms", "deviates", "deviates"]).open).toEqual([
    {
      id: "1970-01-01T00:00:01.000Z region:a",
      subject: "region:a",
      openedAt: 1000,
      closedAt: null,
      reason: "region:a deviates",
    },
  ]);
});

test.each(["undecided", "converging"] as const)("%s neither opens nor closes one", (kind) => {
  expect(run([kind]).open).toEqual([]);
  expect(run(["deviates", kind]).open).toHaveLength(1);
});

test("it closes when the subject conforms, with its length", () => {
  const book = run(["deviates", "undecided", "conforms"]);
  expect(book.open).toEqual([]);
  expect(book.closed).toMatchObject([{ openedAt: 0, closedAt: 2000 }]);
});

test("a subject that nobody looks at any more closes its incident", () => {
  expect(stepIncidents(run(["deviates"]), [verdict("conforms", "region:b")], 5000).book.open).toEqual([]);
});

test("changes are told once, closed ones first", () => {
  const { book } = stepIncidents(NO_INCIDENTS, [verdict("deviates", "x")], 0);
  const step = stepIncidents(book, [verdict("deviates", "y"), verdict("conforms", "x")], 1);
  expect(step.changes.map(({ kind, incident }) => `${kind} ${incident.subject}`)).toEqual(["closed x", "opened y"]);
  expect(stepIncidents(step.book, [verdict("deviates", "y")], 2).changes).toEqual([]);
});

test("closed incidents stay a day, and never more than a bounded number", () => {
  const closed = run(["deviates", "conforms"]);
  expect(stepIncidents(closed, [], 1000 + CLOSED_AGE_MAX_MS).book.closed).toHaveLength(1);
  expect(stepIncidents(closed, [], 1001 + CLOSED_AGE_MAX_MS).book.closed).toHaveLength(0);
  const flapping = Array.from({ length: 2 * CLOSED_MAX + 10 }, (_, index): VerdictKind =>
    index % 2 === 0 ? "deviates" : "conforms",
  );
  expect(run(flapping).closed).toHaveLength(CLOSED_MAX);
});
