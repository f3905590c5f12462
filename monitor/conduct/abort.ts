// When a drill must end early: by its script's own conditions, judged on what has been seen so far. Each has its sentence.
import type { DrillEventOf } from "../drill/record.ts";
import type { DrillPlan } from "../drill/script.ts";
import { formatDuration, type Instant } from "../time.ts";
import type { Sight } from "./observers.ts";

/** A share of fewer requests says nothing. */
const REQUESTS_MIN = 10;

/** Null: it may go on. `requests` are those since `beganAt`, when the fault began. */
export function abortReason(
  { abort, faulted }: DrillPlan,
  sight: Sight,
  { requests, beganAt }: FaultSoFar,
  at: Instant,
): string | null {
  if (abort.monitorSilentMs !== null && at - sight.heardAt > abort.monitorSilentMs) {
    const why = sight.silence === null ? "it makes no rounds" : sight.silence;
    return `nothing new of the monitor for ${formatDuration(at - sight.heardAt)}: ${why}`;
  }
  const bystander = sight.status?.regions.find(
    ({ id, userHealth }) => !faulted.includes(id) && userHealth === "unhealthy",
  );
  if (abort.bystanderUnhealthy && bystander !== undefined)
    return `${bystander.id}, which the drill leaves alone, does not serve users`;
  return abort.lostShareOver === null ? null : lostTooMany(abort.lostShareOver, { requests, beganAt }, at);
}

export interface FaultSoFar {
  readonly requests: readonly DrillEventOf<"request">[];
  readonly beganAt: Instant;
}

function lostTooMany(
  { share, windowMs }: NonNullable<DrillPlan["abort"]["lostShareOver"]>,
  { requests, beganAt }: FaultSoFar,
  at: Instant,
): string | null {
  const recent = requests.filter((event) => event.via === "dns" && event.at > at - windowMs);
  if (recent.length < REQUESTS_MIN || at - beganAt < windowMs) return null;
  const lost = recent.filter((event) => event.served === null).length;
  if (lost / recent.length <= share) return null;
  const percent = Math.floor((100 * lost) / recent.length);
  return `${percent} % of the requests of ${formatDuration(windowMs)} were lost, at most ${Math.round(100 * share)} % are allowed`;
}
