// `monitor drill restore`: puts back what a drill left that broke off, from its journal alone, and tells the monitor that the
// drill is over. It needs no --yes: it only leads back to where all was, and twice is the same as once.
import { makeMonitorClient } from "../conduct/monitor-client.ts";
import { addToRecord, readRecord, recordFolder, type Watcher } from "../conduct/record-file.ts";
import type { DrillEvent } from "../drill/record.ts";
import { type FoundJournal, openJournals } from "../lever/journal.ts";
import { makeReach, type Reach } from "../lever/reach.ts";
import { type Restored, restoreJournal, type Settled, settleByHand } from "../lever/restore.ts";
import { journalFolder, stateFolder } from "../lever/state-folder.ts";
import type { DrillArguments } from "./drill-arguments.ts";
import { restoredLines } from "./drill-restored-text.ts";
import { EXIT, envelope, type ExitCode } from "./envelope.ts";

interface RestoredDrill {
  readonly id: string;
  readonly restored: Restored | Settled;
  /** Null: it knows that the drill is over, or there is no record that says which monitor it was. */
  readonly untold: string | null;
}

export async function runDrillRestore({ name, settle, output }: DrillArguments): Promise<ExitCode> {
  const state = stateFolder(process.env);
  const open = await openJournals(journalFolder(state));
  const chosen = open.filter((journal) => name === null || idOf(journal) === name);
  const reach = makeReach(process.env);
  if (name !== null && chosen.length === 0) return await tellAgain(name, open.map(idOf), { state, reach, output });
  const done: RestoredDrill[] = [];
  for (const journal of chosen) done.push(await closeDrill(journal, settle, state, reach));
  const stuck = done.filter(({ restored }) => !isOver(restored));
  const verdict = stuck.length === 0 ? "conforms" : "deviates";
  if (output === "json") process.stdout.write(envelope("drill restore", verdict, done, Date.now()));
  else if (done.length === 0) process.stdout.write("Nothing is left of any drill.\n");
  else process.stdout.write(`${done.flatMap(linesOf).join("\n")}\n`);
  return EXIT[verdict];
}

type Over = Extract<Restored | Settled, { readonly kind: "finished" | "settled" }>;

function isOver(restored: Restored | Settled): restored is Over {
  return restored.kind === "finished" || restored.kind === "settled";
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
  if (read.kind !== "record") return { id, restored, untold: null };
  // A record that is whole has nothing to be told.
  if (read.record.endedAt === null)
    await addToRecord(folder, id, restoredEvents(restored, read.record.plan.faults, reach));
  return { id, restored, untold: await tellMonitor(id, read.watcher, reach) };
}

/** Null: it knows that the drill is over. */
async function tellMonitor(id: string, { url, worldPort }: Watcher, reach: Reach): Promise<string | null> {
  const told = await makeMonitorClient(url, await tokenFor(url, worldPort, reach)).endDrill(id);
  const gone = told.kind === "refused" && told.status === 404;
  return told.kind === "answer" || gone ? null : told.detail;
}

/** Of a drill that put everything back, but could not reach its monitor then. */
async function tellAgain(
  id: string,
  open: readonly string[],
  { state, reach, output }: { readonly state: string; readonly reach: Reach; readonly output: "json" | "text" },
): Promise<ExitCode> {
  const others = open.length === 0 ? "" : `; open: ${open.join(", ")}`;
  const read = await readRecord(recordFolder(state), id);
  if (read.kind !== "record") {
    process.stderr.write(`${id}: no drill of this id was run from here, so nothing was put back${others}\n`);
    return EXIT.usage;
  }
  const untold = await tellMonitor(id, read.watcher, reach);
  const what =
    untold === null ? "the monitor knows that it is over" : `the monitor was not told that it is over (${untold})`;
  process.stderr.write(`${id}: nothing was left to put back, and ${what}${others}\n`);
  const verdict = untold === null ? "conforms" : "deviates";
  const nothing: RestoredDrill = { id, restored: { kind: "finished", drill: id, steps: [] }, untold };
  if (output === "json") process.stdout.write(envelope("drill restore", verdict, [nothing], Date.now()));
  return EXIT[verdict];
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

/** A local world that has ended has no token, and a monitor that is gone needs not be told. */
async function tokenFor(url: string, worldPort: number | null, reach: Reach): Promise<string | null> {
  if (worldPort === null) return reach.variable("ADMIN_TOKEN");
  const search = await reach.findWorld(worldPort);
  return search.kind === "found" && new URL(search.world.statusUrl).origin === url ? search.world.token : null;
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
