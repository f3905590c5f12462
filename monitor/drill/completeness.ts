// Whether a record can be judged at all, and whether everything is back: a drill that left something behind has failed,
// however fast the failover was.
import { toIso } from "../time.ts";
import type { DrillFigures } from "./figures.ts";
import type { Moments } from "./moments.ts";
import { type DrillRecord, EVENTS_MAX } from "./record.ts";
import type { Reason } from "./referee.ts";
import type { DrillPlan } from "./script.ts";
import type { Sights } from "./sights.ts";

export function completenessReasons(record: DrillRecord, sights: Sights, moments: Moments): readonly Reason[] {
  return [...mishapReasons(sights), ...standingReasons(sights), ...gapsOfRecord(record, sights, moments)];
}

/** What has gone wrong and is true whatever follows. */
export function mishapReasons({ aborts, levers }: Sights): readonly Reason[] {
  const failed = levers.filter(({ action }) => action === "failed");
  return [
    ...aborts.map(({ at, reason }): Reason => ({ weight: "aborts", text: `aborted at ${toIso(at)}: ${reason}` })),
    ...failed.map(({ lever, target, detail }): Reason => ({
      weight: "fails",
      text: `the lever ${lever} of ${target} failed: ${detail}`,
    })),
  ];
}

function standingReasons({ levers }: Sights): readonly Reason[] {
  const last = new Map(levers.map((event) => [`${event.lever} ${event.target}`, event]));
  const standing = [...last.values()].filter(({ action }) => action !== "restored" && action !== "failed");
  return standing.map(({ lever, target }): Reason => ({
    weight: "fails",
    text: `the lever ${lever} of ${target} still stands: undo it with \`monitor drill restore\``,
  }));
}

function gapsOfRecord(
  { events, endedAt, plan }: DrillRecord,
  sights: Sights,
  { fault, repair }: Moments,
): readonly Reason[] {
  const open = (holds: boolean, text: string): readonly Reason[] => (holds ? [{ weight: "leaves open", text }] : []);
  // Without a fault nothing was before it.
  const before = fault?.earliest ?? -Infinity;
  const tried = sights.requests.filter(({ via }) => via === "dns");
  const lost = sights.requests.filter(({ at, served }) => at < before && served === null).length;
  const sick = sights.health.some(({ at, view, health }) => at < before && view === "users" && health !== "healthy");
  const silent = silentPlaces(plan.vantages, sights);
  return [
    ...open(endedAt === null, "the record breaks off"),
    ...open(events.length >= EVENTS_MAX, `the record is full after ${EVENTS_MAX} events`),
    ...open(fault === null, "no lever acted"),
    ...open(fault !== null && repair === null, "nothing was repaired while somebody looked"),
    ...open(
      fault !== null && !sights.answers.some(({ at, answer }) => at < before && answer.length > 0),
      "DNS gave no answer before the fault, so nobody knows where users were led",
    ),
    ...open(tried.length === 0, "no request was tried by the global name"),
    ...open(lost > 0, `requests were lost before the fault (${lost}): the state was not steady`),
    ...open(sick, "a region was not healthy before the fault: the state was not steady"),
    ...open(silent.length > 0, `nothing was seen from ${silent.join(", ")}`),
  ];
}

function silentPlaces(vantages: readonly string[], { answers, requests, opinions }: Sights): readonly string[] {
  const heard = new Set([...answers, ...requests, ...opinions].map(({ vantage }) => vantage));
  return vantages.filter((vantage) => !heard.has(vantage));
}

/** At the end users must be served everywhere, and answers lead where they led before. */
export function endReasons(
  plan: DrillPlan,
  figures: DrillFigures,
  { repair, end, isCutShort }: Moments,
): readonly Reason[] {
  if (repair === null) return [];
  const { stillLost } = figures.traffic;
  const away = figures.failback.places.filter(({ span }) => span === null).map(({ vantage }) => vantage);
  const lost: Reason = { weight: "fails", text: `users in ${stillLost.join(", ")} were still lost at the end` };
  const led: Reason = {
    weight: "fails",
    text: `answers in ${away.join(", ")} did not lead back to ${plan.faulted.join(", ")} after the repair`,
  };
  const reasons = [...(stillLost.length > 0 ? [lost] : []), ...(away.length > 0 ? [led] : [])];
  if (reasons.length === 0 || !isCutShort || end - repair.latest >= plan.afterMs) return reasons;
  return [{ weight: "leaves open", text: "it ended too soon after the repair to see users served and answers back" }];
}
