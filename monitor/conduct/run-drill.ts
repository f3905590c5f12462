// One drill from the first look to the last line of its record. Whatever happens after the first lever, the levers are let go
// of: at the end of the fault, at its expiry, when a condition of the script says so, and when a person does.
import { abortReason } from "../drill/abort.ts";
import { courseMaxMs } from "../drill/plan.ts";
import type { DrillEvent, DrillRecord, DrillStage } from "../drill/record.ts";
import { closeJournal, type Restored, type RestoredStep } from "../lever/restore.ts";
import { errorText } from "../local/listening.ts";
import { formatDuration, type Instant } from "../time.ts";
import { dropFiles, openFiles } from "./drill-files.ts";
import type { Conducting, Course, DrillEnd, DrillFiles, DrillRun } from "./drill-run.ts";
import { pause } from "./every.ts";
import { pullAll, restoreAll } from "./lever-turns.ts";
import { tellBegun, tellOver } from "./monitor-word.ts";
import { type Looking, runObservers, type Sight } from "./observers.ts";
import { awaitSteadiness } from "./steadiness.ts";
import { stopWords } from "./stop-words.ts";

/** How often it is asked whether the drill may go on. */
const JUDGE_MS = 250;
/** For what is not planned: levers that are tried again, a monitor that is slow to answer. */
const CLOSING_MS = 60_000;

/** Never rejects for what the world does. Where its own files cannot be written it does not begin. */
export async function runDrill(run: DrillRun, conducting: Conducting): Promise<DrillEnd> {
  const { clock } = conducting.world;
  const unsteady = await awaitSteadiness(run, conducting);
  if (unsteady.length > 0) return { kind: "refused", why: unsteady, record: null };
  const startedAt = clock.now();
  const expiresAt = startedAt + courseMaxMs(run.plan) + CLOSING_MS;
  const files = await openFiles({ ...run, url: run.monitor.url }, { startedAt, expiresAt });
  if (typeof files === "string") return { kind: "refused", why: [files], record: null };
  const { journal } = files;
  try {
    const begun = await tellBegun(run, conducting, expiresAt);
    if (begun.kind !== "taken") {
      const unwritten = await dropFiles(files, begun.kind, clock.now());
      return { kind: "refused", why: [begun.why, ...unwritten], record: null };
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
  // What fails beside the levers ends the drill, and must not end the process: then nobody would let go of them.
  const broken = new AbortController();
  const sight: Sight = { status: null, silence: null };
  const note = (seen: DrillEvent): void => {
    // The first reading tells of looks before the drill: they are what stands at its start.
    const event = seen.at < startedAt ? { ...seen, at: startedAt } : seen;
    file.note(event);
    try {
      tell(event);
    } catch (thrown) {
      broken.abort(bugWords("its progress cannot be told", thrown));
    }
  };
  const over = new AbortController();
  const { cadence } = plan;
  const looking: Looking = { topology, cadence, drillId: run.id, monitor, router: run.router, world, note };
  const observers = runObservers(looking, sight, over.signal).catch((thrown: unknown) =>
    broken.abort(bugWords("nobody looks any more", thrown)),
  );
  try {
    const course: Course = { run, world, journal, file, sight, note, stop: AbortSignal.any([stop, broken.signal]) };
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
  const why = stop.aborted ? [`${stopWords(stop)} before the fault`] : [...lasting, ...passing];
  if (why.length > 0) return { kind: "refused", why, record: (await endCourse(course, [])).record };
  const reason = await breakAndStand(course, enter).catch((thrown: unknown) => bugWords("it broke off", thrown));
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
async function breakAndStand(course: Course, enter: (stage: DrillStage) => void): Promise<string | null> {
  const { run, world } = course;
  const expiresMs = world.clock.monotonicMs() + run.plan.expiryMs;
  enter("fault");
  return (await pullAll(course)) ?? (await standFault(course, expiresMs));
}

/** `expiresMs`: a reading of the monotonic clock. Levers may have taken their time, and the expiry counts from the first. */
async function standFault({ run, world, file, stop }: Course, expiresMs: number): Promise<string | null> {
  const { plan } = run;
  const planned = world.clock.monotonicMs() + plan.faultMs;
  const untilMs = Math.min(planned, expiresMs);
  for (let leftMs = 0; (leftMs = untilMs - world.clock.monotonicMs()) > 0;) {
    await pause(Math.min(JUDGE_MS, leftMs), stop);
    if (stop.aborted) return stopWords(stop);
    const reason = abortReason(plan, file.events(), world.clock.now());
    if (reason !== null) return reason;
  }
  return planned <= expiresMs ? null : `its expiry of ${formatDuration(plan.expiryMs)} came before the fault's own end`;
}

function bugWords(what: string, thrown: unknown): string {
  return `${what}, which is a bug of ours: ${errorText(thrown)}`;
}
