// The reports of drills that were run from here, one file each beside their records: kept as they were judged, because the
// topology that they were judged under may be another one tomorrow.
import { readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { ensureOwnFolder } from "../lever/state-folder.ts";
import { errorCode, errorText } from "../local/listening.ts";
import { DRILL_REPORT_SCHEMA, type DrillReport } from "../report/drill-report-schema.ts";

const SUFFIX = ".report.json";
/** The latest; more than a history looks at. */
const REPORTS_MAX = 2000;

/** Written beside its place and moved there, so that no reader sees half of it. */
export async function keepReport(folder: string, report: DrillReport): Promise<void> {
  await ensureOwnFolder(folder);
  const path = join(folder, `${report.id}${SUFFIX}`);
  await writeFile(`${path}.draft`, `${JSON.stringify(report)}\n`, { mode: 0o600 });
  await rename(`${path}.draft`, path);
}

export type ReadReport =
  | { readonly kind: "report"; readonly report: DrillReport }
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly detail: string };

export async function readReport(folder: string, id: string): Promise<ReadReport> {
  try {
    const parsed = z.safeParse(DRILL_REPORT_SCHEMA, JSON.parse(await readFile(join(folder, `${id}${SUFFIX}`), "utf8")));
    if (parsed.success) return { kind: "report", report: parsed.data };
    const [first = ""] = z.prettifyError(parsed.error).split("\n");
    return { kind: "unreadable", detail: `${id}: ${first}` };
  } catch (error) {
    return errorCode(error) === "ENOENT"
      ? { kind: "none" }
      : { kind: "unreadable", detail: `${id}: ${errorText(error)}` };
  }
}

export interface Reports {
  /** The oldest first. */
  readonly reports: readonly DrillReport[];
  /** Those that this version cannot read, a sentence each. */
  readonly unreadable: readonly string[];
}

export async function readReports(folder: string): Promise<Reports> {
  const names = await readdir(folder).catch(() => []);
  const ids = names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
  const read = await Promise.all(
    ids
      .toSorted()
      .slice(-REPORTS_MAX)
      .map((id) => readReport(folder, id)),
  );
  return {
    reports: read.flatMap((one) => (one.kind === "report" ? [one.report] : [])),
    unreadable: read.flatMap((one) => (one.kind === "unreadable" ? [one.detail] : [])),
  };
}
