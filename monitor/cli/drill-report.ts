// `monitor drill report`: the report of a drill that was run from here. One that runs, or broke off, has a record and no report:
// it is judged by what was seen so far.
import { makeDrillReport, makeReportSoFar } from "../report/drill-report.ts";
import type { DrillReport } from "../report/drill-report-schema.ts";
import { listRecords, readRecord, recordFolder } from "../conduct/record-file.ts";
import { readReport } from "../conduct/report-shelf.ts";
import { judgeDrill } from "../drill/referee.ts";
import { journalPath } from "../lever/journal.ts";
import { type JournalStanding, readStanding } from "../lever/journal-standing.ts";
import { journalFolder, stateFolder } from "../lever/state-folder.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { writeReport } from "./drill-end.ts";
import { openDrillLine } from "./drill-open.ts";
import { EXIT, type ExitCode } from "./envelope.ts";

/** The exit code is that of the drill, as when it was run. */
export async function runDrillReport(given: DrillArguments): Promise<ExitCode> {
  const state = stateFolder(process.env);
  const folder = recordFolder(state);
  const ids = await listRecords(folder);
  const id = given.name ?? ids[0];
  if (id === undefined) return refused("no drill was run from here yet");
  if (!ids.includes(id)) return refused(`no drill ${id} was run from here: \`monitor drill history\` lists them`);
  const standing = await readStanding(journalPath(journalFolder(state), id));
  const found = await findReport(folder, id, standing);
  if (typeof found === "string") return refused(found);
  if (standing.kind === "left") process.stderr.write(`${openDrillLine(id, standing)}\n`);
  return await writeReport(given, found, "drill report");
}

/** A string says why there is none. */
async function findReport(folder: string, id: string, standing: JournalStanding): Promise<DrillReport | string> {
  const kept = await readReport(folder, id);
  if (kept.kind === "report") return kept.report;
  if (kept.kind === "unreadable") return kept.detail;
  const read = await readRecord(folder, id);
  if (read.kind === "record" && standing.kind === "running" && standing.by === "drill")
    return makeReportSoFar(read.record, standing.head.pid);
  if (read.kind === "record") return makeDrillReport(read.record, judgeDrill(read.record, null), null);
  return read.kind === "none" ? `${id} has neither report nor record` : read.detail;
}

function refused(why: string): ExitCode {
  process.stderr.write(`${why}\n`);
  return EXIT.usage;
}
