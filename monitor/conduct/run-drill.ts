// One drill from the first look to the last line of its record. Whatever happens after the first lever, the levers are let go
// of: at the end of the fault, at its expiry, when a condition of the script says so, and when a person does.
import { abortReason } from "../drill/abort.ts";
import type { DrillEvent, DrillRecord, DrillStage } from "../drill/record.ts";
import { closeJournal, type Restored, type RestoredStep } from "../lever/restore.ts";
import type { Instant } from "../time.ts";
import { openFiles } from "./drill-files.ts";
import type { Conducting, Course, DrillEnd, DrillFiles, DrillRun } from "./drill-run.ts";
import { pause } from "./every.ts";
import { pullAll, restoreAll } from "./lever-turns.ts";
import { tellBegun, tellOver } from "./monitor-word.ts";
import { type Looking, runObservers, type Sight } from "./observers.ts";
import { awaitSteadiness } from "./steadiness.ts";

/** How often it is asked whether the drill may go on. */
const JUDGE_MS = 250;
/** After its expiry the journal may be restored by anybody. */
const CLOSING_MS = 60_000;

/** Never rejects for what the world does. Where its own files cannot be written it does not begin. */
export async function runDrill(run: DrillRun, conducting: Conducting): Promise<DrillEnd> {
  const { clock } = conducting.world;
  const unsteady = await awaitSteadiness(run, conducting);
  if (unsteady.length > 0) return { kind: "refused", why: unsteady, record: null };
  const startedAt = clock.now();
  const expiresAt = startedAt + run.plan.steadyWindowMs + run.plan.expiryMs + CLOSING_MS;
  const files = await openFiles(run, { startedAt, expiresAt });
  if (typeof files === "string") return { kind: "refused", why: [files], record: null };
  const { journal, file } = files;
  try {
    const begun = await tellBegun(run, conducting, expiresAt);
    if (begun.kind !== "taken") {
      // An open journal is what a restore tells the monitor by.
      if (begun.kind === "refused") await journal.append({ kind: "closed", at: clock.now() });
      await file.discard();
      return { kind: "refused", why: [begun.why], record: null };
    }
    return await conduct(run, conducting, files, startedAt);
  } finally {
    await journal.release();
  }
}

async function conduct(
  run: DrillRun,
  { world, tell, stop }: Conducting,
  { journal, file }: DrillFiles,
  startedAt: Instant,
): Promise<DrillEnd> {
  const { plan, topology, monitor } = run;
  const sight: Sight = { status: null, heardAt: startedAt, silence: null };
  const note = (seen: DrillEvent): void => {
    // The first reading tells of looks before the drill: they are what stands at its start.
    const event = seen.at < startedAt ? { ...seen, at: startedAt } : seen;
    file.note(event);
    tell(event);
  };
  const over = new AbortController();
  const { cadence } = plan;
  const looking: Looking = { topology, cadence, drillId: run.id, monitor, router: run.router, world, note };
  const observers = runObservers(looking, sight, over.signal);
  try {
    const course: Course = { run, world, journal, file, sight, note, stop };
    return await takeCourse(course);
  } finally {
    over.abort();
    await observers;
  }
}

async function takeCourse(course: Course): Promise<DrillEnd> {
  const { run, world, sight, note, stop } = course;
  const { plan } = run;
  const enter = (stage: DrillStage): void => note({ kind: "stage", at: world.clock.now(), stage });
  enter("steady");
  await pause(plan.steadyWindowMs, stop);
  const { lasting, passing } = await run.judgeStart(sight.status);
  const why = stop.aborted ? ["it was stopped before the fault"] : [...lasting, ...passing];
  if (why.length > 0) return { kind: "refused", why, record: (await endCourse(course, [])).record };
  enter("fault");
  const broken = await pullAll(course);
  const reason = broken ?? (await standFault(course));
  if (reason !== null) note({ kind: "abort", at: world.clock.now(), reason });
  enter("repair");
  const steps = await restoreAll(course);
  // A drill that broke off looks on all the same: whether all is back is what a person wants to know.
  if (!stop.aborted) await pause(plan.afterMs, stop);
  enter("over");
  return { kind: "ran", ...(await endCourse(course, steps)) };
}

/** The journal is closed last: as long as it is open, a restore tells the monitor that the drill is over. */
async function endCourse(
  course: Course,
  steps: readonly RestoredStep[],
): Promise<{ readonly record: DrillRecord; readonly restored: Restored }> {
  const { world, journal, file } = course;
  await tellOver(course);
  const record = await file.end(world.clock.now());
  return { record, restored: await closeJournal(journal, steps, world.clock) };
}

/** Why it ended before its time; null: it stood as long as it should. */
async function standFault({ run, world, file, stop }: Course): Promise<string | null> {
  const { plan } = run;
  const began = world.clock.monotonicMs();
  const lastsMs = Math.min(plan.faultMs, plan.expiryMs);
  while (world.clock.monotonicMs() - began < lastsMs) {
    await pause(Math.min(JUDGE_MS, lastsMs - (world.clock.monotonicMs() - began)), stop);
    if (stop.aborted) return "it was stopped";
    const reason = abortReason(plan, file.events(), world.clock.now());
    if (reason !== null) return reason;
  }
  return null;
}
