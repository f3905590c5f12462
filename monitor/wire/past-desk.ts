// The incidents of the last weeks: written down when they are over, told for as long as anybody may ask. The same for the Worker's
// coordinator and for a monitor in Node.
import { pastIncidents } from "../incident/past.ts";
import type { Incident } from "../model/verdict.ts";
import type { Instant } from "../time.ts";
import { makePastShelf, type PastShelf } from "./sql-past.ts";
import type { Sql } from "./sql-store.ts";

export class PastDesk {
  readonly #sql: Sql;
  readonly #shelf: PastShelf;
  /** As on the shelf: feeds are asked for often, and rows that are read are billed. */
  #past: readonly Incident[];

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#shelf = makePastShelf(sql);
    this.#past = this.#shelf.read();
  }

  /** After a round: `closed` are those that its state remembers, so what a kill kept from the shelf comes with a later round. */
  file(closed: readonly Incident[]): void {
    const known = new Set(this.#past.map(({ id }) => id));
    const oldest = this.#past.at(-1)?.closedAt ?? 0;
    const fresh = closed.filter(({ id, closedAt }) => !known.has(id) && (closedAt ?? 0) >= oldest);
    if (fresh.length === 0) return;
    this.#sql.transaction(() => this.#shelf.keep(fresh));
    this.#past = this.#shelf.read();
  }

  /** The one that closed last first. */
  read(at: Instant): readonly Incident[] {
    return pastIncidents(this.#past, at);
  }
}
