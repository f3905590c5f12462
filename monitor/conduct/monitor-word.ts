// What the monitor is told of a drill: that it begins, which keeps all others out and marks what it causes, and that it is over.
import { type Instant, toIso } from "../time.ts";
import type { Conducting, Course, DrillRun } from "./drill-run.ts";
import type { Asked } from "./monitor-client.ts";

/** HTTP's codes from here on say that nobody knows what became of the request. */
const SERVER_ERRORS = 500;

export type Begun =
  /** The monitor knows of the drill, and no other runs. */
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly why: string }
  /** It may have heard, and could not be told that the drill does not begin. */
  | { readonly kind: "unknown"; readonly why: string };

export async function tellBegun(
  { id, plan, monitor, probeEverySeconds }: DrillRun,
  { world: { clock }, tell }: Conducting,
  expiresAt: Instant,
): Promise<Begun> {
  const told = await monitor.startDrill({
    id,
    title: plan.title,
    regions: [...plan.faulted],
    causes: [...plan.expect.notices],
    expiresAt: toIso(expiresAt),
    ...(probeEverySeconds === null ? {} : { probeEverySeconds }),
  });
  if (told.kind !== "answer") {
    const why = `the monitor does not take the drill: ${told.detail}`;
    // What was not answered may have been heard: a lock that nobody holds would keep all others out.
    const isClear = isOwnWord(told) || isOwnWord(await monitor.endDrill(id));
    if (isClear) return { kind: "refused", why };
    return {
      kind: "unknown",
      why: `${why}; it may count it as running: \`monitor drill restore\` tells it that it does not`,
    };
  }
  const pace = `the monitor looks every ${probeEverySeconds ?? "?"} s while it runs`;
  if (told.value !== null) tell({ kind: "note", at: clock.now(), text: `${pace}: ${told.value}` });
  return { kind: "taken" };
}

/** The monitor's own: a gateway before it says 5xx as well when it heard and was too slow. */
function isOwnWord(told: Asked<unknown>): boolean {
  return told.kind === "answer" || (told.kind === "refused" && told.status < SERVER_ERRORS);
}

export async function tellOver({ run, world, note }: Course): Promise<void> {
  const told = await run.monitor.endDrill(run.id);
  if (told.kind === "answer") return;
  const text = `the monitor was not told that the drill is over (${told.detail}): \`monitor drill restore ${run.id}\` tells it`;
  note({ kind: "note", at: world.clock.now(), text });
}
