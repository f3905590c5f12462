// When the fault took hold and when it was mended, as the levers told: every figure counts from there.
import type { Instant } from "../time.ts";
import type { DrillEvent, DrillEventOf, DrillRecord } from "./record.ts";
import type { Sights } from "./sights.ts";
import type { Mark } from "./span.ts";

export interface Moments {
  /** Null: no lever has acted. */
  readonly fault: Mark | null;
  /** Null: the levers still stand. */
  readonly repair: Mark | null;
  /** The repair's beginning, or the end of the record: the fault stood before it. */
  readonly faultUntil: Instant;
  /** Everything in the record is before it. */
  readonly end: Instant;
  /** Nobody looked after it: the end, or the last look of a record that breaks off, whatever a restore added to it later. */
  readonly lookedUntil: Instant;
  /** It was aborted, or its record breaks off: what had not happened by then might have. */
  readonly isCutShort: boolean;
}

const LOOKS: ReadonlySet<DrillEvent["kind"]> = new Set<DrillEvent["kind"]>(["health", "opinion", "dns", "request"]);

export function momentsOf({ events, startedAt, endedAt }: DrillRecord, { levers, aborts }: Sights): Moments {
  const end = Math.max(startedAt, endedAt ?? startedAt, events.at(-1)?.at ?? startedAt) + 1;
  // Where DNS is broken beforehand, users are hurt only when the region is.
  const regional = levers.filter(({ target }) => target !== "dns");
  const decisive = regional.some(({ action }) => action === "applied") ? regional : levers;
  const repair = markOf(decisive, "restoring", "restored");
  const isCutShort = aborts.length > 0 || endedAt === null;
  const fault = markOf(decisive, "applying", "applied");
  const lastLook = events.findLast(({ kind }) => LOOKS.has(kind))?.at ?? startedAt;
  const lookedUntil = endedAt === null ? lastLook : end;
  return { fault, repair, faultUntil: repair?.earliest ?? end, end, lookedUntil, isCutShort };
}

/** From the first call to the last answer; a call whose answer never came counts as an answer at once. */
function markOf(
  levers: readonly DrillEventOf<"lever">[],
  call: "applying" | "restoring",
  answer: "applied" | "restored",
): Mark | null {
  const calls = levers.filter(({ action }) => action === call || action === answer);
  const [first] = calls;
  const last = calls.findLast(({ action }) => action === answer);
  return first === undefined || last === undefined ? null : { earliest: first.at, latest: last.at };
}
