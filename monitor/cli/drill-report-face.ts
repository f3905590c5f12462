// A drill's report in the form that was asked for.
import { drillHtml } from "../report/drill-html.ts";
import { drillJunit } from "../report/drill-junit.ts";
import { drillMarkdown } from "../report/drill-markdown.ts";
import type { DrillReport } from "../report/drill-report-schema.ts";
import { drillReportText } from "./drill-report-text.ts";

export const DRILL_REPORT_FORMATS = ["text", "md", "json", "junit", "html"] as const;
export type DrillReportFormat = (typeof DRILL_REPORT_FORMATS)[number];

export function drillReportFace(report: DrillReport, format: DrillReportFormat): string {
  switch (format) {
    case "text":
      return drillReportText(report);
    case "md":
      return drillMarkdown(report);
    case "json":
      return `${JSON.stringify(report, null, 2)}\n`;
    case "junit":
      return drillJunit(report);
    case "html":
      return drillHtml(report);
  }
}
