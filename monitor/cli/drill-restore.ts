// `monitor drill restore`: puts back what a drill left that broke off, from its journal alone, and tells the monitor that the
// drill is over. It needs no --yes: it only leads back to where all was, and twice is the same as once.
import { addToRecord, readRecord, recordFolder } from "../conduct/record-file.ts";
import type { DrillEvent } from "../drill/record.ts";
import { type FoundJournal, openJournals } from "../lever/journal.ts";
import { makeReach, type Reach } from "../lever/reach.ts";
import { type Restored, restoreJournal, type Settled, settleByHand } from "../lever/restore.ts";
import { journalFolder, stateFolder } from "../lever/state-folder.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { restoredLines } from "./drill-restored-text.ts";
import { forgottenDrill, knownDrill, namedWatcher, tellOver, type ToldOver } from "./drill-watcher.ts";
import { EXIT, envelope, type ExitCode } from "./envelope.ts";

interface RestoredDrill {
  readonly id: string;
  readonly restored: Restored | Settled;
  /** Null: it knows that the drill is over, or has ended itself, or an earlier version did not say which monitor it was. */
  readonly untold: string | null;
}

export async function runDrillRestore(given: DrillArguments): Promise<ExitCode> {
  const { name, settle, output } = given;
  const state = stateFolder(process.env);
  const open = await openJournals(journalFolder(state));
  const chosen = open.filter((journal) => name === null || idOf(journal) === name);
  const reach = makeReach(process.env);
  if (name !== null && chosen.length === 0) return await restoreNothing(name, open.map(idOf), { state, reach, given });
  const done: RestoredDrill[] = [];
  for (const journal of chosen) done.push(await closeDrill(journal, settle, state, reach));
  const verdict = done.every(isWhole) ? "conforms" : "deviates";
  if (output === "json") process.stdout.write(envelope("drill restore", verdict, done, Date.now()));
  else if (done.length === 0) process.stdout.write("Nothing is left of any drill.\n");
  else process.stdout.write(`${done.flatMap(linesOf).join("\n")}\n`);
  const forgotten = name === null ? await forgottenDrill(given, open.map(idOf), recordFolder(state), reach) : null;
  if (forgotten !== null) process.stderr.write(`${forgotten}\n`);
  return EXIT[verdict];
}

type Over = Extract<Restored | Settled, { readonly kind: "finished" | "settled" }>;

function isOver(restored: Restored | Settled): restored is Over {
  return restored.kind === "finished" || restored.kind === "settled";
}

/** Nothing is left of it, here or at its monitor. */
function isWhole({ restored, untold }: RestoredDrill): boolean {
  return isOver(restored) && untold === null;
}

async function closeDrill(
  journal: FoundJournal,
  settle: string | null,
  state: string,
  reach: Reach,
): Promise<RestoredDrill> {
  const id = idOf(journal);
  const { path } = journal;
  const restored = settle === null ? await restoreJournal(path, reach) : await settleByHand(path, settle, reach.clock);
  if (!isOver(restored)) return { id, restored, untold: null };
  const folder = recordFolder(state);
  const read = await readRecord(folder, id);
  // A record that is whole has nothing to be told.
  if (read.kind === "record" && read.record.endedAt === null)
    await addToRecord(folder, id, restoredEvents(restored, read.record.plan.faults, reach));
  // The journal knows the monitor too: it was on the disk before anybody was told, and the record may not be.
  const watcher =
    read.kind === "record" ? read.watcher : journal.kind === "unfinished" ? journal.head.watcher : undefined;
  const told = watcher === undefined ? null : await tellOver(id, watcher, reach);
  return { id, restored, untold: told?.kind === "untold" ? told.why : null };
}

/** Of a drill that put everything back, but could not reach its monitor then; or of which nothing is kept here. */
async function restoreNothing(
  id: string,
  open: readonly string[],
  { state, reach, given }: { readonly state: string; readonly reach: Reach; readonly given: DrillArguments },
): Promise<ExitCode> {
  const others = open.length === 0 ? "" : `; open: ${open.join(", ")}`;
  const known = await knownDrill(id, state);
  const watcher = (await namedWatcher(given, reach)) ?? known.watcher;
  if (typeof watcher === "string" || watcher === null) {
    const hint = watcher ?? "--url or --port names a monitor that counts it as running";
    process.stderr.write(`${id}: no drill of this id was run from here, so nothing was put back (${hint})${others}\n`);
    return EXIT.usage;
  }
  const told = await tellOver(id, watcher, reach);
  const left = known.isKept ? "nothing was left to put back" : LEFT_UNKNOWN;
  process.stderr.write(`${id}: ${left}, and ${toldWords(told)}${others}\n`);
  const untold = told.kind === "untold" ? told.why : null;
  const verdict = untold !== null ? "deviates" : known.isKept ? "conforms" : "undecided";
  const nothing: RestoredDrill = { id, restored: { kind: "finished", drill: id, steps: [] }, untold };
  if (given.output === "json") process.stdout.write(envelope("drill restore", verdict, [nothing], Date.now()));
  return EXIT[verdict];
}

/** Without the journal nobody knows what stands. */
const LEFT_UNKNOWN =
  "nothing of it is kept here, so nothing was put back: what its levers changed must be looked at by hand (docs/levers.md)";

function toldWords(told: ToldOver): string {
  switch (told.kind) {
    case "told":
      return "the monitor knows that it is over";
    case "ended":
      return "the local world that it ran in has ended";
    case "untold":
      return `the monitor was not told that it is over (${told.why})`;
  }
}

function restoredEvents(
  restored: Over,
  faults: readonly { readonly lever: string; readonly region?: string }[],
  { clock }: Reach,
): readonly DrillEvent[] {
  const at = clock.now();
  const steps = restored.kind === "finished" ? restored.steps : [];
  const levers = steps.map(({ step, lever, result }): DrillEvent => ({
    kind: "lever",
    at,
    lever,
    target: faults[step]?.region ?? "dns",
    action: "restored",
    detail: result.detail,
  }));
  const how = restored.kind === "finished" ? "by `monitor drill restore`" : `by hand: ${restored.reason}`;
  const reason = `the drill broke off; it was put back ${how}`;
  return [...levers, { kind: "abort", at, reason }];
}

function idOf(journal: FoundJournal): string {
  return journal.kind === "unfinished" ? journal.head.drill : journal.path;
}

function linesOf({ id, restored, untold }: RestoredDrill): readonly string[] {
  const untoldLines =
    untold === null
      ? []
      : [`  the monitor was not told that the drill is over (${untold}); it will say so itself until it is`];
  return [...restoredLines(id, restored), ...untoldLines];
}
