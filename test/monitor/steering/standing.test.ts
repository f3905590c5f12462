// What isolates tell, put together: who is heard, what is lately, and what is judged of it.
import { describe, expect, test } from "vitest";
import type { RouterHints } from "../../../monitor/steering/hints.ts";
import {
  EMPTY_BOOK,
  ISOLATES_MAX,
  judgeIdentity,
  type RouterBook,
  standingOfRouter,
  stepRouterBook,
} from "../../../monitor/steering/standing.ts";
import { stepIncidents, NO_INCIDENTS } from "../../../monitor/incident/book.ts";
import { EXAMPLE } from "../../support/example-topology.ts";

const AWS = "aws-us-east-1";
/** Ten rounds of the example. */
const LATELY_MS = 300_000;

function told(isolate: string, part: Partial<RouterHints> = {}): RouterHints {
  return { isolate, requests: 10, retries: 0, vain: 0, failedOpen: 0, suspects: [], mismatches: {}, ...part };
}

function after(...steps: readonly (readonly [at: number, hints: RouterHints])[]): RouterBook {
  return steps.reduce((book, [at, hints]) => stepRouterBook(book, hints, at), EMPTY_BOOK);
}

describe("the standing of the router", () => {
  test("counts isolates once each, with their latest word", () => {
    const book = after([0, told("a", { suspects: [AWS] })], [10, told("b", { suspects: [AWS] })], [20, told("a")]);
    expect(standingOfRouter(EXAMPLE, book, {}, 20)).toMatchObject({
      isolates: 2,
      suspectedBy: { [AWS]: 1 },
      requests: 30,
    });
  });

  test("counts what each region served, and takes an isolate of an older version that does not tell", () => {
    const book = after(
      [0, told("a", { served: { [AWS]: 3 } })],
      [10, told("b", { served: { [AWS]: 2, gone: 1 } })],
      [20, told("c")],
    );
    expect(standingOfRouter(EXAMPLE, book, {}, 20).served).toEqual({ [AWS]: 5, "gcp-europe-west1": 0 });
  });

  test("forgets an isolate that fell silent, and what is long past", () => {
    const book = after([0, told("a", { suspects: [AWS], failedOpen: 3, mismatches: { [AWS]: "mars-1" } })]);
    const at = (ms: number) => standingOfRouter(EXAMPLE, book, {}, ms);
    expect(at(LATELY_MS)).toMatchObject({
      isolates: 1,
      failedOpenAt: 0,
      mismatches: { [AWS]: { claimed: "mars-1", at: 0 } },
    });
    expect(at(LATELY_MS + 1)).toMatchObject({ isolates: 0, suspectedBy: {}, failedOpenAt: null, mismatches: {} });
  });

  test("shows only drains that last", () => {
    const drains = { [AWS]: { kind: "drain" as const, since: 0, until: 100 } };
    expect(standingOfRouter(EXAMPLE, EMPTY_BOOK, drains, 99).drains).toEqual(drains);
    expect(standingOfRouter(EXAMPLE, EMPTY_BOOK, drains, 100).drains).toEqual({});
  });

  test("remembers a bounded number of isolates, those that told last", () => {
    const steps = Array.from({ length: ISOLATES_MAX + 5 }, (_, n): [number, RouterHints] => [n, told(`i${n}`)]);
    const { isolates } = after(...steps);
    expect([isolates.length, isolates[0]?.isolate]).toEqual([ISOLATES_MAX, "i5"]);
  });
});

test("a reply that claims another region is a verdict, and an incident until it is no longer seen", () => {
  const book = after([0, told("a", { mismatches: { [AWS]: "mars-1" } })]);
  const verdicts = judgeIdentity(EXAMPLE, standingOfRouter(EXAMPLE, book, {}, 1));
  expect(verdicts).toEqual([
    {
      subject: `router:${AWS}`,
      verdict: "deviates",
      reason: 'replies to routed requests claim region "mars-1", expected "us-east-1"',
    },
  ]);
  const opened = stepIncidents(NO_INCIDENTS, verdicts, 1);
  expect(opened.book.open.map(({ subject }) => subject)).toEqual([`router:${AWS}`]);
  const later = judgeIdentity(EXAMPLE, standingOfRouter(EXAMPLE, book, {}, LATELY_MS + 1));
  expect(stepIncidents(opened.book, later, LATELY_MS + 1).book.open).toEqual([]);
  expect(judgeIdentity(EXAMPLE, null)).toEqual([]);
});
