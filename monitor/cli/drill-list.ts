// `monitor drill list`: what drills there are, and where each can be run.
import { stateFolder } from "../lever/state-folder.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { DRILL_FOLDER, drillNames, loadScript } from "./drill-script.ts";
import { alignColumns } from "./columns.ts";
import { openDrillLines } from "./drill-open.ts";
import { EXIT, envelope, type ExitCode } from "./envelope.ts";

export async function runDrillList({ output }: DrillArguments): Promise<ExitCode> {
  const drills = drillNames().map((name) => ({ name, script: loadScript(name) }));
  const rows = drills.map(({ name, script }) =>
    "refusal" in script
      ? { name, title: "cannot be read", where: "nowhere", problems: script.lines ?? [script.refusal] }
      : { name, title: script.title, where: script.faults.real.length > 0 ? "anywhere" : "local world", problems: [] },
  );
  const broken = rows.flatMap((row) => row.problems);
  if (output === "json") {
    process.stdout.write(envelope("drill list", broken.length === 0 ? "conforms" : "deviates", rows, Date.now()));
  } else if (rows.length === 0) {
    process.stderr.write(`There is no drill in ${DRILL_FOLDER}/.\n`);
  } else {
    process.stdout.write(`${alignColumns(rows.map(({ name, where, title }) => [name, where, title]))}\n`);
    for (const line of broken) process.stderr.write(`${line}\n`);
  }
  for (const line of await openDrillLines(stateFolder(process.env))) process.stderr.write(`${line}\n`);
  return broken.length === 0 ? EXIT.conforms : EXIT.usage;
}
