// How a drill ends for the person: judged, kept, reported, and with what is left to do said last, where it is read.
import { writeFile } from "node:fs/promises";
import type { DrillRecord } from "../drill/record.ts";
import { judgeDrill, type Outcome } from "../drill/referee.ts";
import { simulateDrill } from "../drill/simulate.ts";
import type { Restored } from "../lever/restore.ts";
import type { VerdictKind } from "../model.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { type DrillResult, reportFace } from "./drill-faces.ts";
import type { DrillSetting } from "./drill-setting.ts";
import { restoredLines } from "./drill-restored-text.ts";
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
  const judgement = judgeDrill(record, simulateDrill(plan, topology));
  const code = await writeReport(given, { record, judgement }, "drill run");
  if (restored === null || restored.kind === "finished") return code;
  process.stderr.write(`${restoredLines(restored).join("\n")}\n`);
  return EXIT.deviates;
}

/** To stdout, or into the file that was named. */
export async function writeReport(given: DrillArguments, result: DrillResult, command: string): Promise<ExitCode> {
  const verdict = VERDICTS[result.judgement.outcome];
  const text =
    given.output === "json" ? envelope(command, verdict, result, Date.now()) : reportFace(result, given.format);
  if (given.out === null) process.stdout.write(text);
  else {
    await writeFile(given.out, text);
    process.stderr.write(`${result.record.id}: ${result.judgement.outcome}, the report is in ${given.out}\n`);
  }
  return EXIT[verdict];
}

/** Nothing was broken. */
export function tellRefusal(given: DrillArguments, { plan }: DrillSetting, why: readonly string[]): ExitCode {
  if (given.output === "json")
    process.stdout.write(envelope("drill run", "undecided", { refused: why, plan }, Date.now()));
  process.stderr.write(`Refused, and nothing was broken:\n${why.map((reason) => `  - ${reason}\n`).join("")}`);
  return EXIT.undecided;
}
