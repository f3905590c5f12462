// Whether a record can be judged at all, and whether everything is back: a drill that left something behind has failed,
// however fast the failover was.
import { toIso } from "../time.ts";
import type { DrillFigures } from "./figures.ts";
import { eventsOf, type Moments } from "./moments.ts";
import { type DrillRecord, EVENTS_MAX } from "./record.ts";
import type { Reason } from "./referee.ts";

export function completenessReasons(record: DrillRecord, moments: Moments): readonly Reason[] {
  return [
    ...eventsOf(record.events, "abort").map(({ at, reason }): Reason => ({
      weight: "aborts",
      text: `aborted at ${toIso(at)}: ${reason}`,
    })),
    ...leverReasons(record),
    ...gapsOfRecord(record, moments),
  ];
}

function leverReasons({ events }: DrillRecord): readonly Reason[] {
  const levers = eventsOf(events, "lever");
  const last = new Map(levers.map((event) => [`${event.lever} ${event.target}`, event]));
  const failed = levers.filter(({ action }) => action === "failed");
  const standing = [...last.values()].filter(({ action }) => action !== "restored" && action !== "failed");
  return [
    ...failed.map(({ lever, target, detail }): Reason => ({
      weight: "fails",
      text: `the lever ${lever} of ${target} failed: ${detail}`,
    })),
    ...standing.map(({ lever, target }): Reason => ({
      weight: "fails",
      text: `the lever ${lever} of ${target} still stands: undo it with \`monitor drill restore\``,
    })),
  ];
}

function gapsOfRecord({ events, endedAt, plan }: DrillRecord, { fault, repair }: Moments): readonly Reason[] {
  const open = (holds: boolean, text: string): readonly Reason[] => (holds ? [{ weight: "leaves open", text }] : []);
  const before = fault?.earliest ?? Infinity;
  const asked = events.some((event) => event.kind === "dns" && event.at < before && event.answer.length > 0);
  const tried = events.some((event) => event.kind === "request" && event.via === "dns");
  const lost = events.filter((event) => event.kind === "request" && event.at < before && event.served === null);
  const sick = events.filter(
    (event) => event.kind === "health" && event.at < before && event.view === "users" && event.health !== "healthy",
  );
  const missed = silentPlaces(plan.vantages, events);
  return [
    ...open(endedAt === null, "the record breaks off"),
    ...open(events.length >= EVENTS_MAX, `the record is full after ${EVENTS_MAX} events`),
    ...open(fault === null, "no lever acted"),
    ...open(fault !== null && repair === null, "nothing was repaired while somebody looked"),
    ...open(!asked, "DNS gave no answer before the fault, so nobody knows where users were led"),
    ...open(!tried, "no request was tried by the global name"),
    ...open(lost.length > 0, `requests were lost before the fault (${lost.length}): the state was not steady`),
    ...open(sick.length > 0, "a region was not healthy before the fault: the state was not steady"),
    ...open(missed.length > 0, `nothing was seen from ${missed.join(", ")}`),
  ];
}

function silentPlaces(vantages: readonly string[], events: DrillRecord["events"]): readonly string[] {
  const heard = new Set(events.flatMap((event) => ("vantage" in event ? [event.vantage] : [])));
  return vantages.filter((vantage) => !heard.has(vantage));
}

/** At the end users must be served everywhere, and answers lead where they led before. */
export function endReasons({ plan }: DrillRecord, figures: DrillFigures, { repair }: Moments): readonly Reason[] {
  if (repair === null) return [];
  const { stillLost } = figures.traffic;
  const away = figures.failback.places.filter(({ span }) => span === null).map(({ vantage }) => vantage);
  const lost: Reason = { weight: "fails", text: `users in ${stillLost.join(", ")} were still lost at the end` };
  const led: Reason = {
    weight: "fails",
    text: `answers in ${away.join(", ")} did not lead back to ${plan.faulted.join(", ")} after the repair`,
  };
  return [...(stillLost.length > 0 ? [lost] : []), ...(away.length > 0 ? [led] : [])];
}
