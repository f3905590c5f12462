// Whether a running drill must end early, judged from what has been seen so far: asked again and again while it runs.
import { formatDuration, type Instant } from "../time.ts";
import { formatShare } from "./bounds.ts";
import { between } from "./figures-places.ts";
import type { DrillEvent } from "./record.ts";
import type { DrillPlan } from "./script.ts";
import { eventsOf } from "./sights.ts";

/** Fewer requests than this in the window say nothing of a share. */
const REQUESTS_MIN = 10;

/** The reason, as a sentence; null: it goes on. `events` in the order of time. */
export function abortReason(plan: DrillPlan, events: readonly DrillEvent[], at: Instant): string | null {
  return bystanderReason(plan, events) ?? lostReason(plan, events, at) ?? silenceReason(plan, events, at);
}

function bystanderReason({ abort, faulted }: DrillPlan, events: readonly DrillEvent[]): string | null {
  if (!abort.bystanderUnhealthy) return null;
  const latest = new Map(
    eventsOf(events, "health")
      .filter(({ view, region }) => view === "users" && !faulted.includes(region))
      .map((event) => [event.region, event]),
  );
  const sick = [...latest.values()].find(({ health }) => health === "unhealthy");
  return sick === undefined ? null : `${sick.region}, which the drill leaves alone, became unhealthy`;
}

function lostReason({ abort }: DrillPlan, events: readonly DrillEvent[], at: Instant): string | null {
  if (abort.lostShareOver === null) return null;
  const { share, windowMs } = abort.lostShareOver;
  const tried = between(eventsOf(events, "request"), at - windowMs, at + 1).filter(({ via }) => via === "dns");
  const lost = tried.filter(({ served }) => served === null).length;
  if (tried.length < REQUESTS_MIN || lost / tried.length <= share) return null;
  const found = `${formatShare(lost / tried.length)} of requests were lost in ${formatDuration(windowMs)}`;
  return `${found}, more than ${formatShare(share)}`;
}

function silenceReason({ abort }: DrillPlan, events: readonly DrillEvent[], at: Instant): string | null {
  if (abort.monitorSilentMs === null) return null;
  const heard = eventsOf(events, "health").at(-1)?.at ?? events[0]?.at ?? at;
  if (at - heard <= abort.monitorSilentMs) return null;
  return `nothing was heard of the monitor for ${formatDuration(at - heard)}, more than ${formatDuration(abort.monitorSilentMs)}`;
}
