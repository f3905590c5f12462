import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeMetrics } from "../../../monitor/report/metrics.ts";
import { objectivePeriodRows } from "../../../monitor/report/objective-rows.ts";
import {
  achievedWords,
  lastsWords,
  leftWords,
  measuredWords,
  rateWords,
} from "../../../monitor/report/objective-words.ts";
import { objectivesSection } from "../../../monitor/report/page-objectives.ts";
import { makePage } from "../../../monitor/report/page.ts";
import { makePeriodReport } from "../../../monitor/report/period-report.ts";
import { periodMarkdown } from "../../../monitor/report/period-report-markdown.ts";
import { parsePeriodReport } from "../../../monitor/report/period-report-schema.ts";
import { STATUS_SCHEMA } from "../../../monitor/report/status-schema.ts";
import { EMPTY_TALLY } from "../../../monitor/report/tally.ts";
import { DAY_MS, HOUR_MS } from "../../../monitor/time.ts";
import { NO_METERS } from "../../../monitor/report/meters.ts";
import { BOOK, NOW, PROMISING, STATUS } from "./objective-example.ts";

const GOLDEN = import.meta.glob<string>("./golden/objectives.*", { query: "?raw", import: "default", eager: true });
const { objectives = [] } = STATUS;
const [first] = objectives;
if (first === undefined) throw new Error("the example promises something");
const ROW = first;

describe("the golden faces", () => {
  test.each([
    { face: "html", made: objectivesSection(STATUS) },
    {
      face: "prom",
      made: makeMetrics({ status: STATUS, meters: NO_METERS })
        .split("\n")
        .filter((line) => line.includes("edge_slo_"))
        .map((line) => `${line}\n`)
        .join(""),
    },
    { face: "json", made: `${JSON.stringify(objectives, null, 2)}\n` },
  ])("$face", ({ face, made }) => {
    expect(made).toBe(GOLDEN[`./golden/objectives.${face}`]);
  });

  test("the status is what its schema says, and the page shows the budgets", () => {
    expect(STATUS_SCHEMA.safeParse(STATUS).error?.issues).toBeUndefined();
    expect(makePage(STATUS, { refresh: "on", history: null })).toContain(objectivesSection(STATUS));
  });

  test("a face says nothing of objectives where nothing is promised", () => {
    const { objectives: _none, ...without } = STATUS;
    expect(objectivesSection(without)).toBe("");
    expect(makeMetrics({ status: without, meters: NO_METERS })).not.toContain("edge_slo_");
  });
});

describe("a report's objectives", () => {
  const day = { from: Date.UTC(2026, 10, 21), to: Date.UTC(2026, 10, 22) };
  const facts = { tally: EMPTY_TALLY, next: null, incidents: [], objectives: BOOK };

  test("stand as they did at its end, and say what its days cost", () => {
    const rows = objectivePeriodRows(PROMISING, BOOK, day);
    expect(rows.map(({ name, period, periodSpent }) => ({ name, period, periodSpent }))).toMatchObject([
      { name: "availability", period: { bad: 0 }, periodSpent: 0 },
      { name: "fast", period: { good: 1440 * 99, bad: 1440 } },
      { name: "primary", period: { bad: 6 * 120, excused: 6 * 120, planned: 6 * 120 } },
      { name: "slices", period: { good: 1440, bad: 0 } },
      { name: "young", period: null, periodSpent: null },
    ]);
    // All that is kept, thirty days back from now, and not a minute of the next day.
    expect(rows[3]?.counts.good).toBe((30 * 24 - 12) * 60);
  });

  test("of the windows that a report may have know the bad ones of them all, or say that they do not know", () => {
    const total = objectives[0]?.counts.bad ?? 0;
    for (const days of [3, 7, 14, 30]) {
      const [row] = objectivePeriodRows(PROMISING, BOOK, { from: NOW - days * DAY_MS - (NOW % HOUR_MS), to: NOW });
      expect(row?.period?.bad).toBe(total);
    }
    const [beyond] = objectivePeriodRows(PROMISING, BOOK, { from: NOW - 60 * DAY_MS - (NOW % DAY_MS), to: NOW });
    expect(beyond?.period).toBeNull();
  });

  test("are read back as they were written, and stand in Markdown with their meaning", () => {
    const report = makePeriodReport(PROMISING, facts, day, day.to + 1000);
    expect(parsePeriodReport(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(periodMarkdown(report)).toContain("## Error budgets");
    expect(periodMarkdown(report)).toContain("An error budget is what the target allows to be bad");
  });

  test("are in none where nothing is promised", () => {
    expect(makePeriodReport({ ...PROMISING, objectives: [] }, facts, day, day.to).objectives).toBeUndefined();
  });
});

describe("the words", () => {
  test.each([
    { budgetLeft: 1, want: "100.00 % (43 m 12 s)" },
    { budgetLeft: 0.99999, want: "99.99 % (43 m 11 s)" },
    { budgetLeft: 0.000001, want: "0.00 % (2 ms)" },
    { budgetLeft: 0, want: "spent, 100.00 % of it" },
    { budgetLeft: -1.5, want: "spent, 250.00 % of it" },
    { budgetLeft: -30.5, want: "spent 31.5 ×" },
    { budgetLeft: -0.000001, want: "spent, 100.01 % of it" },
    { budgetLeft: null, want: "-" },
  ])("of a budget of which $budgetLeft is left are $want", ({ budgetLeft, want }) => {
    expect(leftWords({ ...ROW, budgetLeft, target: 0.999, windowDays: 30 })).toBe(want);
  });

  test.each([
    { achieved: 0.99899999, target: 0.999, want: "99.89 %" },
    { achieved: 0.999, target: 0.999, want: "99.90 %" },
    { achieved: 0.99989, target: 0.9999, want: "99.989 %" },
    { achieved: 1, target: 0.9999, want: "100.000 %" },
    { achieved: 0.99999999, target: 0.99, want: "99.99 %" },
    { achieved: null, target: 0.99, want: "-" },
  ])("of $achieved achieved for $target are $want", ({ achieved, target, want }) => {
    expect(achievedWords({ ...ROW, achieved, target })).toBe(want);
  });

  test("never make more of a budget than there is, nor less of a rate", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1000, noNaN: true }),
        (left, rate) => {
          const words = leftWords({ ...ROW, budgetLeft: left });
          expect(words.startsWith("spent")).toBe(left <= 0);
          if (left > 0) expect(Number.parseFloat(words)).toBeLessThanOrEqual(left * 100 + 1e-6);
          expect(Number.parseFloat(rateWords(rate))).toBeGreaterThanOrEqual(rate - 1e-6);
        },
      ),
    );
  });

  test.each([
    { name: "how long it lasts", row: { exhaustedAt: new Date(NOW + HOUR_MS).toISOString() }, want: "1 h" },
    { name: "that it holds", row: { exhaustedAt: null, budgetLeft: 0.5 }, want: "holds" },
    { name: "that it is spent", row: { exhaustedAt: null, budgetLeft: -1 }, want: "spent" },
    { name: "nothing where nothing is known", row: { exhaustedAt: null, budgetLeft: null }, want: "-" },
  ])("say $name", ({ row, want }) => {
    expect(lastsWords({ ...ROW, ...row }, NOW)).toBe(want);
  });

  test("say what was not measured", () => {
    const counts = { good: 97, bad: 1, unknown: 2, excused: 3, planned: 1 };
    expect(measuredWords({ ...ROW, counts })).toBe("98.00 %, 3 in maintenance, 1 of 1 bad by drills");
  });
});
