// Where rounds are made, the meters' keeper: they are a row of their own on the same SQLite, because together with the state
// they would outgrow the value that one round hands to the next. The same for the Worker and for Node.
import { meterRound, type MeteredRound } from "../run/meter-round.ts";
import { type Meters, NO_METERS, parseMeters } from "../report/meters.ts";
import type { Topology } from "../topology/topology.ts";
import type { Sql } from "./sql-store.ts";

const TABLE = "CREATE TABLE IF NOT EXISTS meters (id INTEGER PRIMARY KEY CHECK (id = 1), json TEXT NOT NULL)";

export class MeterDesk {
  readonly #sql: Sql;
  readonly #warn: (line: string) => void;
  /** Null: not read yet. */
  #meters: Meters | null = null;

  /** `warn` takes a line for whoever runs the monitor. */
  constructor(sql: Sql, warn: (line: string) => void) {
    sql.all(TABLE);
    this.#sql = sql;
    this.#warn = warn;
  }

  /** Once for every round that was stored. Throws where the storage cannot be used, and then shows what it has. */
  count(topology: Topology, round: MeteredRound): void {
    const meters = meterRound(topology, this.read(), round);
    const json = JSON.stringify(meters);
    this.#sql.all("INSERT INTO meters (id, json) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET json = ?1", json);
    this.#meters = meters;
  }

  /** Meters that cannot be read begin anew, loudly. */
  read(): Meters {
    this.#meters ??= this.#believe(this.#sql.all("SELECT json FROM meters WHERE id = 1")[0]?.["json"]);
    return this.#meters;
  }

  #believe(json: unknown): Meters {
    if (typeof json !== "string") return NO_METERS;
    const parsed = parseMeters(json);
    if (parsed.ok) return parsed.value;
    const [first] = parsed.problems;
    this.#warn(`stored meters given up: ${first?.path ?? ""} ${first?.message ?? ""}`);
    return NO_METERS;
  }
}
