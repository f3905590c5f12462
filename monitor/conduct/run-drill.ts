// One drill from the first look to the last line of its record. Whatever happens after the first lever, the levers are let go
// of: at the end of the fault, at its expiry, when a condition of the script says so, and when a person does.
import type { DrillEvent, DrillRecord, DrillStage } from "../drill/record.ts";
import type { DrillPlan } from "../drill/script.ts";
import { regionOfWish } from "../drill/lever-wish.ts";
import { createJournal, type Journal } from "../lever/journal.ts";
import type { Lever, LeverPlan, LeverResult } from "../lever/lever.ts";
import { type Act, pullLever } from "../lever/pull.ts";
import { letGoOfAll, type Restored } from "../lever/restore.ts";
import type { StatusReport } from "../report/status-schema.ts";
import type { LookingWorld } from "../run/world.ts";
import { formatDuration, type Instant, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import { errorText } from "../local/listening.ts";
import { abortReason } from "../drill/abort.ts";
import { pause } from "./every.ts";
import type { MonitorClient } from "./monitor-client.ts";
import { type Looking, runObservers, type Sight } from "./observers.ts";
import type { RouterDoor } from "./scene.ts";
import { createRecordFile, type RecordFile, recordFolder } from "./record-file.ts";
import { journalFolder } from "../lever/state-folder.ts";

/** A world that has just begun, or just recovered, is waited for. */
export const PATIENCE_MS = 60_000;
/** How often it is asked whether the drill may go on. */
const JUDGE_MS = 250;
/** The levers are tried again so many times before a person is asked. */
const RESTORES_MAX = 3;
const RESTORE_PAUSE_MS = 2000;
/** After its expiry the journal may be restored by anybody. */
const CLOSING_MS = 60_000;

export interface PreparedLever {
  readonly lever: Lever;
  readonly plan: Extract<LeverPlan, { readonly kind: "ready" }>;
}

export interface DrillRun {
  readonly id: string;
  readonly plan: DrillPlan;
  readonly topology: Topology;
  /** In the order of the plan's faults. */
  readonly levers: readonly PreparedLever[];
  readonly monitor: MonitorClient;
  /** Of the local world; null: the monitor is none. */
  readonly worldPort: number | null;
  readonly router: RouterDoor | null;
  /** Seconds between the monitor's rounds; null: as always. */
  readonly probeEverySeconds: number | null;
  /** Where journals and records are kept. */
  readonly state: string;
  readonly rollback: Act;
  /** Asked before the steady state is watched, and again when it has been. */
  readonly judgeStart: (status: StatusReport | null) => Promise<StartJudgement>;
}

/** Every reason not to begin; none at all: it begins. */
export interface StartJudgement {
  /** Waiting would not help. */
  readonly lasting: readonly string[];
  /** A little time may dissolve these. */
  readonly passing: readonly string[];
}

export interface Conducting {
  readonly world: LookingWorld;
  /** Every event as it comes, for whoever shows the progress. */
  readonly tell: (event: DrillEvent) => void;
  /** A person or the system wants it to end. */
  readonly stop: AbortSignal;
}

export type DrillEnd =
  /** The levers never acted. */
  | { readonly kind: "refused"; readonly why: readonly string[]; readonly record: DrillRecord | null }
  | { readonly kind: "ran"; readonly record: DrillRecord; readonly restored: Restored };

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
    const locked = await lockMonitor(run, conducting, expiresAt);
    if (locked !== null) {
      await journal.append({ kind: "closed", at: clock.now() });
      await file.discard();
      return { kind: "refused", why: [locked], record: null };
    }
    return await conduct(run, conducting, files, startedAt);
  } finally {
    await journal.release();
  }
}

interface DrillFiles {
  readonly journal: Journal;
  readonly file: RecordFile;
}

/** Before the monitor is told of anything; a sentence: what cannot be written cannot be put back either. */
async function openFiles(
  { id, plan, state, monitor, worldPort }: DrillRun,
  { startedAt, expiresAt }: { readonly startedAt: Instant; readonly expiresAt: Instant },
): Promise<DrillFiles | string> {
  let journal: Journal | null = null;
  try {
    const head = { kind: "drill", schemaVersion: 1, drill: id, title: plan.title } as const;
    journal = await createJournal(journalFolder(state), { ...head, startedAt, expiresAt, pid: process.pid });
    const blank: DrillRecord = { schemaVersion: 1, id, plan, simulated: false, startedAt, endedAt: null, events: [] };
    return { journal, file: await createRecordFile(recordFolder(state), blank, { url: monitor.url, worldPort }) };
  } catch (thrown) {
    await journal?.append({ kind: "closed", at: startedAt }).catch(() => {});
    await journal?.release();
    return `what puts things back cannot be written below ${state}: ${errorText(thrown)}; make room there, or set MULTICLOUD_PROBE_STATE to another folder`;
  }
}

/** What still speaks against it when patience is over; none: the steady state can be watched. */
async function awaitSteadiness(
  { plan, monitor, judgeStart }: DrillRun,
  { world: { clock }, tell, stop }: Conducting,
): Promise<readonly string[]> {
  const endMs = clock.monotonicMs() + PATIENCE_MS;
  for (let told = false; ; told = true) {
    const reply = await monitor.readStatus();
    const { lasting, passing } = await judgeStart(reply.kind === "answer" ? reply.value : null);
    if (lasting.length > 0 || passing.length === 0) return lasting;
    if (stop.aborted || clock.monotonicMs() >= endMs) return passing;
    const [first = "", ...others] = passing;
    const more = others.length === 0 ? "" : `, and ${others.length} more`;
    if (!told)
      tell({
        kind: "note",
        at: clock.now(),
        text: `waiting for a steady state, for ${formatDuration(PATIENCE_MS)} at most: ${first}${more}`,
      });
    await pause(plan.cadence.statusMs, stop);
  }
}

/** Null: the monitor knows of the drill, and no other runs. */
async function lockMonitor(
  { id, plan, monitor, probeEverySeconds }: DrillRun,
  { world: { clock }, tell }: Conducting,
  expiresAt: Instant,
): Promise<string | null> {
  const told = await monitor.startDrill({
    id,
    title: plan.title,
    regions: [...plan.faulted],
    causes: [...plan.expect.notices],
    expiresAt: toIso(expiresAt),
    ...(probeEverySeconds === null ? {} : { probeEverySeconds }),
  });
  // What was not answered may have been heard: a lock that nobody holds would keep all others out.
  if (told.kind === "silent") await monitor.endDrill(id);
  if (told.kind !== "answer") return `the monitor does not take the drill: ${told.detail}`;
  const pace = `the monitor looks every ${probeEverySeconds ?? "?"} s while it runs`;
  if (told.value !== null) tell({ kind: "note", at: clock.now(), text: `${pace}: ${told.value}` });
  return null;
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

interface Course {
  readonly run: DrillRun;
  readonly world: LookingWorld;
  readonly journal: Journal;
  readonly file: RecordFile;
  readonly sight: Sight;
  readonly note: (event: DrillEvent) => void;
  readonly stop: AbortSignal;
}

async function takeCourse(course: Course): Promise<DrillEnd> {
  const { run, world, journal, file, sight, note, stop } = course;
  const { plan } = run;
  const enter = (stage: DrillStage): void => note({ kind: "stage", at: world.clock.now(), stage });
  enter("steady");
  await pause(plan.steadyWindowMs, stop);
  const { lasting, passing } = await run.judgeStart(sight.status);
  const why = stop.aborted ? ["it was stopped before the fault"] : [...lasting, ...passing];
  if (why.length > 0) {
    await journal.append({ kind: "closed", at: world.clock.now() });
    await tellOver(course);
    return { kind: "refused", why, record: await file.end(world.clock.now()) };
  }
  enter("fault");
  const broken = await pullAll(course);
  const reason = broken ?? (await standFault(course));
  if (reason !== null) note({ kind: "abort", at: world.clock.now(), reason });
  enter("repair");
  const restored = await restoreAll(course);
  // A drill that broke off looks on all the same: whether all is back is what a person wants to know.
  if (!stop.aborted) await pause(plan.afterMs, stop);
  enter("over");
  await tellOver(course);
  return { kind: "ran", record: await file.end(world.clock.now()), restored };
}

/** Why the fault cannot stand; null: it does. */
async function pullAll({ run, world, journal, note, stop }: Course): Promise<string | null> {
  for (const [step, { lever, plan }] of run.levers.entries()) {
    if (stop.aborted) return "it was stopped";
    noteLever(note, lever, "applying", plan.steps.join("; "), world);
    const result = await trySafely(() =>
      pullLever(journal, { step, undo: plan.undo }, (undo) => lever.apply(undo), world.clock),
    );
    noteLever(note, lever, result.kind === "done" ? "applied" : "failed", result.detail, world);
    if (result.kind === "failed") return `a lever failed: ${result.detail}`;
  }
  return null;
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

/** Tries again where a lever cannot be let go of; what is left then stays in the journal. */
async function restoreAll({ run, world, journal, note }: Course): Promise<Restored> {
  const levers = run.levers.map(({ lever }) => lever);
  for (const { step } of journal.openSteps()) {
    const lever = levers[step];
    if (lever !== undefined) noteLever(note, lever, "restoring", "", world);
  }
  for (let attempt = 1; ; attempt += 1) {
    const restored = await letGoOfAll(journal, run.rollback, world.clock);
    const steps = restored.kind === "finished" || restored.kind === "stuck" ? restored.steps : [];
    for (const { step, result } of steps) {
      const lever = levers[step];
      if (lever !== undefined)
        noteLever(note, lever, result.kind === "done" ? "restored" : "failed", result.detail, world);
    }
    if (restored.kind !== "stuck" || attempt === RESTORES_MAX) return restored;
    await pause(RESTORE_PAUSE_MS, AbortSignal.timeout(RESTORE_PAUSE_MS * 2));
  }
}

async function tellOver({ run, world, note }: Course): Promise<void> {
  const told = await run.monitor.endDrill(run.id);
  if (told.kind === "answer") return;
  const text = `the monitor was not told that the drill is over (${told.detail}): \`monitor drill restore ${run.id}\` tells it`;
  note({ kind: "note", at: world.clock.now(), text });
}

async function trySafely(work: () => Promise<LeverResult>): Promise<LeverResult> {
  try {
    return await work();
  } catch (thrown) {
    return { kind: "failed", cause: "unavailable", detail: errorText(thrown), byHand: [] };
  }
}

function noteLever(
  note: (event: DrillEvent) => void,
  { wish }: Lever,
  action: Extract<DrillEvent, { readonly kind: "lever" }>["action"],
  detail: string,
  { clock }: LookingWorld,
): void {
  note({ kind: "lever", at: clock.now(), lever: wish.lever, target: regionOfWish(wish) ?? "dns", action, detail });
}
