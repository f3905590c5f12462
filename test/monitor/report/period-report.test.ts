import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Incident } from "../../../monitor/model/verdict.ts";
import { dayOf, daysDue, parseDay } from "../../../monitor/report/calendar.ts";
import { makePeriodReport, type PeriodFacts } from "../../../monitor/report/period-report.ts";
import { periodMarkdown } from "../../../monitor/report/period-report-markdown.ts";
import { parsePeriodReport } from "../../../monitor/report/period-report-schema.ts";
import { percentWords } from "../../../monitor/report/period-words.ts";
import { EMPTY_TALLY, tallyOf } from "../../../monitor/report/tally.ts";
import { DAY_MS, HOUR_MS } from "../../../monitor/time.ts";
import { AWS, EXAMPLE, GCP } from "../../support/example-topology.ts";
import { DAY_REPORT } from "./period-example.ts";
import { cell, kept } from "./round-examples.ts";

const GOLDEN = import.meta.glob<string>("./golden/*", { query: "?raw", import: "default", eager: true });
const NOTHING: PeriodFacts = { tally: EMPTY_TALLY, next: null, incidents: [] };
const WINDOW = { from: DAY_MS, to: 2 * DAY_MS };

describe("the golden faces", () => {
  test("JSON", () => {
    expect(`${JSON.stringify(DAY_REPORT, null, 2)}\n`).toBe(GOLDEN["./golden/day-report.json"]);
  });

  test("Markdown", () => {
    expect(periodMarkdown(DAY_REPORT)).toBe(GOLDEN["./golden/day-report.md"]);
  });

  test("JSON reads back as what it was, and nothing else is taken for a report", () => {
    expect(parsePeriodReport(JSON.parse(JSON.stringify(DAY_REPORT)))).toEqual(DAY_REPORT);
    expect(parsePeriodReport({ ...DAY_REPORT, schemaVersion: 2 })).toBeNull();
    expect(parsePeriodReport({ ...DAY_REPORT, extra: 1 })).toBeNull();
  });
});

describe("a percentage", () => {
  test.each([
    { good: 99_996, all: 100_000, want: "99.99 %" },
    { good: 10 ** 15 - 1, all: 10 ** 15, want: "99.99 %" },
    { good: 5, all: 5, want: "100.00 %" },
    { good: 2, all: 3, want: "66.66 %" },
    { good: 1, all: 100_000, want: "0.00 %" },
    { good: 0, all: 0, want: "-" },
  ])("of $good in $all is $want", ({ good, all, want }) => {
    expect(percentWords({ good, all, ratio: null })).toBe(want);
  });

  test("is 100 only where nothing was lost, and never more than the truth", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 9 }), fc.nat(10 ** 9), (all, some) => {
        const good = some % (all + 1);
        const percent = Number.parseFloat(percentWords({ good, all, ratio: null }));
        return percent <= (100 * good) / all && (percent === 100) === (good === all);
      }),
    );
  });
});

describe("missed slots", () => {
  const I = 30_000;
  const missed = (rounds: readonly [number, number][], next: PeriodFacts["next"]): number => {
    const tally = tallyOf(
      EXAMPLE,
      rounds.map(([slot, missedSlots]) => kept(slot, [], { missedSlots })),
    );
    return makePeriodReport(EXAMPLE, { ...NOTHING, tally, next }, WINDOW, 0).missedSlots;
  };
  test.each([
    { name: "none before the first round", rounds: [[DAY_MS + 5 * I, 0]], next: null, want: 0 },
    {
      name: "a gap inside the window counts whole",
      rounds: [
        [DAY_MS, 0],
        [DAY_MS + 5 * I, 4],
      ],
      next: null,
      want: 4,
    },
    { name: "a gap before a round at midnight is not of this day", rounds: [[DAY_MS, 7]], next: null, want: 0 },
    { name: "a gap across midnight counts from midnight", rounds: [[DAY_MS + 2 * I, 7]], next: null, want: 2 },
    {
      name: "a gap across the end counts to the end",
      rounds: [[DAY_MS, 0]],
      next: { slot: 2 * DAY_MS + I, missedSlots: 5 },
      want: 4,
    },
    {
      name: "a gap that ends at the end counts whole",
      rounds: [[DAY_MS, 0]],
      next: { slot: 2 * DAY_MS, missedSlots: 5 },
      want: 5,
    },
    {
      name: "a gap of the next day is not of this one",
      rounds: [[DAY_MS, 0]],
      next: { slot: 2 * DAY_MS + 5 * I, missedSlots: 4 },
      want: 0,
    },
    {
      name: "a day without a round was missed whole",
      rounds: [],
      next: { slot: 3 * DAY_MS, missedSlots: 9000 },
      want: 2880,
    },
  ] satisfies { name: string; rounds: [number, number][]; next: PeriodFacts["next"]; want: number }[])(
    "$name",
    ({ rounds, next, want }) => {
      expect(missed(rounds, next)).toBe(want);
    },
  );
});

describe("regions", () => {
  const looks = [
    cell(AWS.id, "enam", 10),
    cell(AWS.id, "enam", "tls", null),
    cell("old", "enam", 30),
    cell(AWS.id, "gone", 10),
  ];
  const { regions } = makePeriodReport(
    EXAMPLE,
    {
      ...NOTHING,
      tally: tallyOf(
        EXAMPLE,
        looks.map((look, index) => kept(DAY_MS + index, [look], { policy: "another" })),
      ),
    },
    WINDOW,
    0,
  );

  test("stand in the order of the topology, then those that it no longer has", () => {
    expect(regions.map(({ id, vantages }) => [id, vantages.map((one) => one.id)])).toEqual([
      [AWS.id, ["enam", "weur", "oc", "gone"]],
      [GCP.id, ["enam", "weur", "oc"]],
      ["old", ["enam"]],
    ]);
  });

  test("users may lose what Route 53 does not see", () => {
    expect(regions[0]?.vantages[0]?.looks).toMatchObject({
      availability: { good: 1, all: 2, ratio: 0.5 },
      reachability: { good: 1, all: 1, ratio: 1 },
    });
  });

  test("what nobody looked at has neither share nor percentile", () => {
    expect(regions[1]?.all).toMatchObject({
      availability: { good: 0, all: 0, ratio: null },
      p50Ms: null,
      p99Ms: null,
    });
  });
});

describe("incidents", () => {
  const incident = (openedAt: number, closedAt: number | null): Incident => ({
    id: String(openedAt),
    subject: "failover",
    openedAt,
    closedAt,
    reason: "fail-open",
  });

  test("that a drill was meant to cause say so in every face", () => {
    const held = { ...incident(DAY_MS + 1, DAY_MS + 11), causedBy: "d1" };
    const report = makePeriodReport(EXAMPLE, { ...NOTHING, incidents: [held] }, WINDOW, 3 * DAY_MS);
    expect(report.incidents).toMatchObject([{ causedBy: "d1" }]);
    expect(periodMarkdown(report)).toContain("planned by drill d1: ");
    expect(parsePeriodReport(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  test.each([
    { name: "over before the window is not in it", held: incident(0, DAY_MS), want: [] },
    { name: "begun at its end is not in it", held: incident(2 * DAY_MS, null), want: [] },
    { name: "inside counts whole", held: incident(DAY_MS + 1, DAY_MS + 11), want: [10] },
    { name: "from before counts from the beginning", held: incident(0, DAY_MS + HOUR_MS), want: [HOUR_MS] },
    { name: "still open counts to the end", held: incident(2 * DAY_MS - HOUR_MS, null), want: [HOUR_MS] },
    { name: "closed later counts to the end", held: incident(2 * DAY_MS - HOUR_MS, 3 * DAY_MS), want: [HOUR_MS] },
  ])("one $name", ({ held, want }) => {
    const report = makePeriodReport(EXAMPLE, { ...NOTHING, incidents: [held] }, WINDOW, 3 * DAY_MS);
    expect(report.incidents.map((one) => one.durationMs)).toEqual(want);
  });

  test("one that is open in a window that is not over counts until now", () => {
    const report = makePeriodReport(
      EXAMPLE,
      { ...NOTHING, incidents: [incident(DAY_MS, null)] },
      WINDOW,
      DAY_MS + 5000,
    );
    expect(report.incidents).toMatchObject([{ durationMs: 5000 }]);
  });
});

describe("days", () => {
  test.each([
    { name: "2026-11-22", valid: true },
    { name: "2024-02-29", valid: true },
    { name: "2026-02-30", valid: false },
    { name: "2026-11-22T00:00:00Z", valid: false },
    { name: "", valid: false },
  ])('"$name" is a day: $valid', ({ name, valid }) => {
    const day = parseDay(name);
    expect(day !== null).toBe(valid);
    if (day !== null) expect([dayOf(day.from), dayOf(day.to - 1), day.to - day.from]).toEqual([name, name, DAY_MS]);
  });

  test.each([
    { name: "the last instant of a day is not after it", at: 10 * DAY_MS - 1, last: "1970-01-09" },
    { name: "midnight is", at: 10 * DAY_MS, last: "1970-01-10" },
  ])("are due when they are over: $name", ({ at, last }) => {
    const due = daysDue([], at);
    expect(due).toHaveLength(7);
    expect(due.at(-1)).toBe(last);
    expect(daysDue(due, at)).toEqual([]);
    expect(daysDue(due.slice(0, -1), at)).toEqual([last]);
  });
});

test("nothing that the world said becomes Markdown, whatever it said", () => {
  const [first] = DAY_REPORT.incidents;
  if (first === undefined) throw new Error("the example has incidents");
  const told = (reason: string): readonly string[] =>
    periodMarkdown({ ...DAY_REPORT, incidents: [{ ...first, reason }] }).split("\n");
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("|", "\n", "\r", "<", "b", ">", "[", "]", "`", "*", "\\", " ") }),
      (reason) => {
        const lines = told(reason);
        expect(lines).toHaveLength(told("quiet").length);
        const row = lines.find((line) => line.startsWith("| region:")) ?? "";
        expect(row.replaceAll(/\\./g, "").split("|")).toHaveLength(7);
        expect(row.replaceAll(/\\./g, "")).not.toMatch(/[<>[\]`*]/);
      },
    ),
  );
});
