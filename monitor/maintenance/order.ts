// What a monitor is told when somebody announces maintenance, and what it makes of it. A window lies ahead, has an end that is
// not far from its beginning, and is one of a bounded number; two may overlap.
import * as z from "zod/mini";
import type { MaintenanceWindow } from "../model/planned.ts";
import type { Problem } from "../problem.ts";
import { DAY_MS, formatDuration, type Instant, MINUTE_MS, parseIso, toIso } from "../time.ts";
import { list, mapping, text } from "../topology/form.ts";
import { REGIONS_MAX } from "../topology/schema.ts";
import type { Topology } from "../topology/topology.ts";
import { MAINTENANCE_AHEAD_MS, RECURRING_MINUTES_MAX, windowsBetween } from "./windows.ts";

/** A longer one is no maintenance any more. */
export const WINDOW_MS_MAX = 7 * DAY_MS;
/** Nobody knows the hour of what is farther away. */
const AHEAD_MS_MAX = 366 * DAY_MS;
/** Ordered windows that are not over. */
export const WINDOWS_MAX = 50;
/** Clocks differ: a beginning so little ago is now, and what begins now may be as much longer. */
const LATE_MS_MAX = MINUTE_MS;
export const TITLE_CHARACTERS_MAX = 120;
export const BY_CHARACTERS_MAX = 100;
export const WINDOW_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/;

const plain = (max: number) => (value: string) => value.trim() !== "" && value.length <= max && !/\p{Cc}/u.test(value);
const time = () => text((value) => parseIso(value) !== null, "an ISO 8601 time with zone");

/** The body of `POST /v1/maintenance`. */
export const MAINTENANCE_ORDER = mapping({
  id: text(WINDOW_ID, "an id of at most 80 letters, digits, dots, dashes and underscores"),
  title: text(plain(TITLE_CHARACTERS_MAX), `a line of at most ${TITLE_CHARACTERS_MAX} characters`),
  regions: z._default(list(text(plain(100), "a region's id"), [0, REGIONS_MAX], "region ids"), []),
  from: z.optional(time()),
  until: time(),
  by: z._default(z.nullable(text(plain(BY_CHARACTERS_MAX), `a line of at most ${BY_CHARACTERS_MAX} characters`)), null),
});
/** `regions` empty: all; `from` left out: now. */
export type MaintenanceOrder = z.infer<typeof MAINTENANCE_ORDER>;

export type MaintenanceAcceptance =
  | { readonly kind: "scheduled"; readonly window: MaintenanceWindow }
  /** The same order came before; nothing was changed. */
  | { readonly kind: "known"; readonly window: MaintenanceWindow }
  /** Another window has this id. */
  | { readonly kind: "taken"; readonly window: MaintenanceWindow }
  /** There are too many. */
  | { readonly kind: "full" }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

export type MaintenanceEnd =
  | { readonly kind: "unknown" }
  /** It was over before. */
  | { readonly kind: "over"; readonly window: MaintenanceWindow }
  /** It ends now. */
  | { readonly kind: "ended"; readonly window: MaintenanceWindow }
  /** It had not begun, and will not. */
  | { readonly kind: "cancelled"; readonly window: MaintenanceWindow };

/** `ordered` are the windows that are held. */
export function acceptMaintenance(
  topology: Topology,
  order: MaintenanceOrder,
  ordered: readonly MaintenanceWindow[],
  at: Instant,
): MaintenanceAcceptance {
  const ids = topology.regions.map((region) => region.id);
  const problems = orderProblems(ids, order, at);
  const same = knownWindow(topology, ordered, order.id, at);
  const window = windowOf(topology, order, at);
  if (same !== null && isSame(same, window, order)) return { kind: "known", window: same };
  if (problems.length > 0) return { kind: "refused", problems };
  if (same !== null && !isCalledOff(same)) return { kind: "taken", window: same };
  if (ordered.filter((one) => one.until > at && !isCalledOff(one)).length >= WINDOWS_MAX) return { kind: "full" };
  return { kind: "scheduled", window };
}

/** What it becomes: the monitor keeps that in place of what it was, and so also of what recurs by the topology. */
export function endMaintenance(
  topology: Topology,
  id: string,
  ordered: readonly MaintenanceWindow[],
  at: Instant,
): MaintenanceEnd {
  const window = knownWindow(topology, ordered, id, at);
  if (window === null) return { kind: "unknown" };
  if (window.until <= at) return { kind: "over", window };
  if (window.from > at) return { kind: "cancelled", window: { ...window, until: window.from } };
  return { kind: "ended", window: { ...window, until: at } };
}

/** Ordered windows that still decide something: an early end must be remembered as long as what it ended could come back. */
export function isRemembered({ from, until }: MaintenanceWindow, at: Instant): boolean {
  return Math.max(until, from + RECURRING_MINUTES_MAX * MINUTE_MS) > at;
}

function knownWindow(
  topology: Topology,
  ordered: readonly MaintenanceWindow[],
  id: string,
  at: Instant,
): MaintenanceWindow | null {
  const held = ordered.find((one) => one.id === id);
  if (held !== undefined) return held;
  return windowsBetween(topology, ordered, at, at + MAINTENANCE_AHEAD_MS).find((one) => one.id === id) ?? null;
}

function windowOf(topology: Topology, order: MaintenanceOrder, at: Instant): MaintenanceWindow {
  const { id, title, by } = order;
  const regions = topology.regions.map((region) => region.id).filter((one) => order.regions.includes(one));
  const from = order.from === undefined ? at : Math.max(at, parseIso(order.from) ?? at);
  return { id, title, regions, from, until: parseIso(order.until) ?? at, by, kind: "once" };
}

/** One that was ordered and never began gives its id free; one that recurs must stay called off. */
export function isCalledOff({ from, until, kind }: MaintenanceWindow): boolean {
  return kind === "once" && until <= from;
}

/** A repeated order without a beginning meant the first one's. */
function isSame(held: MaintenanceWindow, window: MaintenanceWindow, { from }: MaintenanceOrder): boolean {
  const begins = from === undefined ? held.from : (parseIso(from) ?? 0);
  const sameBeginning = Math.abs(begins - held.from) <= LATE_MS_MAX;
  return (
    held.kind === "once" &&
    sameBeginning &&
    held.until === window.until &&
    held.title === window.title &&
    held.regions.join(" ") === window.regions.join(" ")
  );
}

/** What is wrong with an order that has the right form; `ids` are those of the regions. */
export function orderProblems(ids: readonly string[], order: MaintenanceOrder, at: Instant): readonly Problem[] {
  const unknown = order.regions.flatMap((id, index) =>
    ids.includes(id)
      ? []
      : [{ path: `regions[${index}]`, message: `expected one of ${ids.join(", ")}, found "${id}"` }],
  );
  return [...unknown, ...timeProblems(order, at)];
}

function timeProblems(order: MaintenanceOrder, at: Instant): readonly Problem[] {
  const from = order.from === undefined ? at : (parseIso(order.from) ?? at);
  const until = parseIso(order.until) ?? at;
  const problems: Problem[] = [];
  if (order.from !== undefined && (from < at - LATE_MS_MAX || from > at + AHEAD_MS_MAX)) {
    const expected = `expected a time in the next ${formatDuration(AHEAD_MS_MAX)}, and it is ${toIso(at)}`;
    problems.push({ path: "from", message: `${expected}, found ${order.from}` });
  }
  // Where it begins now, its length was counted by the clock of whoever ordered it.
  const slackMs = order.from === undefined ? LATE_MS_MAX : 0;
  if (until <= Math.max(from, at) || until - from > WINDOW_MS_MAX + slackMs) {
    const begins = from > at ? `after its beginning` : `after now, ${toIso(at)}`;
    const expected = `expected a time ${begins}, at most ${formatDuration(WINDOW_MS_MAX)} after its beginning`;
    problems.push({ path: "until", message: `${expected}, found ${order.until}` });
  }
  return problems;
}
