// The coordinator's storage: the SQLite of its Durable Object. One packed row per round keeps the rows written per day far
// below the free plan's 100,000.
import type { Store } from "../monitor/run/world.ts";
import { makeSqlStore, type Sql } from "../monitor/wire/sql-store.ts";

/** `roundsMax`: rounds in the ring; `ROUNDS_MAX` of `wire/sql-store.ts` unless given. */
export function makeEdgeStore(storage: DurableObjectStorage, roundsMax?: number): Store {
  return makeSqlStore(edgeSql(storage), roundsMax);
}

export function edgeSql(storage: DurableObjectStorage): Sql {
  return {
    all: (statement, ...values) => storage.sql.exec(statement, ...values).toArray(),
    transaction: (work) => storage.transactionSync(work),
  };
}
