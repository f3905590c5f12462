// A Durable Object's SQLite that counts the rows it writes and reads, as Cloudflare bills them.
import type { Sql } from "../../monitor/wire/sql-store.ts";

export interface CountingSql {
  readonly sql: Sql;
  readonly written: () => number;
  readonly read: () => number;
}

export function countingSql(storage: DurableObjectStorage): CountingSql {
  let read = 0;
  let written = 0;
  const all: Sql["all"] = (statement, ...values) => {
    const cursor = storage.sql.exec(statement, ...values);
    const rows = cursor.toArray();
    written += cursor.rowsWritten;
    read += cursor.rowsRead;
    return rows;
  };
  return {
    sql: { all, transaction: (work) => storage.transactionSync(work) },
    written: () => written,
    read: () => read,
  };
}
