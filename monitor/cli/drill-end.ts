// How a drill ends for the person: judged, kept, reported, and with what is left to do said last, where it is read.
import { writeFile } from "node:fs/promises";
import { recordFolder } from "../conduct/record-file.ts";
import { keepReport } from "../conduct/report-shelf.ts";
import type { DrillRecord } from "../drill/record.ts";
import { judgeDrill, type Outcome } from "../drill/referee.ts";
import { simulateDrill } from "../drill/simulate.ts";
import { stateFolder } from "../lever/state-folder.ts";
import { makeDrillReport } from "../report/drill-report.ts";
import type { DrillReport } from "../report/drill-report-schema.ts";
import { outcomeWord } from "../report/drill-words.ts";
import type { Restored } from "../lever/restore.ts";
import type { VerdictKind } from "../model/verdict.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { drillReportFace } from "./drill-report-face.ts";
import type { DrillSetting } from "./drill-setting.ts";
import { restoredLines } from "./drill-restored-text.ts";
import { errorText } from "../local/listening.ts";
import { EXIT, envelope, type ExitCode } from "./envelope.ts";

/** Only what has passed proves anything. */
const VERDICTS: Readonly<Record<Outcome, VerdictKind>> = {
  passed: "conforms",
  failed: "deviates",
  aborted: "undecided",
  inconclusive: "undecided",
};

/** `restored` null: no lever acted, as in a simulation. */
export async function endDrillRun(
  given: DrillArguments,
  { plan, topology }: DrillSetting,
  record: DrillRecord,
  restored: Restored | null,
): Promise<ExitCode> {
  const simulation = simulateDrill(plan, topology);
  const report = makeDrillReport(record, judgeDrill(record, simulation), simulation);
  // What was only calculated is no history.
  if (!record.simulated) await tryToKeep(report);
  const code = await writeReport(given, report, "drill run");
  if (restored?.kind === "finished") process.stderr.write("Everything that the drill broke is as it was.\n");
  if (restored === null || restored.kind === "finished") return code;
  process.stderr.write(`${restoredLines(record.id, restored).join("\n")}\n`);
  return EXIT.deviates;
}

/** A report that cannot be kept is shown all the same. */
async function tryToKeep(report: DrillReport): Promise<void> {
  try {
    await keepReport(recordFolder(stateFolder(process.env)), report);
    process.stderr.write(`kept: \`monitor drill report ${report.id}\` shows it again, with --format html drawn\n`);
  } catch (thrown) {
    process.stderr.write(`the report could not be kept: ${errorText(thrown)}\n`);
  }
}

/** To stdout, or into the file that was named; where that cannot be written, to stdout as well: it took minutes to measure. */
export async function writeReport(given: DrillArguments, report: DrillReport, command: string): Promise<ExitCode> {
  const verdict = report.underWay === undefined ? VERDICTS[report.outcome] : "converging";
  const text =
    given.output === "json" ? envelope(command, verdict, report, Date.now()) : drillReportFace(report, given.format);
  const unwritten = given.out === null ? "" : await writeFile(given.out, text).then(() => null, errorText);
  if (unwritten === null) process.stderr.write(`${report.id}: ${outcomeWord(report)}, the report is in ${given.out}\n`);
  else process.stdout.write(text);
  if (unwritten === null || unwritten === "") return EXIT[verdict];
  process.stderr.write(`the report is not in ${given.out}: ${unwritten}\n`);
  return EXIT.usage;
}

/** Nothing was broken. */
export function tellRefusal(given: DrillArguments, { plan }: DrillSetting, why: readonly string[]): ExitCode {
  if (given.output === "json")
    process.stdout.write(envelope("drill run", "undecided", { refused: why, plan }, Date.now()));
  process.stderr.write(`Refused, and nothing was broken:\n${why.map((reason) => `  - ${reason}\n`).join("")}`);
  return EXIT.undecided;
}
