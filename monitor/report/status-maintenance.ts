// The maintenance part of `/status`: what is in force, and what is announced for the days ahead. Who ordered it is not public.
import { isUnder, MAINTENANCE_AHEAD_MS, windowsBetween } from "../maintenance/windows.ts";
import type { MonitorState } from "../model/state.ts";
import { type Instant, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { StatusReport } from "./status-schema.ts";

/** More are counted by nobody. */
const SHOWN_MAX = 100;

export function maintenanceRows(
  topology: Topology,
  { maintenance = [] }: Pick<MonitorState, "maintenance">,
  at: Instant,
): StatusReport["maintenance"] {
  const ids = topology.regions.map(({ id }) => id);
  return windowsBetween(topology, maintenance, at, at + MAINTENANCE_AHEAD_MS)
    .slice(0, SHOWN_MAX)
    .map((window) => ({
      id: window.id,
      title: window.title,
      state: window.from <= at ? "active" : "upcoming",
      regions: ids.filter((id) => isUnder(window, id)),
      from: toIso(window.from),
      until: toIso(window.until),
      recurring: window.kind === "recurring",
    }));
}
