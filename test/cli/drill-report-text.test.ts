// A drill's report and the history of drills as a terminal shows them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { drillHistoryText } from "../../monitor/cli/drill-history-text.ts";
import { DRILL_REPORT_FORMATS, drillReportFace } from "../../monitor/cli/drill-report-face.ts";
import { drillReportText } from "../../monitor/cli/drill-report-text.ts";
import { drillHistory } from "../../monitor/report/drill-history.ts";
import { parseIso } from "../../monitor/time.ts";
import { EMPTY, FAILED, PASSED, UNDER_WAY } from "../support/drill-reports.ts";

const golden = (file: string): string =>
  readFileSync(join(import.meta.dirname, `../monitor/report/golden/${file}`), "utf8");

describe("the text face", () => {
  test.each([
    { file: "drill-passed.txt", report: PASSED },
    { file: "drill-failed.txt", report: FAILED },
    { file: "drill-empty.txt", report: EMPTY },
    { file: "drill-under-way.txt", report: UNDER_WAY },
  ])("$file", ({ file, report }) => {
    expect(drillReportText(report)).toBe(golden(file));
  });

  test("has a column for 95 % of the places only where that is not the slowest", () => {
    const p95 = { atLeastMs: 31_000, atMostMs: 32_000 };
    const figures = PASSED.figures.map((row) => (row.name === "failover" ? { ...row, p95 } : row));
    expect(drillReportText({ ...PASSED, figures })).toMatch(
      /Measured +50 % +95 % +Bound[^]*\n {2}Answers moved, name servers +29 s to 40 s +29 s to 40 s +31 s to 32 s +1 m/,
    );
    expect(drillReportFace({ ...PASSED, figures }, "md")).toContain("| Figure | Measured | 50 % | 95 % | Bound |");
    expect(drillReportFace({ ...PASSED, figures }, "html")).toContain('<th scope="col">95 %</th>');
  });

  test("shows a report of an earlier version, which has no 95 % of requests", () => {
    const { p95Ms: _later, ...traffic } = PASSED.traffic;
    expect(drillReportText({ ...PASSED, traffic })).toContain("served request  20 ms before, 20 ms while the fault");
  });

  test("gives a terminal no orders", () => {
    const notes = [{ at: PASSED.startedAt, text: "\u001b[2Jgone\u0007" }];
    expect(drillReportText({ ...PASSED, notes })).toMatch(/^note {2}12:00:00 {3}\[2Jgone$/m);
  });
});

test("every format has a face of its own", () => {
  const faces = DRILL_REPORT_FORMATS.map((format) => drillReportFace(PASSED, format));
  expect(faces.map((face) => face.slice(0, 8))).toEqual(["PASSED  ", "# Drill ", '{\n  "sch', "<?xml ve", "<!doctyp"]);
});

test("the history has a line for each figure, and says what is compared", () => {
  const at = parseIso("2026-12-01T12:00:00.000Z") ?? NaN;
  const earlier = { ...PASSED, id: "earlier", startedAt: "2026-08-28T12:00:00.000Z" };
  const other = { ...FAILED, id: "other", startedAt: "2026-05-28T12:00:00.000Z", topologyFingerprint: "other" };
  const slower = PASSED.figures.map((row) =>
    row.name === "detection" ? { ...row, measured: { atLeastMs: 16_000, atMostMs: 26_000 } } : row,
  );
  const history = drillHistory([{ ...PASSED, figures: slower }, other, earlier], at);
  expect(drillHistoryText(history)).toBe(golden("drill-history.txt"));
  expect(drillHistoryText([])).toBe("no drill was run yet\n");
});
