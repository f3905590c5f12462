// The faces of a drill's report: each to the byte, and what must hold of them whatever is in them.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drillHistory } from "../../../monitor/report/drill-history.ts";
import { drillHtml } from "../../../monitor/report/drill-html.ts";
import { drillJunit } from "../../../monitor/report/drill-junit.ts";
import { drillMarkdown } from "../../../monitor/report/drill-markdown.ts";
import { BAR_KINDS, DRILL_REPORT_SCHEMA, type DrillReport } from "../../../monitor/report/drill-report-schema.ts";
import { DRILL_STYLE, DRILL_STYLE_HASH } from "../../../monitor/report/drill-style.ts";
import { drillSvg } from "../../../monitor/report/drill-svg.ts";
import { parseIso } from "../../../monitor/time.ts";
import { GOOD } from "../../support/drill-record.ts";
import { EMPTY, FAILED, PASSED, recordAtNoon, reportOf, UNDER_WAY } from "../../support/drill-reports.ts";

const GOLDEN = import.meta.glob<string>("./golden/drill-*", { query: "?raw", import: "default", eager: true });

describe("the golden faces", () => {
  test.each([
    { file: "drill-passed.md", text: drillMarkdown(PASSED) },
    { file: "drill-passed.xml", text: drillJunit(PASSED) },
    { file: "drill-passed.html", text: drillHtml(PASSED) },
    { file: "drill-failed.md", text: drillMarkdown(FAILED) },
    { file: "drill-failed.xml", text: drillJunit(FAILED) },
    { file: "drill-failed.html", text: drillHtml(FAILED) },
    { file: "drill-empty.md", text: drillMarkdown(EMPTY) },
    { file: "drill-under-way.md", text: drillMarkdown(UNDER_WAY) },
    { file: "drill-under-way.xml", text: drillJunit(UNDER_WAY) },
  ])("$file", ({ file, text }) => {
    expect(text).toBe(GOLDEN[`./golden/${file}`]);
  });

  test("drill-passed.json, but for the line breaks of the formatter", () => {
    expect(JSON.stringify(PASSED)).toBe(JSON.stringify(JSON.parse(GOLDEN["./golden/drill-passed.json"] ?? "")));
  });
});

describe("the value", () => {
  test.each([
    { name: "passed", report: PASSED },
    { name: "failed", report: FAILED },
    { name: "inconclusive", report: EMPTY },
    { name: "inconclusive", report: UNDER_WAY },
  ])("of a drill that $name is as its schema says", ({ name, report }) => {
    expect(report.outcome).toBe(name);
    expect(DRILL_REPORT_SCHEMA.parse(structuredClone(report))).toEqual(report);
  });

  test("has each bar inside the record, and no hole in a row", () => {
    for (const { rows } of PASSED.timeline.lanes)
      for (const { bars } of rows) {
        const edges = bars.flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
        expect(edges).toEqual(edges.toSorted((a, b) => a - b));
        expect(edges.at(-1) ?? 0).toBeLessThanOrEqual(PASSED.timeline.lengthMs);
      }
    const users = PASSED.timeline.lanes.find(({ title }) => title === "Users, by the name");
    expect(users?.rows[0]?.bars.map(({ kind, label }) => `${kind} ${label}`)).toEqual([
      "region-a aws-us-east-1",
      "lost lost",
      "region-b gcp-europe-west1",
      "region-a aws-us-east-1",
    ]);
  });

  test("draws what changes too often as one bar", () => {
    const flips = Array.from(
      { length: 400 },
      (_, index) => `${103 + index / 5} request enam ${index % 2 ? "aws" : "lost"}`,
    );
    const report = reportOf(recordAtNoon(`${GOOD}\n${flips.join("\n")}`));
    const bars = report.timeline.lanes.find(({ title }) => title === "Users, by the name")?.rows[0]?.bars ?? [];
    expect(bars).toHaveLength(301);
    expect(bars.at(-1)).toMatchObject({ kind: "mixed", toMs: 300_000 });
  });
});

/** Any text in every place where the world's words stand. */
const anyReport: fc.Arbitrary<DrillReport> = fc.string({ unit: "binary" }).map((text) => ({
  ...FAILED,
  title: text,
  description: text,
  service: { name: text, host: text },
  faults: [text],
  reasons: [{ weight: "fails", text }],
  notes: [{ at: FAILED.startedAt, text }],
  notices: [{ subject: text, after: { atLeastMs: 1, atMostMs: 2 }, times: 1 }],
  places: FAILED.places.map((place) => ({ ...place, vantage: text })),
  timeline: {
    ...FAILED.timeline,
    lanes: FAILED.timeline.lanes.map(({ title, rows }) => ({
      title,
      rows: rows.map(({ bars }) => ({ name: text, bars: bars.map((bar) => ({ ...bar, label: text })) })),
    })),
  },
}));

describe("the HTML face", () => {
  test("lets its own style through, and nothing else", async () => {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(DRILL_STYLE));
    expect(`sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`).toBe(DRILL_STYLE_HASH);
    expect(drillHtml(PASSED)).toContain(`default-src 'none'; style-src '${DRILL_STYLE_HASH}'`);
    expect(drillHtml(PASSED)).toContain(`<style>${DRILL_STYLE}</style>`);
  });

  test("has no script, no style attribute and loads nothing, whatever the world said", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const html = drillHtml(report);
        const tags = html.replace(DRILL_STYLE, "").match(/<[^>]*>/g) ?? [];
        const names = new Set(tags.map((tag) => /^<[/!]?([A-Za-z0-9]+)/.exec(tag)?.[1]?.toLowerCase()));
        for (const name of ["script", "link", "img", "iframe", "a", "object", "use", "image", undefined])
          expect(names).not.toContain(name);
        expect(tags.filter((tag) => / (style|on\w+|src|href)=/.test(tag))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe("the drawing", () => {
  test("tells kinds apart without colour: by hatching, by light and dark, or by a label", () => {
    const svg = drillSvg(PASSED);
    for (const kind of BAR_KINDS) expect(svg).toContain(`id="bar-${kind}"`);
    for (const hatched of ["unhealthy", "unknown", "region-b", "region-c", "lost", "deviates", "mixed"])
      expect(svg).toMatch(new RegExp(`id="bar-${hatched}"[^>]*><rect[^>]*/><path`));
  });

  test("of a record without length is still a drawing", () => {
    const svg = drillSvg({ ...EMPTY, timeline: { lengthMs: 0, faultMs: null, repairMs: null, lanes: [] } });
    expect(svg).not.toMatch(/NaN|Infinity/);
  });
});

describe("JUnit", () => {
  test("has as many cases of each kind as it counts, whatever the world said", () => {
    fc.assert(
      fc.property(anyReport, (report) => {
        const xml = drillJunit(report);
        const count = (tag: string): number => xml.split(`<${tag}`).length - 1;
        expect(xml).toContain(
          `<testsuites name="monitor drill" tests="${count("testcase")}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}">`,
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe("history", () => {
  const at = parseIso("2026-12-01T12:00:00.000Z") ?? NaN;
  const on = (day: number, report: DrillReport): DrillReport => ({
    ...report,
    id: `202611${day}T120000Z-primary-gone`,
    startedAt: `2026-11-${day}T12:00:00.000Z`,
  });
  const detected = (atLeastMs: number, atMostMs: number): DrillReport => ({
    ...PASSED,
    figures: PASSED.figures.map((row) =>
      row.name === "detection" ? { ...row, measured: { atLeastMs, atMostMs } } : row,
    ),
  });
  const trend = (...reports: readonly DrillReport[]): string | undefined =>
    drillHistory(
      reports.map((report, index) => on(10 + index, report)),
      at,
    )[0]?.trends.find(({ figure }) => figure === "detection")?.trend;

  test("compares the latest with every time before, and only where looks leave no doubt", () => {
    expect(trend(detected(1000, 2000))).toBe("first");
    expect(trend(detected(1000, 2000), detected(1500, 2500))).toBe("as before");
    expect(trend(detected(1000, 2000), detected(2001, 3000))).toBe("slower");
    expect(trend(detected(1000, 2000), detected(1000, 9000), detected(3000, 4000))).toBe("as before");
    expect(trend(detected(1000, 2000), detected(100, 999))).toBe("faster");
    const never = { ...PASSED, figures: PASSED.figures.map((row) => ({ ...row, measured: null })) };
    expect(trend(detected(1000, 2000), never)).toBe("no longer");
    expect(trend(never)).toBe("not measured");
    // What never came was slower still.
    expect(trend(detected(1000, 2000), never, detected(3000, 4000))).toBe("as before");
    expect(trend(detected(1000, 2000), never, detected(100, 999))).toBe("faster");
    expect(trend(never, never, detected(3000, 4000))).toBe("first");
  });

  test("a time that never came makes the middle of those before no better", () => {
    const never = { ...PASSED, figures: PASSED.figures.map((row) => ({ ...row, measured: null })) };
    const middle = (...reports: readonly DrillReport[]) =>
      drillHistory(
        reports.map((report, index) => on(10 + index, report)),
        at,
      )[0]?.trends.find(({ figure }) => figure === "detection")?.medianBeforeMs;
    expect(middle(detected(1, 2), detected(3, 4), detected(5, 6), PASSED)).toBe(4);
    expect(middle(detected(1, 2), never, never, PASSED)).toBe(null);
    expect(middle(detected(1, 2), detected(3, 4), never, PASSED)).toBe(4);
  });

  test("where nobody was concerned there was nothing to be slower than, and no gap is the shortest", () => {
    const of = (
      name: "recovery" | "gap",
      measured: { atLeastMs: number; atMostMs: number } | null,
      places: number | null,
    ) => ({
      ...PASSED,
      figures: PASSED.figures.map((row) => (row.name === name ? { ...row, measured, places } : row)),
    });
    const last = { atLeastMs: 5000, atMostMs: 6000 };
    const earlier = { atLeastMs: 1000, atMostMs: 2000 };
    const word = (name: "recovery" | "gap", ...reports: readonly DrillReport[]) =>
      drillHistory(
        reports.map((report, index) => on(10 + index, report)),
        at,
      )[0]?.trends.find(({ figure }) => figure === name)?.trend;
    expect(word("recovery", of("recovery", earlier, 5), of("recovery", null, 0), of("recovery", last, 5))).toBe(
      "slower",
    );
    expect(word("gap", of("gap", earlier, null), of("gap", null, null), of("gap", last, null))).toBe("slower");
  });

  test("counts outcomes, and says how long ago one passed", () => {
    const [history] = drillHistory([on(12, FAILED), on(11, PASSED), on(10, PASSED)], at);
    expect(history).toMatchObject({ runs: 3, passed: 2, lastOutcome: "failed", comparable: 3 });
    expect(history?.outcomes.map(({ outcome }) => outcome)).toEqual(["passed", "passed", "failed"]);
    expect(history?.lastPassedAgoMs).toBe(20 * 86_400_000);
  });

  test("compares nothing across topologies, and keeps the local world apart from real ones", () => {
    const other = { ...detected(9000, 9500), topologyFingerprint: "other" };
    expect(drillHistory([on(10, other), on(11, PASSED)], at)[0]).toMatchObject({ runs: 2, comparable: 1 });
    const groups = drillHistory([on(10, PASSED), on(11, { ...PASSED, local: false })], at);
    expect(groups.map(({ local }) => local)).toEqual([false, true]);
  });

  test("what was ended early is counted, and moves no trend", () => {
    const aborted: DrillReport = {
      ...PASSED,
      outcome: "aborted",
      figures: PASSED.figures.map((row) => ({ ...row, measured: null })),
    };
    expect(drillHistory([on(10, PASSED), on(11, aborted)], at)[0]).toMatchObject({ runs: 2, comparable: 1 });
    expect(trend(detected(1000, 2000), aborted)).toBe("first");
  });

  test("is not made of simulations", () => {
    expect(drillHistory([{ ...PASSED, simulated: true }], at)).toEqual([]);
  });
});
