// Which maintenance windows there are: those that were ordered of the monitor, and those that recur by the topology. Everything
// that asks whether a region is under maintenance asks here, so that judge, reports, router and drills never disagree.
import type { MaintenanceWindow } from "../model/planned.ts";
import { DAY_MS, type Instant, MINUTE_MS, toIso } from "../time.ts";
import { type RecurringMaintenance, type Topology, WEEKDAYS } from "../topology/topology.ts";
import { type OffsetAt, offsetsOf, wallInstant } from "./wall-clock.ts";

/** What is shown ahead of now. */
export const MAINTENANCE_AHEAD_MS = 7 * DAY_MS;
/** A longer one is another way to live. */
export const RECURRING_MINUTES_MAX = 24 * 60;
/** 1970-01-01 was a Thursday. */
const EPOCH_WEEKDAY = WEEKDAYS.indexOf("thu");

/**
 * All that overlap `from` to `to`, the earliest first, then by id. One that was ordered stands in place of the recurring one of
 * its id: so that one is cut short.
 */
export function windowsBetween(
  topology: Topology,
  ordered: readonly MaintenanceWindow[],
  from: Instant,
  to: Instant,
): readonly MaintenanceWindow[] {
  const known = new Set(ordered.map(({ id }) => id));
  const rules = topology.maintenance ?? [];
  const zones = new Map([...new Set(rules.map(({ timeZone }) => timeZone))].map((zone) => [zone, offsetsOf(zone)]));
  const recurring = rules
    .flatMap((rule) => occurrencesOf(rule, from, to, zones.get(rule.timeZone)))
    .filter(({ id }) => !known.has(id));
  return [...ordered, ...recurring]
    .filter((window) => window.from < to && window.until > from && window.until > window.from)
    .toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
}

/** Those in force at `at`. */
export function activeWindows(
  topology: Topology,
  ordered: readonly MaintenanceWindow[],
  at: Instant,
): readonly MaintenanceWindow[] {
  return windowsBetween(topology, ordered, at, at + 1);
}

/** By region id, the window that holds longest; a region without one is absent. In the topology's order. A map, because any word may be an id. */
export function regionsUnder(
  topology: Topology,
  active: readonly MaintenanceWindow[],
): ReadonlyMap<string, MaintenanceWindow> {
  const lasting = active.toSorted((a, b) => b.until - a.until || (a.id < b.id ? -1 : 1));
  const found = topology.regions.flatMap(({ id }) => {
    const window = lasting.find((one) => isUnder(one, id));
    return window === undefined ? [] : [[id, window] as const];
  });
  return new Map(found);
}

export function isUnder({ regions }: Pick<MaintenanceWindow, "regions">, region: string): boolean {
  return regions.length === 0 || regions.includes(region);
}

/** What an incident's `causedBy` and a verdict's `excusedBy` say; no drill's id has a colon. */
export function causeOf({ id }: MaintenanceWindow): string {
  return `maintenance:${id}`;
}

/** Those that overlap `from` to `to`; the span is a few days at most. */
export function occurrencesOf(
  rule: RecurringMaintenance,
  from: Instant,
  to: Instant,
  offsetAt: OffsetAt = offsetsOf(rule.timeZone),
): readonly MaintenanceWindow[] {
  const [hours = 0, minutes = 0] = rule.start.split(":").map(Number);
  const lengthMs = rule.durationMinutes * MINUTE_MS;
  // Two days to each side: a wall may be half a day from UTC, and a window a day long.
  const first = Math.floor(from / DAY_MS) - 2;
  const last = Math.floor(to / DAY_MS) + 1;
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
    .filter((day) => rule.weekdays.includes(weekdayOf(day)))
    .map((day) => {
      const start = wallInstant(day, hours * 60 + minutes, offsetAt);
      return recurringWindow(rule, start, start + lengthMs);
    })
    .filter((window) => window.from < to && window.until > from);
}

function recurringWindow({ name, regions }: RecurringMaintenance, from: Instant, until: Instant): MaintenanceWindow {
  const id = `${name}.${toIso(from).slice(0, 16).replaceAll(/[-:]/g, "")}Z`;
  return { id, title: name, regions: regions ?? [], from, until, by: null, kind: "recurring" };
}

function weekdayOf(day: number): (typeof WEEKDAYS)[number] {
  return WEEKDAYS[(((day + EPOCH_WEEKDAY) % 7) + 7) % 7] ?? "mon";
}
