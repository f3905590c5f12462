// Who announces maintenance at a monitor, and ends it: the list and the audit, each change with its entry in one transaction. The
// same for the Worker's coordinator and for a monitor in Node; only the storage beneath differs.
import {
  acceptMaintenance,
  endMaintenance,
  isRemembered,
  type MaintenanceAcceptance,
  type MaintenanceEnd,
  type MaintenanceOrder,
} from "../maintenance/order.ts";
import { MAINTENANCE_AHEAD_MS, windowsBetween } from "../maintenance/windows.ts";
import type { MaintenanceWindow } from "../model/planned.ts";
import { DAY_MS, type Instant, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { AuditShelf } from "./sql-audit.ts";
import { makeMaintenanceShelf, type MaintenanceShelf } from "./sql-maintenance.ts";
import type { Sql } from "./sql-store.ts";

/** What is over stays in the list so long. */
const SHOWN_AFTER_MS = DAY_MS;

export class MaintenanceDesk {
  readonly #sql: Sql;
  readonly #audit: AuditShelf;
  readonly #shelf: MaintenanceShelf;
  /** As on the shelf: it is asked for on every round and every look at the status. */
  #windows: readonly MaintenanceWindow[];

  constructor(sql: Sql, audit: AuditShelf) {
    this.#sql = sql;
    this.#audit = audit;
    this.#shelf = makeMaintenanceShelf(sql);
    this.#windows = this.#shelf.read();
  }

  /** What a state carries through a round: ordered windows that may decide something at `at` or later. */
  standing(at: Instant): readonly MaintenanceWindow[] {
    return this.#windows.filter((window) => isRemembered(window, at));
  }

  /** Those of the last day and of the days ahead, what recurs included, and all that were ordered for later; the earliest first. */
  read(topology: Topology, at: Instant): readonly MaintenanceWindow[] {
    const near = windowsBetween(topology, this.#windows, at - SHOWN_AFTER_MS, at + MAINTENANCE_AHEAD_MS);
    const later = this.#windows.filter(({ from, until }) => from >= at + MAINTENANCE_AHEAD_MS && until > from);
    return [...near, ...later.toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1))];
  }

  schedule(topology: Topology, order: MaintenanceOrder, at: Instant): MaintenanceAcceptance {
    const acceptance = acceptMaintenance(topology, order, this.#windows, at);
    if (acceptance.kind === "scheduled") this.#keep(acceptance.window, "maintenance.schedule", at);
    return acceptance;
  }

  /** A second call changes nothing. */
  end(topology: Topology, id: string, at: Instant): MaintenanceEnd {
    const end = endMaintenance(topology, id, this.#windows, at);
    const held = this.#windows.find((one) => one.id === id);
    if ((end.kind === "ended" || end.kind === "cancelled") && held?.until !== end.window.until)
      this.#keep(end.window, end.kind === "ended" ? "maintenance.end" : "maintenance.cancel", at);
    return end;
  }

  #keep(window: MaintenanceWindow, action: string, at: Instant): void {
    const { id, title, regions, from, until, by } = window;
    const where = regions.length === 0 ? "all regions" : regions.join(", ");
    const detail = `${toIso(from)} to ${toIso(until)}${by === null ? "" : ` by ${by}`}: ${title}: ${where}`;
    this.#sql.transaction(() => {
      this.#shelf.keep(window);
      this.#audit.note(action, id, detail, at);
    });
    this.#windows = this.#shelf.read();
  }
}
