// What the monitor is told of a drill: that it begins, which keeps all others out and marks what it causes, and that it is over.
import { type Instant, toIso } from "../time.ts";
import type { Conducting, Course, DrillRun } from "./drill-run.ts";

/** Null: the monitor knows of the drill, and no other runs. */
export async function tellBegun(
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

export async function tellOver({ run, world, note }: Course): Promise<void> {
  const told = await run.monitor.endDrill(run.id);
  if (told.kind === "answer") return;
  const text = `the monitor was not told that the drill is over (${told.detail}): \`monitor drill restore ${run.id}\` tells it`;
  note({ kind: "note", at: world.clock.now(), text });
}
