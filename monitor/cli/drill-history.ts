// `monitor drill history`: all drills that were run from here, and how their figures change.
import { recordFolder } from "../conduct/record-file.ts";
import { readReports } from "../conduct/report-shelf.ts";
import { stateFolder } from "../lever/state-folder.ts";
import { drillHistory } from "../report/drill-history.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { drillHistoryText } from "./drill-history-text.ts";
import { openDrillLines } from "./drill-open.ts";
import { EXIT, envelope, type ExitCode } from "./envelope.ts";

/** 0: the latest run of each drill passed. 1: one did not. 4: none was run. */
export async function runDrillHistory({ output }: DrillArguments): Promise<ExitCode> {
  const at = Date.now();
  const state = stateFolder(process.env);
  const { reports, unreadable } = await readReports(recordFolder(state));
  for (const detail of unreadable) process.stderr.write(`not read: ${detail}\n`);
  for (const line of await openDrillLines(state)) process.stderr.write(`${line}\n`);
  const histories = drillHistory(reports, at);
  const bad = histories.some(({ lastOutcome }) => lastOutcome !== "passed");
  const verdict = histories.length === 0 ? "undecided" : bad ? "deviates" : "conforms";
  if (output === "json") process.stdout.write(envelope("drill history", verdict, histories, at));
  else if (histories.length === 0) process.stderr.write("No drill was run from here yet.\n");
  else process.stdout.write(drillHistoryText(histories));
  return EXIT[verdict];
}
