// The JSON Schema of a drill's report, for its readers; apart from the schema, because it is needed by nothing that runs.
import * as z from "zod/mini";
import { DRILL_REPORT_SCHEMA } from "./drill-report-schema.ts";

/** Draft 2020-12, of what we give out. */
export function drillReportJsonSchema(): object {
  return { title: "multicloud-probe: report of a drill", ...z.toJSONSchema(DRILL_REPORT_SCHEMA) };
}
