// Who asks a monitor for quiet, and ends it: the list and the audit, each change with its entry in one transaction. The same for
// the Worker's coordinator and for a monitor in Node.
import type { Mute } from "../model/alert.ts";
import { acceptMute, endMute, type MuteAcceptance, type MuteEnd, type MuteOrder } from "../incident/mute-order.ts";
import { activeMutes } from "../incident/mutes.ts";
import { DAY_MS, type Instant, toIso } from "../time.ts";
import type { Topology } from "../topology/topology.ts";
import type { AuditShelf } from "./sql-audit.ts";
import { makeMuteShelf, type MuteShelf } from "./sql-mutes.ts";
import type { Sql } from "./sql-store.ts";

/** What is over stays in the list so long. */
const SHOWN_AFTER_MS = DAY_MS;

export class MuteDesk {
  readonly #sql: Sql;
  readonly #audit: AuditShelf;
  readonly #shelf: MuteShelf;
  /** As on the shelf: it is asked for on every round and every look at the status. */
  #mutes: readonly Mute[];

  constructor(sql: Sql, audit: AuditShelf) {
    this.#sql = sql;
    this.#audit = audit;
    this.#shelf = makeMuteShelf(sql);
    this.#mutes = this.#shelf.read();
  }

  /** Those in force. */
  standing(at: Instant): readonly Mute[] {
    return activeMutes(this.#mutes, at);
  }

  /** Those in force and of the last day; the one that ends last first. */
  read(at: Instant): readonly Mute[] {
    return this.#mutes.filter(({ until }) => until > at - SHOWN_AFTER_MS);
  }

  start(topology: Topology, order: MuteOrder, at: Instant): MuteAcceptance {
    const acceptance = acceptMute(topology, order, this.#mutes, at);
    if (acceptance.kind === "muted") this.#keep(acceptance.mute, "mute.start", at);
    return acceptance;
  }

  /** A second call changes nothing. */
  end(id: string, at: Instant): MuteEnd {
    const end = endMute(id, this.#mutes, at);
    if (end.kind === "ended") this.#keep(end.mute, "mute.end", at);
    return end;
  }

  #keep(mute: Mute, action: string, at: Instant): void {
    const { id, subjects, until, by, reason } = mute;
    const detail = `until ${toIso(until)}${by === null ? "" : ` by ${by}`}: ${reason}: ${subjects.join(", ")}`;
    this.#sql.transaction(() => {
      this.#shelf.keep(mute);
      this.#audit.note(action, id, detail, at);
    });
    this.#mutes = this.#shelf.read();
  }
}
