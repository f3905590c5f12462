// All levers of a drill, pulled in the order of the plan and let go of in reverse, each written down as it comes.
import type { DrillEvent } from "../drill/record.ts";
import { regionOfWish } from "../drill/lever-wish.ts";
import type { Lever, LeverResult } from "../lever/lever.ts";
import { pullLever } from "../lever/pull.ts";
import { letGoOfSteps, type RestoredStep } from "../lever/restore.ts";
import { errorText } from "../local/listening.ts";
import type { LookingWorld } from "../run/world.ts";
import type { Course } from "./drill-run.ts";
import { pause } from "./every.ts";
import { stopWords } from "./stop-words.ts";

/** The levers are tried again so many times before a person is asked. */
const RESTORES_MAX = 3;
const RESTORE_PAUSE_MS = 2000;

/** Why the fault cannot stand; null: it does. */
export async function pullAll({ run, world, journal, note, stop }: Course): Promise<string | null> {
  for (const [step, { lever, plan }] of run.levers.entries()) {
    if (stop.aborted) return stopWords(stop);
    noteLever(note, lever, "applying", plan.steps.join("; "), world);
    const result = await trySafely(() =>
      pullLever(journal, { step, undo: plan.undo }, (undo) => lever.apply(undo), world.clock),
    );
    noteLever(note, lever, result.kind === "done" ? "applied" : "failed", result.detail, world);
    if (result.kind === "failed") return `a lever failed: ${result.detail}`;
  }
  return null;
}

/** Tries again where a lever cannot be let go of; what is left then stays in the journal. What the last try did. */
export async function restoreAll({ run, world, journal, note }: Course): Promise<readonly RestoredStep[]> {
  const levers = run.levers.map(({ lever }) => lever);
  for (const { step } of journal.openSteps()) {
    const lever = levers[step];
    if (lever !== undefined) noteLever(note, lever, "restoring", "", world);
  }
  for (let attempt = 1; ; attempt += 1) {
    const steps = await letGoOfSteps(journal, run.rollback, world.clock);
    for (const { step, result } of steps) {
      const lever = levers[step];
      if (lever !== undefined)
        noteLever(note, lever, result.kind === "done" ? "restored" : "failed", result.detail, world);
    }
    if (journal.openSteps().length === 0 || attempt === RESTORES_MAX) return steps;
    await pause(RESTORE_PAUSE_MS, AbortSignal.timeout(RESTORE_PAUSE_MS * 2));
  }
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
