import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatProblem } from "../../../monitor/problem.ts";
import { objectiveLines, type OpenSloWish, parseOpenSlo } from "../../../monitor/topology/openslo.ts";
import { sliceMinutes, thresholdMs, windowDays } from "../../../monitor/topology/openslo-rules.ts";
import { extended, problemLines } from "../../support/topology-text.ts";

const SERVICE: OpenSloWish = { unit: null, region: null };

function slo(changes: Readonly<Record<string, string>> = {}): string {
  const { indicator, window, method, objectives, more } = {
    indicator: "indicator: { spec: { ratioMetric: { good: {}, total: {} } } }",
    window: "timeWindow: [ { duration: 30d, isRolling: true } ]",
    method: "Occurrences",
    objectives: "[ { target: 0.999 } ]",
    more: "",
    ...changes,
  };
  return `apiVersion: openslo/v1
kind: SLO
metadata: { name: web }
spec:
  service: web-shop
  ${indicator}
  ${window}
  budgetingMethod: ${method}
  objectives: ${objectives}
${more}`;
}

const THRESHOLD = "indicator: { spec: { thresholdMetric: { metricSource: { type: Any } } } }";

function linesOf(text: string, wish = SERVICE): readonly string[] {
  const parsed = parseOpenSlo(text, wish);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return objectiveLines(parsed.value.objectives);
}

function problemsOf(text: string, wish = SERVICE): readonly string[] {
  const parsed = parseOpenSlo(text, wish);
  return parsed.ok ? [] : parsed.problems.map((problem) => formatProblem(problem, "f"));
}

describe("an SLO becomes", () => {
  test.each<{ name: string; text: string; wish?: OpenSloWish; want: readonly string[] }>([
    { name: "availability", text: slo(), want: ["{ name: web, target: 0.999, windowDays: 30 }"] },
    {
      name: "one objective for each of its own",
      text: slo({ objectives: "[ { targetPercent: 99.95, displayName: A }, { target: 0.9, op: gt } ]" }),
      want: ["{ name: web-1, target: 0.9995, windowDays: 30 }", "{ name: web-2, target: 0.9, windowDays: 30 }"],
    },
    {
      name: "what a region promises",
      text: slo({ window: "timeWindow: [ { duration: 4w } ]" }),
      wish: { unit: null, region: "east" },
      want: ["{ name: web, region: east, target: 0.999, windowDays: 28 }"],
    },
    {
      name: "slices",
      text: slo({
        method: "Timeslices",
        objectives: "[ { target: 0.99, timeSliceTarget: 0.95, timeSliceWindow: 300s } ]",
      }),
      want: [
        "{ name: web, method: timeslices, timeSliceTarget: 0.95, timeSliceMinutes: 5, target: 0.99, windowDays: 30 }",
      ],
    },
    {
      name: "latency, in the unit that was said",
      text: slo({ indicator: THRESHOLD, objectives: "[ { op: lt, value: 0.35, target: 0.95 } ]" }),
      wish: { unit: "s", region: null },
      want: ["{ name: web, indicator: latency, thresholdMs: 350, target: 0.95, windowDays: 30 }"],
    },
    {
      name: "latency by an SLI of another document, after a comment and an empty one",
      text: `# a file\n---\n${slo({ indicator: "indicatorRef: speed", objectives: "[ { op: lte, value: 300, target: 0.95 } ]" })}\n---\n# nothing\n---\napiVersion: openslo/v1\nkind: SLI\nmetadata: { name: speed }\nspec: { thresholdMetric: {} }\n`,
      wish: { unit: "ms", region: null },
      want: ["{ name: web, indicator: latency, thresholdMs: 300, target: 0.95, windowDays: 30 }"],
    },
  ])("$name", ({ text, wish, want }) => {
    const lines = linesOf(text, wish);
    expect(lines).toEqual(want.map((line) => `  - ${line}`));
    expect(problemLines(extended("objectives:", ...lines))).toEqual([]);
  });

  test("says what it leaves", () => {
    const text = `${slo({ more: "  alertPolicies: [ { kind: AlertPolicy } ]\n" })}---\napiVersion: openslo/v1\nkind: DataSource\n`;
    const parsed = parseOpenSlo(text, SERVICE);
    expect(parsed.ok && parsed.value.notes).toEqual([
      "web: its alertPolicies are not taken: burn rates are judged by the rules of docs/objectives.md",
      "DataSource: it promises nothing, and is not taken",
    ]);
  });
});

describe("what cannot be promised is told with its place", () => {
  test.each<{ name: string; text: string; problems: readonly string[] }>([
    { name: "nothing", text: "# nothing\n", problems: ["f:1:1: expected an SLO of openslo/v1, found none"] },
    {
      name: "a calendar window",
      text: slo({ window: "timeWindow: [ { duration: 1M, calendar: { timeZone: Europe/Brussels } } ]" }),
      problems: [
        "f:7:43: spec.timeWindow[0].calendar: expected a rolling window, because one by the calendar is not counted here, found a mapping",
      ],
    },
    {
      name: "a month of no certain length",
      text: slo({ window: "timeWindow: [ { duration: 1M, isRolling: true } ]" }),
      problems: [
        'f:7:29: spec.timeWindow[0].duration: expected whole days or weeks, at most 366 days, such as 28d or 4w (a month or a quarter has no length of its own), found "1M"',
      ],
    },
    {
      name: "averages of slices, and a composite",
      text: slo({ method: "RatioTimeslices", objectives: "[ { target: 0.9, compositeWeight: 2 } ]" }),
      problems: [
        'f:8:20: spec.budgetingMethod: expected Occurrences or Timeslices, because averages of slices are not counted here, found "RatioTimeslices"',
        "f:9:49: spec.objectives[0].compositeWeight: expected nothing, because composites are not counted here, found 2",
      ],
    },
    {
      name: "a threshold without a unit, and one that is not a latency",
      text: slo({
        indicator: THRESHOLD,
        objectives: "[ { op: lte, value: 500, target: 0.99 }, { op: gte, value: 5, target: 0.99 } ]",
      }),
      problems: [
        "f:9:35: spec.objectives[0].value: expected its unit from the command line, --unit ms or --unit s, because OpenSLO has none, found 500",
        'f:9:62: spec.objectives[1].op: expected lte or lt, because of thresholds only latencies are counted here, found "gte"',
      ],
    },
    {
      name: "slices without their length, and two targets",
      text: slo({ method: "Timeslices", objectives: "[ { target: 0.9, targetPercent: 90, timeSliceTarget: 0.9 } ]" }),
      problems: [
        "f:9:17: spec.objectives[0].timeSliceWindow: missing: expected whole minutes, at most 60, such as 5m",
        "f:9:47: spec.objectives[0].targetPercent: expected nothing beside a target, found 90",
      ],
    },
    {
      name: "an indicator that is nowhere, in the second document",
      text: `---\napiVersion: openslo/v1\nkind: Service\n---\n${slo({ indicator: "indicatorRef: gone" })}`,
      problems: [
        'f:10:17: spec.indicatorRef: expected the name of an SLI with a ratioMetric or a thresholdMetric in this file, found "gone"',
      ],
    },
    {
      name: "another kind, and an unknown key",
      text: `${slo({ more: "  budget: 3\n" })}---\nkind: Deployment\n`,
      problems: [
        expect.stringMatching(/^f:10:3: spec\.budget: unknown key/),
        "f:11:1: kind: expected SLO, SLI, AlertCondition, AlertNotificationTarget, AlertPolicy, DataSource, Service, found Deployment",
      ],
    },
    { name: "no YAML", text: "kind: [", problems: [expect.stringMatching(/^f:1:\d+: /)] },
  ])("$name", ({ text, problems }) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test("whatever the text, it is told and not thrown", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: "binary" }), (text) => {
        expect(parseOpenSlo(`kind: SLO\n${text}\n---\n${text}`, SERVICE).ok).toBe(false);
      }),
    );
  });
});

describe("lengths", () => {
  test.each([
    ["30d", 30],
    ["4w", 28],
    ["720h", 30],
    ["25h", null],
    ["366d", 366],
    ["367d", null],
    ["1M", null],
    ["0d", null],
    ["1.5d", null],
    ["30", null],
  ])("a window of %s is %s days", (text, days) => expect(windowDays(text)).toBe(days));

  test.each([
    [5, 5],
    ["5m", 5],
    ["300s", 5],
    ["1h", 60],
    ["90s", null],
    ["2h", null],
    [0.5, null],
    ["", null],
  ])("a slice of %s is %s minutes", (length, minutes) => expect(sliceMinutes(length)).toBe(minutes));

  test.each([
    [0.35, "s", 350],
    [350, "ms", 350],
    [0.3505, "s", null],
    [0, "ms", null],
    [61, "s", null],
  ] as const)("a threshold of %s %s is %s ms", (value, unit, ms) => expect(thresholdMs(value, unit)).toBe(ms));
});
