// Whether a drill may begin: a world that has just started, or just recovered, is waited for, and nothing else is.
import { formatDuration } from "../time.ts";
import type { Conducting, DrillRun } from "./drill-run.ts";
import { pause } from "./every.ts";

/** A world that has just begun, or just recovered, is waited for. */
export const PATIENCE_MS = 60_000;

/** What still speaks against it when patience is over; none: the steady state can be watched. */
export async function awaitSteadiness(
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
