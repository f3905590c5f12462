// What bearers of the token read and change at a monitor: drills, maintenance, alerts, mutes, and the audit of it all.
import type { Mute } from "../model/alert.ts";
import type { MuteAcceptance, MuteEnd, MuteOrder } from "../incident/mute-order.ts";
import type { MaintenanceAcceptance, MaintenanceEnd, MaintenanceOrder } from "../maintenance/order.ts";
import type { DrillNotice, MaintenanceWindow } from "../model/planned.ts";
import { type DrillOrder, quickCost, type StartedDrill } from "../run/drill-order.ts";
import { toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { OutboxReport } from "./alert-desk.ts";
import type { KeeperDesks } from "./keeper-desks.ts";
import type { AuditEntry } from "./sql-audit.ts";

export class KeeperWrites {
  readonly #desks: KeeperDesks;

  constructor(desks: KeeperDesks) {
    this.#desks = desks;
  }

  /** The latest first. */
  readAudit(): readonly AuditEntry[] {
    return this.#desks.audit.read();
  }

  /** The latest first. */
  readDrills(): readonly DrillNotice[] {
    return this.#desks.drills.read();
  }

  startDrill(topology: Topology, order: DrillOrder): StartedDrill {
    const at = this.#desks.clock.now();
    const acceptance = this.#desks.drills.start(topology, order, this.#desks.maintenance.standing(at), at);
    if (acceptance.kind !== "started") return { acceptance, cost: null };
    this.#desks.log.note(`drill started: ${acceptance.drill.id}: ${acceptance.drill.title}`);
    return { acceptance, cost: quickCost(topology, acceptance.drill) };
  }

  /** Null: there is no such drill. */
  endDrill(id: string): DrillNotice | null {
    const drill = this.#desks.drills.end(id, this.#desks.clock.now());
    if (drill !== null) this.#desks.log.note(`drill over: ${drill.id}`);
    return drill;
  }

  /** Of the last day and ahead, what recurs by the topology included; the earliest first. */
  readMaintenance(topology: Topology): readonly MaintenanceWindow[] {
    return this.#desks.maintenance.read(topology, this.#desks.clock.now());
  }

  scheduleMaintenance(topology: Topology, order: MaintenanceOrder): MaintenanceAcceptance {
    const acceptance = this.#desks.maintenance.schedule(topology, order, this.#desks.clock.now());
    if (acceptance.kind === "scheduled") this.#desks.log.note(`maintenance announced: ${spanWords(acceptance.window)}`);
    return acceptance;
  }

  /** A second call changes nothing. */
  endMaintenance(topology: Topology, id: string): MaintenanceEnd {
    const end = this.#desks.maintenance.end(topology, id, this.#desks.clock.now());
    if (end.kind === "ended" || end.kind === "cancelled")
      this.#desks.log.note(`maintenance ${end.kind}: ${spanWords(end.window)}`);
    return end;
  }

  /** In force and of the last day, the one that ends last first. */
  readMutes(): readonly Mute[] {
    return this.#desks.mutes.read(this.#desks.clock.now());
  }

  startMute(topology: Topology, order: MuteOrder): MuteAcceptance {
    const acceptance = this.#desks.mutes.start(topology, order, this.#desks.clock.now());
    if (acceptance.kind === "muted") this.#desks.log.note(`muted: ${muteWords(acceptance.mute)}`);
    return acceptance;
  }

  /** A second call changes nothing. */
  endMute(id: string): MuteEnd {
    const end = this.#desks.mutes.end(id, this.#desks.clock.now());
    if (end.kind === "ended") this.#desks.log.note(`mute ended: ${muteWords(end.mute)}`);
    return end;
  }

  readAlerts(topology: Topology): OutboxReport {
    return this.#desks.alerts.read(topology);
  }

  /** False: there is no such channel that is told of incidents. */
  testAlert(topology: Topology, channel: string): boolean {
    return this.#desks.alerts.test(topology, channel, this.#desks.clock.now());
  }

  /** Gives how many dead letters wait again. */
  retryAlerts(topology: Topology): number {
    return this.#desks.alerts.retry(topology, this.#desks.clock.now());
  }
}

function spanWords({ id, title, from, until }: MaintenanceWindow): string {
  return `${id} from ${toIso(from)} until ${toIso(until)}: ${title}`;
}

function muteWords({ id, subjects, until, reason }: Mute): string {
  return `${id} until ${toIso(until)}: ${subjects.join(", ")}: ${reason}`;
}
