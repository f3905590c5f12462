// Who begins and ends drills at a monitor: the lock, the list and the audit, each change with its entry in one transaction.
// The same for the Worker's coordinator and for a monitor in Node; only the storage beneath differs.
import type { DrillNotice, MaintenanceWindow } from "../model/planned.ts";
import {
  acceptDrill,
  type DrillAcceptance,
  drillInForce,
  type DrillOrder,
  topologyDuring,
} from "../run/drill-order.ts";
import { type Instant, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { AuditShelf } from "./sql-audit.ts";
import { makeDrillShelf, type DrillShelf } from "./sql-drills.ts";
import type { Sql } from "./sql-store.ts";

export class DrillDesk {
  readonly #sql: Sql;
  readonly #audit: AuditShelf;
  readonly #shelf: DrillShelf;
  /** As on the shelf: it is asked for on every round and every look at the status. */
  #drills: readonly DrillNotice[];

  constructor(sql: Sql, audit: AuditShelf) {
    this.#sql = sql;
    this.#audit = audit;
    this.#shelf = makeDrillShelf(sql);
    this.#drills = this.#shelf.read();
  }

  /** The latest first. */
  read(): readonly DrillNotice[] {
    return this.#drills;
  }

  /** Null: nothing is excused, quickened or locked at `at`. */
  inForce(at: Instant): DrillNotice | null {
    return drillInForce(this.#drills[0] ?? null, at);
  }

  /** The topology with the pace of a drill that runs. */
  topologyAt(topology: Topology, at: Instant): Topology {
    return topologyDuring(topology, this.inForce(at), at);
  }

  /** `maintenance` are the ordered windows. */
  start(
    topology: Topology,
    order: DrillOrder,
    maintenance: readonly MaintenanceWindow[],
    at: Instant,
  ): DrillAcceptance {
    const acceptance = acceptDrill(topology, order, this.#drills[0] ?? null, maintenance, at);
    if (acceptance.kind !== "started") return acceptance;
    const { drill } = acceptance;
    this.#change(drill, "drill.start", `until ${toIso(drill.expiresAt)} at the latest: ${drill.title}`, at);
    return acceptance;
  }

  /** Null: there is no such drill. One that is over stays as it is. */
  end(id: string, at: Instant): DrillNotice | null {
    const drill = this.#drills.find((one) => one.id === id) ?? null;
    if (drill === null || drill.endedAt !== null) return drill;
    const over = { ...drill, endedAt: Math.max(at, drill.startedAt) };
    this.#change(over, "drill.end", over.endedAt > drill.expiresAt ? "after its expiry" : "in time", at);
    return over;
  }

  #change(drill: DrillNotice, action: string, detail: string, at: Instant): void {
    this.#sql.transaction(() => {
      this.#shelf.keep(drill);
      this.#audit.note(action, drill.id, detail, at);
    });
    this.#drills = this.#shelf.read();
  }
}
